"""What a macro changes, in the words of whoever is about to use it."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from tickets.choices import AssigneeAct, Priority, Status
from tickets.models import Macro
from tickets.queries.pickers import Choice, Pickers


def changes_in_words(macro: Macro, choices: Pickers) -> list[str]:
    """ "status: solved", "+vip"; in the order in which they are made."""
    return list(_changes(macro, choices))


def _changes(macro: Macro, choices: Pickers) -> Iterator[str]:
    if macro.set_category_id:
        yield _("category: %(name)s") % {"name": _label(choices.categories, macro.set_category_id)}
    if macro.set_team_id:
        yield _("team: %(name)s") % {"name": _label(choices.teams, macro.set_team_id)}
    if macro.set_assignee == AssigneeAct.ME:
        yield _("assigned to me")
    elif macro.set_assignee == AssigneeAct.NOBODY:
        yield _("assigned to nobody")
    if macro.set_priority:
        yield _("priority: %(name)s") % {"name": Priority(macro.set_priority).label}
    yield from (f"+{tag}" for tag in macro.add_tags)
    yield from (f"−{tag}" for tag in macro.remove_tags)
    if macro.set_status:
        yield _("status: %(name)s") % {"name": Status(macro.set_status).label}


def _label(choices: list[Choice], pk: int) -> str:
    return next((choice.label for choice in choices if choice.value == pk), "—")
