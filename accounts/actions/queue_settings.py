"""How somebody wants to see the queue. Their own choice: a person sets nobody else's."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from accounts.choices import Density
from accounts.models import User
from helpdesk.lib.errors import Invalid


def set_density(user: User, density: str) -> None:
    if density not in Density.values:
        raise Invalid({"density": _("Choose one of the list.")})
    user.density = density
    user.save(update_fields=["density"])


def set_queue_columns(user: User, columns: Sequence[str]) -> None:
    """``columns``: names that the queue knows; none: the usual ones."""
    user.queue_columns = list(columns)
    user.save(update_fields=["queue_columns"])
