"""What stands in a secret's place."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tickets.rules.secrets.findings import Finding


def mark(found: Finding) -> str:
    """``[removed: card number 411111••••••1111]``, in the language of the moment. No detector takes it
    for a secret."""
    what = f"{found.kind.label} {found.masked}".strip()
    return _("[removed: %(what)s]") % {"what": what}
