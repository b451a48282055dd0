"""The form that says what is to become of the chosen tickets: its fields, and what was typed into them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts import access
from accounts.models import User
from accounts.rules.capabilities import Capability
from tickets.choices import BulkAct, Priority, Status
from tickets.queries import pickers
from tickets.rules.intake import MAX_BODY
from tickets.rules.macros import SETTABLE

NOBODY = "none"
Options = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Field:
    """``kind``: select, line or text; ``language`` of what is typed, where it matters."""

    name: str
    title: str
    kind: str
    options: Options = ()
    language: str = ""
    hint: str = ""
    value: str = ""
    most: int = MAX_BODY


def act_named(text: str) -> BulkAct | None:
    return BulkAct(text) if text in BulkAct.values else None


def fields(act: BulkAct, user: User, post: QueryDict) -> list[Field]:
    """The act's fields, with what was typed."""
    made = _FIELDS[act](user)
    return [Field(**{**vars(one), "value": post.get(one.name, "")}) for one in made]


def names(act: BulkAct, user: User) -> list[str]:
    return [one.name for one in _FIELDS[act](user)]


def data(act: BulkAct, post: QueryDict) -> dict[str, Any]:
    """What was typed, in the shape that ``actions.bulk_readers`` reads and judges."""
    return _DATA[act](post)


def is_empty(act: BulkAct, user: User, post: QueryDict) -> bool:
    """Nothing was said yet, so there is nothing to complain of."""
    return not any(post.get(name, "").strip() for name in names(act, user))


def _select(name: str, title: str, options: Options) -> list[Field]:
    return [Field(name, title, "select", [("", _("Choose…")), *options])]


def _assignees(user: User) -> list[Field]:
    """Everybody, for those who may give cases away; else oneself and nobody."""
    everyone = [(str(worker.value), worker.label) for worker in pickers.load().colleagues(user)]
    others = [choice for choice in everyone if choice[0] != str(user.pk)]
    if not access.can(user, Capability.ASSIGN_OTHERS):
        others = []
    own = [(str(user.pk), _("me")), (NOBODY, _("nobody"))]
    return _select("assignee", _("Assignee"), [*own, *others])


def _teams(user: User) -> list[Field]:
    return _select("team", _("Team"), [(str(one.value), one.label) for one in pickers.load().teams])


def _statuses(user: User) -> list[Field]:
    return _select("status", _("Status"), _status_options())


def _status_options() -> Options:
    return [(status.value, str(status.label)) for status in SETTABLE]


def _priorities(user: User) -> list[Field]:
    options = [(priority.slug, str(priority.label)) for priority in reversed(Priority)]
    return _select("priority", _("Priority"), options)


def _categories(user: User) -> list[Field]:
    options = [(str(one.value), one.label) for one in pickers.load().categories]
    return _select("category", _("Category"), options)


def _tags(user: User) -> list[Field]:
    hint = _("Several with blanks between them.")
    return [Field("tags", _("Tags"), "line", hint=hint, most=400)]


def _macros(user: User) -> list[Field]:
    options = [(str(one.pk), one.name) for one in pickers.load().macros_of(user)]
    return _select("macro", _("Macro"), options)


def _reply(user: User) -> list[Field]:
    offered = [(one.value, str(one.label)) for one in (Status.OPEN, Status.PENDING, Status.SOLVED)]
    return [
        Field("zh", _("To those who are written to in Chinese"), "text", language="zh-hans"),
        Field("en", _("To those who are written to in English"), "text", language="en"),
        Field("then", _("and set"), "select", [("", _("the usual status")), *offered]),
    ]


def _note(user: User) -> list[Field]:
    return [Field("body", _("Internal note"), "text")]


_FIELDS: Mapping[BulkAct, Callable[[User], list[Field]]] = {
    BulkAct.ASSIGN: _assignees,
    BulkAct.TEAM: _teams,
    BulkAct.STATUS: _statuses,
    BulkAct.PRIORITY: _priorities,
    BulkAct.CATEGORY: _categories,
    BulkAct.ADD_TAGS: _tags,
    BulkAct.REMOVE_TAGS: _tags,
    BulkAct.MACRO: _macros,
    BulkAct.REPLY: _reply,
    BulkAct.NOTE: _note,
}


def _number(text: str) -> int:
    """0, which names nothing, for what is no number."""
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _tags_of(post: QueryDict) -> dict[str, Any]:
    text = post.get("tags", "").replace(",", " ").replace("，", " ").replace("、", " ")
    return {"tags": text.split()}


def _who(post: QueryDict) -> dict[str, Any]:
    text = post.get("assignee", "")
    return {"assignee": None if text == NOBODY else _number(text)}


_DATA: Mapping[BulkAct, Callable[[QueryDict], dict[str, Any]]] = {
    BulkAct.ASSIGN: _who,
    BulkAct.TEAM: lambda post: {"team": _number(post.get("team", ""))},
    BulkAct.STATUS: lambda post: {"status": post.get("status", "")},
    BulkAct.PRIORITY: lambda post: {"priority": post.get("priority", "")},
    BulkAct.CATEGORY: lambda post: {"category": _number(post.get("category", ""))},
    BulkAct.ADD_TAGS: _tags_of,
    BulkAct.REMOVE_TAGS: _tags_of,
    BulkAct.MACRO: lambda post: {"macro": _number(post.get("macro", ""))},
    BulkAct.REPLY: lambda post: {name: post.get(name, "") for name in ("zh", "en", "then")},
    BulkAct.NOTE: lambda post: {"body": post.get("body", "")},
}
