"""A page of the queue, in any order by any column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Left

from accounts.models import User
from tickets.choices import Visibility
from tickets.models import Message, Ticket
from tickets.models.tickets import TicketQuerySet
from tickets.queries.queue.grouped import ByCustomer, ByTag
from tickets.queries.queue.groups import GROUPS, grouped, grouped_few
from tickets.queries.queue.orders import Order, Sort, follow, place_of, read_place
from tickets.queries.queue.question import Question, find

PAGE_SIZE = 30
EXCERPT_CHARS = 120
#: So many are read and sorted as they are; of more, walking along an index finds a page soon.
FEW = 2_500

#: Plain columns: each has an index for what is open.
SORTS: Mapping[str, Sort] = {
    "due": Sort("due_at", nullable=True),
    "opened": Sort("created_at"),
    "updated": Sort("updated_at"),
    "heard": Sort("last_customer_message_at", nullable=True),
    "subject": Sort("subject"),
    "customer": Sort("customer_name"),
}
#: Those that have one for everything, what is over too.
EVERYWHERE = frozenset({"opened", "updated"})
#: What a great many tickets are shown in that no index sorts as was asked.
OTHERWISE = Sort("updated_at", descending=True)


@dataclass(frozen=True)
class Page:
    tickets: list[Ticket]
    #: Where the next page goes on; None on the last one.
    next: str | None
    #: Whether they are in the order that was asked for.
    is_sorted: bool = True


def page(user: User, question: Question, after: str = "", size: int = PAGE_SIZE) -> Page:
    """The next ``size`` tickets after the place that ``after`` names (an earlier page's ``next``)."""
    rows = find(user, question)
    order = order_of(user, question, rows)
    if order is None:
        found = page_of(rows, OTHERWISE, after, size)
        return Page(found.tickets, found.next, is_sorted=False)
    return page_of(rows, order, after, size)


def order_of(user: User, question: Question, rows: TicketQuerySet) -> Order | None:
    """How the question's tickets are walked; None where there are too many for the order that it asks for."""
    name, ended = question.sort, question.asks_for_ended
    if name in SORTS and (name in EVERYWHERE or not ended):
        return _plain(question)
    if name == "tags" and not ended:
        return ByTag(question.descending)
    few = are_few(rows)
    if ended and not few:
        return None
    if name == "customer":
        return ByCustomer(question.descending)
    if name in GROUPS:
        return grouped_few(name, question) if few else grouped(name, user, question)
    return ByTag(question.descending) if name == "tags" else _plain(question)


def _plain(question: Question) -> Sort:
    known = SORTS[question.sort]
    return Sort(known.field, question.descending, known.nullable)


def are_few(rows: TicketQuerySet) -> bool:
    try:
        sql, params = rows.order_by().values("pk")[: FEW + 1].query.sql_with_params()
    except EmptyResultSet:  # no team, say
        return True
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({sql}) counted", params)  # noqa: S608 - the ORM wrote it  # nosec B608
        [(count,)] = cursor.fetchall()
    return bool(count <= FEW)


def page_of(rows: TicketQuerySet, order: Order, after: str = "", size: int = PAGE_SIZE) -> Page:
    found = follow(order, rows, read_place(order, after), size + 1)
    ids = [ticket.pk for ticket in found[:size]]
    last = found[size - 1] if len(found) > size else None
    return Page(in_this_order(ids), place_of(order, last) if last is not None else None)


def in_this_order(ids: Sequence[int]) -> list[Ticket]:
    """The tickets as a row of the queue shows them; one that was deleted meanwhile is missing."""
    rows = {ticket.pk: ticket for ticket in with_columns(Ticket.objects.filter(pk__in=ids))} if ids else {}
    return [rows[pk] for pk in ids if pk in rows]


def with_columns(rows: TicketQuerySet) -> TicketQuerySet:
    """Just what a row of the queue shows."""
    last = (
        Message.objects.standing().filter(ticket=OuterRef("pk"), visibility=Visibility.PUBLIC).order_by("-pk")
    )
    return (
        rows.select_related("customer", "category", "assignee", "brand", "team")
        .annotate(excerpt=Subquery(last.values(text=Left("body", EXCERPT_CHARS))[:1]))
        .only(
            *("number", "subject", "status", "priority", "due_at", "created_at", "updated_at", "tags"),
            *("last_customer_message_at", "last_staff_message_at", "is_breached", "channel", "is_complaint"),
            *("language", "version", "customer__name", "customer__email", "customer__phone"),
            *("category__name_zh", "category__name_en", "assignee__name", "assignee__email"),
            *("brand__name_zh", "brand__name_en", "brand__accent", "brand__slug"),
            *("team__name_zh", "team__name_en"),
        )
    )
