"""What a bulk act would do, before it is asked for: by the same rules, and nothing is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from accounts.models import User
from accounts.rules.capabilities import Capability
from helpdesk.lib.errors import DomainError
from tickets.actions.bulk_acts import Act, ApplyMacro, Note, Reply
from tickets.actions.bulk_gate import Gate
from tickets.actions.bulk_items import in_words
from tickets.actions.send_gate import HeldBack
from tickets.actors import Actor
from tickets.choices import Visibility
from tickets.models import Category, Message, Ticket

CHUNK = 2_000
#: So many tickets are named for each reason, and so many texts are shown.
NAMED = 5
TEXTS = 3


@dataclass
class Refused:
    """Tickets that would be refused for one reason; the first few are named."""

    why: str
    count: int = 0
    tickets: list[Ticket] = field(default_factory=list)


@dataclass
class Outlook:
    will: int = 0
    has: int = 0
    refused: dict[str, Refused] = field(default_factory=dict)
    #: The first that would be written to, at least one in each language.
    examples: list[Ticket] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.will + self.has + self.refusals

    @property
    def refusals(self) -> int:
        return sum(reason.count for reason in self.refused.values())


def outlook(tickets: Sequence[int], act: Act, *, by: Actor) -> Outlook:
    """``tickets``: the ids of those that the actor may see."""
    by.require(Capability.WORK_TICKETS)
    found, gate = Outlook(), Gate(act, by)
    for ticket in _loaded(tickets):
        if act.has(ticket, by):
            found.has += 1
            continue
        try:
            act.check(ticket, by)
            gate.check(ticket)
        except HeldBack as problem:
            _count(found, ticket, problem.why())
        except DomainError as problem:
            _count(found, ticket, in_words(problem))
        else:
            found.will += 1
            _keep_example(found, ticket)
    return found


def _count(found: Outlook, ticket: Ticket, why: str) -> None:
    reason = found.refused.setdefault(why, Refused(why))
    reason.count += 1
    if len(reason.tickets) < NAMED:
        reason.tickets.append(ticket)


def _keep_example(found: Outlook, ticket: Ticket) -> None:
    shown = found.examples
    if len(shown) < TEXTS and (
        len(shown) < TEXTS - 1 or ticket.language not in {one.language for one in shown}
    ):
        shown.append(ticket)


def texts(found: Outlook, act: Act, *, by: Actor) -> list[tuple[Ticket, str]]:
    """What would be said on the first few, each in its customer's language."""
    if not isinstance(act, Reply | Note | ApplyMacro) or (
        isinstance(act, ApplyMacro) and not act.macro.has_text
    ):
        return []
    rows = Ticket.objects.select_related("brand", "customer", "category__parent__parent")
    tickets = rows.in_bulk([ticket.pk for ticket in found.examples])
    return [(tickets[one.pk], act.text_for(tickets[one.pk], by)) for one in found.examples]


def last_seen(tickets: Sequence[int]) -> dict[int, int]:
    """By ticket, its last public message as of now. By the index ``message_by_ticket``."""
    rows = Message.objects.standing().filter(ticket_id__in=tickets, visibility=Visibility.PUBLIC)
    newest = rows.order_by("ticket_id", "-pk").distinct("ticket_id")
    return dict(newest.values_list("ticket_id", "pk"))


def _loaded(tickets: Sequence[int]) -> Iterator[Ticket]:
    """The rows alone; whom and what they name is loaded once for all that name it."""
    categories = {row.pk: row for row in Category.objects.select_related("parent__parent")}
    people: dict[int, User] = {}
    for start in range(0, len(tickets), CHUNK):
        rows = Ticket.objects.in_bulk(tickets[start : start + CHUNK])
        unknown = {row.assignee_id for row in rows.values() if row.assignee_id} - people.keys()
        people.update(User.objects.in_bulk(unknown))
        for pk in tickets[start : start + CHUNK]:
            if pk in rows:
                ticket = rows[pk]
                ticket.category = categories.get(ticket.category_id or 0)
                ticket.assignee = people.get(ticket.assignee_id or 0)
                yield ticket
