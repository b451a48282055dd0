"""What may be done to many tickets at once: each act knows what it would do to one, and does it by the usual verbs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import gettext as _

from accounts.models import Team, User
from helpdesk.lib.errors import Invalid
from helpdesk.lib.localized import suffix
from tickets.actions import assignment, macros, messages, tickets
from tickets.actions.changes import Keep
from tickets.actions.correspondence import refuse_unproved
from tickets.actions.status import change_status, check_move, refuse_if_merged
from tickets.actors import Actor
from tickets.choices import BulkAct, Priority, Status
from tickets.models import Category, Macro, Ticket
from tickets.queries.macros import filled, text_of


@dataclass(frozen=True)
class Context:
    """``seen``: the last message of the ticket that the author knew of; ``key`` names the act on this one ticket."""

    by: Actor
    seen: int | None = None
    key: str = ""


class Act(Protocol):
    def has(self, ticket: Ticket, by: Actor) -> bool:
        """Whether there is nothing to do: it is so already."""

    def check(self, ticket: Ticket, by: Actor) -> None:
        """Raise what ``do`` would; write nothing."""

    def do(self, ticket: Ticket, context: Context) -> None: ...


@dataclass(frozen=True)
class Assign:
    to: User | None

    def has(self, ticket: Ticket, by: Actor) -> bool:
        return ticket.assignee_id == (self.to.pk if self.to else None)

    def check(self, ticket: Ticket, by: Actor) -> None:
        refuse_if_merged(ticket)
        assignment.check_assignment(ticket, to=self.to, by=by)

    def do(self, ticket: Ticket, context: Context) -> None:
        assignment.assign(ticket, to=self.to, by=context.by)


@dataclass(frozen=True)
class Move:
    team: Team

    def has(self, ticket: Ticket, by: Actor) -> bool:
        return ticket.team_id == self.team.pk

    def check(self, ticket: Ticket, by: Actor) -> None:
        refuse_if_merged(ticket)

    def do(self, ticket: Ticket, context: Context) -> None:
        assignment.move_to_team(ticket, team=self.team, by=context.by)


@dataclass(frozen=True)
class SetStatus:
    to: Status

    def has(self, ticket: Ticket, by: Actor) -> bool:
        return ticket.status == self.to

    def check(self, ticket: Ticket, by: Actor) -> None:
        check_move(ticket, to=self.to, by=by)

    def do(self, ticket: Ticket, context: Context) -> None:
        change_status(ticket, to=self.to, by=context.by)


@dataclass(frozen=True)
class SetPriority:
    priority: Priority

    def has(self, ticket: Ticket, by: Actor) -> bool:
        return ticket.priority == self.priority

    def check(self, ticket: Ticket, by: Actor) -> None:
        refuse_if_merged(ticket)

    def do(self, ticket: Ticket, context: Context) -> None:
        tickets.set_priority(ticket, priority=self.priority, by=context.by)


@dataclass(frozen=True)
class SetCategory:
    category: Category
    offered_by: frozenset[int]

    def has(self, ticket: Ticket, by: Actor) -> bool:
        return ticket.category_id == self.category.pk

    def check(self, ticket: Ticket, by: Actor) -> None:
        refuse_if_merged(ticket)
        tickets.check_category(ticket, offered_by=self.offered_by)

    def do(self, ticket: Ticket, context: Context) -> None:
        tickets.set_category(ticket, category=self.category, by=context.by)


@dataclass(frozen=True)
class ChangeTags:
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()

    def _after(self, ticket: Ticket) -> list[str] | None:
        return macros.tags_after(ticket.tags, add=self.add, remove=self.remove)

    def has(self, ticket: Ticket, by: Actor) -> bool:
        return not set(self.add) - set(ticket.tags) and not set(self.remove) & set(ticket.tags)

    def check(self, ticket: Ticket, by: Actor) -> None:
        refuse_if_merged(ticket)
        self._after(ticket)

    def do(self, ticket: Ticket, context: Context) -> None:
        wanted = self._after(ticket)
        if wanted is not None:
            tickets.set_tags(ticket, tags=wanted, by=context.by)


@dataclass(frozen=True)
class ApplyMacro:
    macro: Macro
    offered_by: frozenset[int]

    def has(self, ticket: Ticket, by: Actor) -> bool:
        """Only where it says nothing: the same text again is another message."""
        return not self.macro.has_text and self._changes_nothing(ticket, by)

    def _changes_nothing(self, ticket: Ticket, by: Actor) -> bool:
        wanted = macros.changes_of(self.macro, ticket, by=by)
        return (
            wanted.status in (None, ticket.status)
            and wanted.priority in (None, ticket.priority)
            and (wanted.category is None or wanted.category.pk == ticket.category_id)
            and (wanted.team is None or wanted.team.pk == ticket.team_id)
            and (wanted.assignee is Keep.AS_IS or wanted.assignee == ticket.assignee)
            and wanted.tags is None
        )

    def check(self, ticket: Ticket, by: Actor) -> None:
        macros.check(ticket, self.macro, by=by, offered_by=self.offered_by)

    def do(self, ticket: Ticket, context: Context) -> None:
        macros.apply(ticket, self.macro, by=context.by, seen=context.seen, origin_key=context.key)

    def text_for(self, ticket: Ticket, by: Actor) -> str:
        return text_of(self.macro, ticket, by.user)


@dataclass(frozen=True)
class Reply:
    """``texts``: by language, "zh" and "en". Nobody is answered in a language that is not theirs."""

    texts: Mapping[str, str]
    then: Status | None = None

    def has(self, ticket: Ticket, by: Actor) -> bool:
        return False

    def check(self, ticket: Ticket, by: Actor) -> None:
        self.text_for(ticket, by)
        refuse_if_merged(ticket)
        refuse_unproved(ticket)
        if self.then is not None and ticket.status != self.then:
            check_move(ticket, to=self.then, by=by)

    def text_for(self, ticket: Ticket, by: Actor) -> str:
        text = self.texts.get(suffix(ticket.language), "")
        if not text:
            raise Invalid({"body": _NO_TEXT[suffix(ticket.language)]()})
        return filled(text, ticket, by.user)

    def do(self, ticket: Ticket, context: Context) -> None:
        text = self.text_for(ticket, context.by)
        messages.reply(
            ticket, body=text, by=context.by, then=self.then, seen=context.seen, origin_key=context.key
        )


_NO_TEXT: Mapping[str, Callable[[], str]] = {
    "zh": lambda: _("The customer is written to in Chinese, and there is no text in Chinese."),
    "en": lambda: _("The customer is written to in English, and there is no text in English."),
}


@dataclass(frozen=True)
class Note:
    body: str

    def has(self, ticket: Ticket, by: Actor) -> bool:
        return False

    def check(self, ticket: Ticket, by: Actor) -> None:
        """Whoever works on the ticket may write one, on a merged case too."""

    def text_for(self, ticket: Ticket, by: Actor) -> str:
        return filled(self.body, ticket, by.user)

    def do(self, ticket: Ticket, context: Context) -> None:
        messages.note(ticket, body=self.text_for(ticket, context.by), by=context.by, origin_key=context.key)


#: What is said to the customer: whether they wrote meanwhile matters.
SAYING = (BulkAct.REPLY, BulkAct.MACRO)
