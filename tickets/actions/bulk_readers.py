"""From what a bulk act's row keeps, or a form said, to the act. What it names must be there, and be meant for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Team, User
from helpdesk.lib.errors import Invalid
from tickets.actions import tickets
from tickets.actions.bulk_acts import (
    Act,
    ApplyMacro,
    Assign,
    ChangeTags,
    Move,
    Note,
    Reply,
    SetCategory,
    SetPriority,
    SetStatus,
)
from tickets.actions.intake import checked_body
from tickets.choices import BulkAct, Priority, Status
from tickets.models import Category, Macro
from tickets.rules.macros import SETTABLE, unknown_blanks
from tickets.rules.secrets.guard import guard
from tickets.rules.secrets.words import in_words

Data = Mapping[str, Any]


def act_of(kind: BulkAct, data: Data) -> Act:
    """The act that a run's ``data`` describes. Raises Invalid where that makes no sense (any more)."""
    return _READERS[kind](data)


def _assign(data: Data) -> Act:
    pk = data.get("assignee")
    return Assign(None if pk is None else _found("assignee", User.objects.filter(pk=pk, is_active=True)))


def _move(data: Data) -> Act:
    return Move(_found("team", Team.objects.filter(pk=data.get("team") or 0, is_active=True)))


def _status(data: Data) -> Act:
    return SetStatus(_status_named("status", data.get("status")))


def _status_named(name: str, value: object) -> Status:
    if value not in SETTABLE:
        raise Invalid({name: _choose()})
    return Status(str(value))


def _priority(data: Data) -> Act:
    try:
        return SetPriority(Priority.from_slug(str(data.get("priority", ""))))
    except KeyError:
        raise Invalid({"priority": _choose()}) from None


def _category(data: Data) -> Act:
    rows = Category.objects.select_related("parent__parent")
    category = _found("category", rows.filter(pk=data.get("category") or 0, is_active=True))
    return SetCategory(category, _brands_of(category))


def _brands_of(category: Category | None) -> frozenset[int]:
    return frozenset(category.brands.values_list("pk", flat=True)) if category else frozenset()


def _tags(data: Data) -> tuple[str, ...]:
    cleaned = tuple(tickets.clean_tags([str(tag) for tag in data.get("tags", [])]))
    if not cleaned:
        raise Invalid({"tags": _("Write at least one tag.")})
    return cleaned


def _macro(data: Data) -> Act:
    rows = Macro.objects.select_related("set_category__parent__parent", "set_team")
    macro = _found("macro", rows.filter(pk=data.get("macro") or 0, is_active=True))
    return ApplyMacro(macro, _brands_of(macro.set_category))


def _reply(data: Data) -> Act:
    typed = {name: str(data.get(name, "")) for name in ("zh", "en")}
    if not any(text.strip() for text in typed.values()):
        raise Invalid({"zh": _("Write what you want to say, in one language at least.")})
    texts = {name: admit_text(text, field=name) for name, text in typed.items() if text.strip()}
    return Reply(texts, _status_named("then", data["then"]) if data.get("then") else None)


def _note(data: Data) -> Act:
    return Note(admit_text(str(data.get("body", "")), field="body"))


def admit_text(text: str, *, field: str) -> str:
    """A text with blanks. Raises Invalid where it is empty, too long, or holds a secret or an unknown blank."""
    admitted = checked_body(text, field=field)
    if kinds := guard(admitted).kinds:
        raise Invalid({field: in_words(kinds)})
    unknown = unknown_blanks(admitted)
    if unknown:
        words = _("{%(word)s} is not known and would stay as it is.")
        raise Invalid({field: words % {"word": unknown[0]}})
    return admitted


def _choose() -> str:
    return _("Choose one of the list.")


def _found(name: str, rows: Any) -> Any:
    row = rows.first()
    if row is None:
        raise Invalid({name: _choose()})
    return row


_READERS: Mapping[BulkAct, Callable[[Data], Act]] = {
    BulkAct.ASSIGN: _assign,
    BulkAct.TEAM: _move,
    BulkAct.STATUS: _status,
    BulkAct.PRIORITY: _priority,
    BulkAct.CATEGORY: _category,
    BulkAct.ADD_TAGS: lambda data: ChangeTags(add=_tags(data)),
    BulkAct.REMOVE_TAGS: lambda data: ChangeTags(remove=_tags(data)),
    BulkAct.MACRO: _macro,
    BulkAct.REPLY: _reply,
    BulkAct.NOTE: _note,
}
