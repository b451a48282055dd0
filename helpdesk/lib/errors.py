"""What may go wrong on purpose: every refusal a verb can give, rendered by each door in its own way.

A door shows ``message`` (translated when shown) and, where there are some, ``fields``: field name to message.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class DomainError(Exception):
    """A refusal with a stable ``code`` for machines and a ``message`` for people; ``status`` is its HTTP meaning."""

    code = "refused"
    status = 400
    message: Text = _("This cannot be done.")

    def __init__(self, message: Text | None = None, **extra: Any) -> None:
        if message is not None:
            self.message = message
        self.extra = extra
        super().__init__(str(self.code))

    def __str__(self) -> str:
        return str(self.message)


class NotAllowed(DomainError):
    code = "not_allowed"
    status = 403
    message = _("You may not do this.")


class Invalid(DomainError):
    """Bad input; ``fields`` maps a field name to what is wrong with it and how to mend it."""

    code = "invalid"
    status = 422
    message = _("Please check what you entered.")

    def __init__(self, fields: Mapping[str, Text], message: Text | None = None) -> None:
        super().__init__(message)
        self.fields = dict(fields)


class Conflict(DomainError):
    """Somebody else was there first; nothing was written."""

    code = "conflict"
    status = 409
    message = _("Somebody else changed this meanwhile. Please look again before you go on.")
