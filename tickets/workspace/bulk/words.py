"""Bulk acts in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tickets.choices import BulkAct, BulkItemState, Priority, Status
from tickets.models import BulkRun
from tickets.queries import pickers

#: What stands on a button of the queue's bar, and its sign.
BUTTONS: Mapping[BulkAct, tuple[str, Callable[[], str]]] = {
    BulkAct.ASSIGN: ("person_add", lambda: _("Assign")),
    BulkAct.STATUS: ("flag", lambda: _("Status")),
    BulkAct.PRIORITY: ("priority_high", lambda: _("Priority")),
    BulkAct.TEAM: ("groups", lambda: _("Team")),
    BulkAct.CATEGORY: ("category", lambda: _("Category")),
    BulkAct.ADD_TAGS: ("new_label", lambda: _("Add tags")),
    BulkAct.REMOVE_TAGS: ("label_off", lambda: _("Remove tags")),
    BulkAct.MACRO: ("bolt", lambda: _("Macro")),
    BulkAct.REPLY: ("reply", lambda: _("Reply")),
    BulkAct.NOTE: ("sticky_note_2", lambda: _("Note")),
}


def buttons() -> list[tuple[str, str, str]]:
    """(value, sign, title) of each act."""
    return [(act.value, sign, title()) for act, (sign, title) in BUTTONS.items()]


def cases(count: int) -> str:
    return ngettext("%(count)s case", "%(count)s cases", count) % {"count": f"{count:,}"}


def described(act: BulkAct | str, data: Mapping[str, Any]) -> str:
    """ "set the status: solved"."""
    kind = BulkAct(act)
    told = _TOLD[kind](data) if kind in _TOLD else ""
    return f"{kind.label}{_(': ')}{told}" if told else str(kind.label)


def title_of(run: BulkRun) -> str:
    return described(run.act, run.data)


def _chosen(choices: list[pickers.Choice] | list[pickers.Worker], value: object) -> str:
    return next((one.label for one in choices if one.value == value), "—")


def _assignee(data: Mapping[str, Any]) -> str:
    return _("nobody") if data["assignee"] is None else _chosen(pickers.load().workers, data["assignee"])


def _macro(data: Mapping[str, Any]) -> str:
    return next((one.name for one in pickers.load().every_macro if one.pk == data["macro"]), "—")


_TOLD: Mapping[BulkAct, Callable[[Mapping[str, Any]], str]] = {
    BulkAct.ASSIGN: _assignee,
    BulkAct.TEAM: lambda data: _chosen(pickers.load().teams, data["team"]),
    BulkAct.STATUS: lambda data: str(Status(data["status"]).label),
    BulkAct.PRIORITY: lambda data: str(Priority.from_slug(data["priority"]).label),
    BulkAct.CATEGORY: lambda data: _chosen(pickers.load().categories, data["category"]),
    BulkAct.ADD_TAGS: lambda data: " ".join(data["tags"]),
    BulkAct.REMOVE_TAGS: lambda data: " ".join(data["tags"]),
    BulkAct.MACRO: _macro,
}

_COUNTED: Mapping[BulkItemState, Callable[[], str]] = {
    BulkItemState.DONE: lambda: _("%(count)s changed"),
    BulkItemState.UNDONE: lambda: _("%(count)s undone"),
    BulkItemState.KEPT: lambda: _("%(count)s left as they are"),
    BulkItemState.SKIPPED: lambda: _("%(count)s not touched"),
    BulkItemState.FAILED: lambda: _("%(count)s refused"),
    BulkItemState.WAITING: lambda: _("%(count)s waiting"),
}


def counted(counts: Mapping[str, int]) -> list[str]:
    """ "3 changed", "1 refused": what there is of each, the most telling first."""
    return [
        words() % {"count": f"{counts[state]:,}"} for state, words in _COUNTED.items() if counts.get(state)
    ]
