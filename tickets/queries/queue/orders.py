"""The orders of the queue. Each is a row of walks along an index, one after the other, so that a page deep inside costs
what the first one costs: a page goes on where the last one ended (keyset), at the place that its last ticket had.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import BooleanField, F, Func, Q, Value

from accounts.rules.contacts_in_texts import contacts_in
from helpdesk.lib.sealed import Unreadable, seal, unseal
from tickets.models import Ticket
from tickets.models.tickets import TicketQuerySet

#: Between the parts of a place; what is free text comes last.
BETWEEN = "|"
#: Before a place that may not be read.
SEALED, PLACE = "~", "place in the queue"


class RowComparison(Func):
    """``(a, b) > (1, 2)``. As one comparison an index can start at the place, and the planner knows how many follow:
    the same said with AND and OR it takes for next to nothing, and reads them all to sort them.
    """

    output_field = BooleanField()

    def __init__(self, sign: str, values: Mapping[str, Any]) -> None:
        super().__init__(*(F(key) for key in values), *(Value(value) for value in values.values()))
        self.sign = sign

    def as_sql(
        self, compiler: Any, connection: Any, *_args: Any, **_extra: Any
    ) -> tuple[str, tuple[Any, ...]]:
        parts = [compiler.compile(part) for part in self.get_source_expressions()]
        half = len(parts) // 2
        left, right = (", ".join(sql for sql, _ in side) for side in (parts[:half], parts[half:]))
        params = tuple(value for _, values in parts for value in values)
        return f"({left}) {self.sign} ({right})", params


@dataclass(frozen=True)
class Walk:
    """A part of the queue in the order of ``keys``, the id behind them. ``descending`` turns all of them around."""

    where: Q
    keys: tuple[str, ...] = ()
    descending: bool = False
    #: A column that is empty in all of them: said in the order all the same, or the index that begins with it is not
    #: known to be in order.
    empty: str = ""
    #: Adds what the keys name, where they are no columns.
    annotate: Callable[[TicketQuerySet], TicketQuerySet] | None = None

    def rows(self, rows: TicketQuerySet, after: tuple[Any, ...] | None, pk: int) -> TicketQuerySet:
        """Its tickets behind the one that had the values ``after`` and the id ``pk``; all, if there was none."""
        if self.annotate is not None:
            rows = self.annotate(rows)
        rows = rows.filter(self.where)
        if after is not None:
            rows = rows.filter(self._beyond(after, pk))
        sign = "-" if self.descending else ""
        named = dict.fromkeys(key for key in (self.empty, *self.keys, "id") if key)
        return rows.order_by(*(f"{sign}{key}" for key in named))

    def _beyond(self, after: tuple[Any, ...], pk: int) -> RowComparison:
        return RowComparison(
            "<" if self.descending else ">", {**dict(zip(self.keys, after, strict=True)), "id": pk}
        )


@dataclass(frozen=True)
class Start:
    """Where a page begins: within which walk, behind which values."""

    walk: int
    after: tuple[Any, ...] | None = None
    pk: int = 0


BEGINNING = Start(0)


class Order(Protocol):
    @property
    def needs(self) -> Sequence[str]:
        """The columns by which a place is told."""
        ...

    def walks(self) -> Sequence[Walk]: ...

    def place(self, ticket: Ticket) -> str:
        """Where the ticket stands, as an address holds it."""
        ...

    def start(self, text: str, pk: int) -> Start | None:
        """None for what makes no sense."""
        ...


@dataclass(frozen=True)
class Sort:
    """By one column; ``nullable`` ones keep their empty ones for the end."""

    field: str
    descending: bool = False
    nullable: bool = False

    @property
    def needs(self) -> Sequence[str]:
        return (self.field,)

    def walks(self) -> Sequence[Walk]:
        if not self.nullable:
            return [Walk(Q(), (self.field,) if self.field != "id" else (), self.descending)]
        named = {f"{self.field}__isnull": False}
        empty = {f"{self.field}__isnull": True}
        return [
            Walk(Q(**named), (self.field,), self.descending),
            Walk(Q(**empty), (), self.descending, empty=self.field),
        ]

    def place(self, ticket: Ticket) -> str:
        return "id" if self.field == "id" else text_of(getattr(ticket, self.field))

    def start(self, text: str, pk: int) -> Start | None:
        if self.field == "id":
            return Start(0, (), pk)
        if text == "" and self.nullable:
            return Start(1, (), pk)
        value = value_of(self.field, text)
        return None if value is None else Start(0, (value,), pk)


def text_of(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    return "" if value is None else str(value)


def value_of(field: str, text: str) -> Any:
    """A column's value out of an address; None for nonsense."""
    column = Ticket._meta.get_field(field)
    assert isinstance(column, models.Field)
    try:
        return column.to_python(text)
    except (ValidationError, ValueError):
        return None


#: What stands within a value of an order by few values, or behind those that have none: the most urgent first.
def by_due(where: Q) -> list[Walk]:
    return [
        Walk(where & Q(due_at__isnull=False), ("due_at",)),
        Walk(where & Q(due_at=None), empty="due_at"),
    ]


def start_by_due(first: int, due: str, pk: int) -> Start | None:
    """``first``: which of the walks is the dated one of the pair."""
    if due == "":
        return Start(first + 1, (), pk)
    value = value_of("due_at", due)
    return None if value is None else Start(first, (value,), pk)


def place_of(order: Order, ticket: Ticket) -> str:
    """As an address holds it. Of a customer without a name the place is what they are known by: nobody reads that."""
    text = order.place(ticket)
    found = contacts_in(text)
    if found.emails or found.numbers:
        text = SEALED + urlsafe_b64encode(seal(text.encode(), purpose=PLACE)).decode()
    return f"{ticket.pk}.{text}"


def read_place(order: Order, after: str) -> Start:
    """What an address says may be nonsense: then it is the first page."""
    pk, dot, text = after.partition(".")
    if not dot or not (pk.isascii() and pk.isdecimal()) or len(pk) > 18:
        return BEGINNING
    if text.startswith(SEALED):
        try:
            text = unseal(urlsafe_b64decode(text.removeprefix(SEALED)), purpose=PLACE).decode()
        except (Unreadable, ValueError):
            return BEGINNING
    return order.start(text, int(pk)) or BEGINNING


def follow(order: Order, rows: TicketQuerySet, start: Start, limit: int) -> list[Ticket]:
    """The next ``limit`` tickets, walk by walk, with no more of each than tells its place: what a row shows is joined
    afterwards, or the planner has too many tables to see the walk.
    """
    found: list[Ticket] = []
    rows = rows.only("id", *order.needs)
    for place, walk in _from(order.walks(), start.walk):
        after = start.after if place == start.walk else None
        found += walk.rows(rows, after, start.pk)[: limit - len(found)]
        if len(found) >= limit:
            break
    return found


def _from(walks: Iterable[Walk], first: int) -> Iterable[tuple[int, Walk]]:
    return ((place, walk) for place, walk in enumerate(walks) if place >= first)
