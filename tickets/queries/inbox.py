"""The agents' queue: which tickets a view holds, in which order, a page at a time, and how many there are.

Pages go on where the last one ended (keyset), so that page 50 costs what page 1 costs and a ticket that moves
meanwhile is neither shown twice nor skipped over unseen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.core.exceptions import EmptyResultSet, ValidationError
from django.db import connection, models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Left

from accounts.models import User
from helpdesk.lib import clock
from tickets.choices import Visibility
from tickets.models import Category, Message, Ticket
from tickets.models.tickets import ACTIVE, TicketQuerySet

PAGE_SIZE = 30
COUNT_LIMIT = 10_000
COUNTS_SECONDS = 15
DUE_SOON = timedelta(hours=4)
EXCERPT_CHARS = 120


class View(models.TextChoices):
    MINE = "mine"
    UNASSIGNED = "unassigned"
    TEAM = "team"
    DUE = "due"
    ALL = "all"


@dataclass(frozen=True)
class Sort:
    """Order by one column, the id behind it; ``nullable`` columns keep their empty ones for the end."""

    field: str
    descending: bool = False
    nullable: bool = False

    @property
    def ordering(self) -> list[str]:
        sign = "-" if self.descending else ""
        return list(dict.fromkeys([f"{sign}{self.field}", f"{sign}id"]))


#: The sorts that an address may name, each with an index behind it.
SORTS: Mapping[str, Sort] = {
    "due": Sort("due_at", nullable=True),
    "opened": Sort("created_at"),
    "updated": Sort("updated_at"),
    "priority": Sort("priority"),
    "status": Sort("status"),
    "subject": Sort("subject"),
}
DEFAULT_SORT = "due"
#: Any status, active or not.
ANY_STATUS = "any"


@dataclass(frozen=True)
class Question:
    """What an address of the queue asks for; empty strings ask for nothing."""

    view: str = View.ALL
    status: str = ""
    priority: int | None = None
    category: int | None = None
    brand: int | None = None
    assignee: int | None = None
    unassigned: bool = False
    channel: str = ""
    tag: str = ""
    sort: str = DEFAULT_SORT
    descending: bool = False

    @property
    def order(self) -> Sort:
        return replace(SORTS[self.sort], descending=self.descending)


@dataclass(frozen=True)
class Page:
    tickets: list[Ticket]
    #: Where the next page goes on; None on the last one.
    next: str | None


def find(user: User, question: Question) -> TicketQuerySet:
    """The tickets that the user may see and the question asks for, in no order."""
    rows = in_view(Ticket.objects.visible_to(user), user, question.view)
    if question.status == ANY_STATUS:
        pass
    elif question.status:
        rows = rows.filter(status=question.status)
    else:
        rows = rows.filter(ACTIVE)
    return rows.filter(**_equal(question))


def in_view(rows: TicketQuerySet, user: User, view: str) -> TicketQuerySet:
    if view == View.MINE:
        return rows.filter(assignee_id=user.pk)
    if view == View.UNASSIGNED:
        return rows.filter(assignee=None)
    if view == View.TEAM:
        return rows.filter(team_id__in=user.team_ids)
    if view == View.DUE:
        return rows.filter(due_at__lte=clock.now() + DUE_SOON)
    return rows


def _equal(question: Question) -> dict[str, Any]:
    wanted: dict[str, Any] = {
        "priority": question.priority,
        "brand_id": question.brand,
        "assignee_id": question.assignee,
        "channel": question.channel or None,
        "tags__contains": [question.tag] if question.tag else None,
        "assignee__isnull": question.unassigned or None,
        "category_id__in": _branch(question.category) if question.category is not None else None,
    }
    return {name: value for name, value in wanted.items() if value is not None}


def _branch(category: int) -> list[int]:
    """The category and all below it: whoever asks for security incidents means every kind of them."""
    below = Q(pk=category) | Q(parent=category) | Q(parent__parent=category)
    return list(Category.objects.filter(below).values_list("pk", flat=True))


def page_of(rows: TicketQuerySet, sort: Sort, after: str = "", size: int = PAGE_SIZE) -> Page:
    """The next ``size`` tickets after the place that ``after`` names (an earlier page's ``next``)."""
    found = _following(rows, sort, _read_place(sort, after), size + 1)
    more = len(found) > size
    tickets = found[:size]
    return Page(tickets, _place(sort, tickets[-1]) if more else None)


def _following(rows: TicketQuerySet, sort: Sort, place: tuple[Any, int] | None, limit: int) -> list[Ticket]:
    """Those with a value in order, then those without one: each part is a plain walk along an index."""
    found: list[Ticket] = []
    rows = with_columns(rows)
    if place is None or place[0] is not None:
        valued = rows.filter(**{f"{sort.field}__isnull": False}) if sort.nullable else rows
        if place is not None:
            valued = valued.filter(_beyond(sort, *place))
        found = list(valued.order_by(*sort.ordering)[:limit])
    if sort.nullable and len(found) < limit:
        empty = rows.filter(**{f"{sort.field}__isnull": True})
        if place is not None and place[0] is None:
            empty = empty.filter(_beyond_id(sort, place[1]))
        found += empty.order_by("-id" if sort.descending else "id")[: limit - len(found)]
    return found


def _beyond(sort: Sort, value: Any, pk: int) -> Q:
    """Written so that an index can start at the place: a range first, the ties after."""
    way = "lt" if sort.descending else "gt"
    if sort.field == "id":
        return _beyond_id(sort, pk)
    return Q(**{f"{sort.field}__{way}e": value}) & (
        Q(**{f"{sort.field}__{way}": value}) | _beyond_id(sort, pk)
    )


def _beyond_id(sort: Sort, pk: int) -> Q:
    return Q(pk__lt=pk) if sort.descending else Q(pk__gt=pk)


def _place(sort: Sort, ticket: Ticket) -> str:
    value = getattr(ticket, sort.field)
    if sort.field == "id":
        return f"{ticket.pk}.id"
    text = value.isoformat() if isinstance(value, datetime) else "" if value is None else str(value)
    return f"{ticket.pk}.{text}"


def _read_place(sort: Sort, after: str) -> tuple[Any, int] | None:
    """What an address says may be nonsense: then it is the first page."""
    pk, dot, text = after.partition(".")
    if not dot or not pk.isdecimal() or len(pk) > 18:
        return None
    if sort.field == "id":
        return (int(pk), int(pk))
    if text == "":
        return (None, int(pk)) if sort.nullable else None
    column = Ticket._meta.get_field(sort.field)
    assert isinstance(column, models.Field)
    try:
        return column.to_python(text), int(pk)
    except (ValidationError, ValueError):
        return None


def with_columns(rows: TicketQuerySet) -> TicketQuerySet:
    """Just what a row of the queue shows."""
    last = (
        Message.objects.standing().filter(ticket=OuterRef("pk"), visibility=Visibility.PUBLIC).order_by("-pk")
    )
    return (
        rows.select_related("customer", "category", "assignee", "brand")
        .annotate(excerpt=Subquery(last.values(text=Left("body", EXCERPT_CHARS))[:1]))
        .only(
            *("number", "version", "subject", "status", "priority", "due_at", "created_at", "updated_at", "tags"),
            *("last_customer_message_at", "last_staff_message_at", "is_breached", "channel", "is_complaint"),
            *("customer__name", "customer__email", "customer__phone"),
            *("category__name_zh", "category__name_en", "assignee__name", "assignee__email"),
            *("brand__name_zh", "brand__name_en", "brand__accent", "brand__slug"),
        )
    )


def counts(user: User) -> dict[str, int]:
    """How many open tickets each view holds, counted to COUNT_LIMIT + 1; remembered for some seconds."""
    key = _counts_key(user)
    known: dict[str, int] | None = cache.get(key)
    if known is None:
        known = _count(user)
        cache.set(key, known, COUNTS_SECONDS)
    return known


def forget_counts(user: User) -> None:
    """After the user changed something: their own act must show at once."""
    cache.delete(_counts_key(user))


def _counts_key(user: User) -> str:
    return f"queue-counts:{user.pk}"


def _count(user: User) -> dict[str, int]:
    """Every view in one round trip; none is counted further than the limit."""
    parts: list[str] = []
    params: list[Any] = []
    for view in View:
        rows = in_view(Ticket.objects.visible_to(user), user, view).filter(ACTIVE).order_by()
        try:
            sql, values = rows.values("pk")[: COUNT_LIMIT + 1].query.sql_with_params()
        except EmptyResultSet:  # no team, say
            sql, values = "SELECT 1 WHERE false", ()
        parts.append(f"(SELECT count(*) FROM ({sql}) counted)")  # noqa: S608 - the ORM wrote it
        params += values
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(parts), params)
        found: Sequence[int] = cursor.fetchone()
    return {str(view): number for view, number in zip(View, found, strict=True)}
