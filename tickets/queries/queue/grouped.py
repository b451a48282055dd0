"""Orders that group: by a value out of few (in the order of their names, the most urgent first within each), by the
first tag; and by the customer's name where few are asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, CharField, DateTimeField, F, Func, IntegerField, Q, Value
from django.db.models.functions import Coalesce, NullIf

from tickets.models import Ticket
from tickets.models.tickets import TicketQuerySet
from tickets.queries.queue.orders import BETWEEN, Start, Walk, by_due, start_by_due, text_of, value_of

Key = int | str | None


@dataclass(frozen=True)
class Grouped:
    """``values`` in their order. ``narrowed``: values of which the person sees only what is their own."""

    column: str
    values: Sequence[Key]
    narrowed: frozenset[Key] = field(default_factory=frozenset)
    person: int = 0

    @property
    def needs(self) -> Sequence[str]:
        return (self.column, "due_at")

    def walks(self) -> Sequence[Walk]:
        return [walk for value in self.values for walk in by_due(self._only(value))]

    def _only(self, value: Key) -> Q:
        only = Q(**{f"{self.column}__isnull": True}) if value is None else Q(**{self.column: value})
        return only & Q(assignee_id=self.person) if value in self.narrowed else only

    def place(self, ticket: Ticket) -> str:
        return f"{text_of(ticket.due_at)}{BETWEEN}{text_of(getattr(ticket, self.column))}"

    def start(self, text: str, pk: int) -> Start | None:
        due, _, named = text.partition(BETWEEN)
        at = [text_of(value) for value in self.values]
        return start_by_due(2 * at.index(named), due, pk) if named in at else None


@dataclass(frozen=True)
class GroupedFew:
    """The same order for few tickets, which are read and sorted: no walk past a million that are not asked for."""

    column: str
    values: Sequence[Key]

    @property
    def needs(self) -> Sequence[str]:
        return (self.column, "due_at")

    def walks(self) -> Sequence[Walk]:
        return [Walk(Q(), ("group_place", "due_or_never"), annotate=self._annotate)]

    def _annotate(self, rows: TicketQuerySet) -> TicketQuerySet:
        words = any(isinstance(value, str) for value in self.values)
        each = CharField(max_length=20) if words else BigIntegerField()
        known = Value(list(self.values), output_field=ArrayField(each))
        column = F(self.column)
        place = Func(known, column, function="array_position", output_field=IntegerField())
        return rows.annotate(group_place=Coalesce(place, self._unknown), due_or_never=_due_or_never())

    @property
    def _unknown(self) -> int:
        return len(self.values) + 1

    def place(self, ticket: Ticket) -> str:
        return f"{text_of(ticket.due_at)}{BETWEEN}{text_of(getattr(ticket, self.column))}"

    def start(self, text: str, pk: int) -> Start | None:
        due, _, named = text.partition(BETWEEN)
        at = [text_of(value) for value in self.values]
        place = at.index(named) + 1 if named in at else self._unknown
        moment = value_of("due_at", due or NEVER)
        return None if moment is None else Start(0, (place, moment), pk)


#: Later than any due time.
NEVER = "9999-01-01T00:00:00+00:00"


def _due_or_never() -> Coalesce:
    return Coalesce("due_at", Value(value_of("due_at", NEVER), output_field=DateTimeField()))


@dataclass(frozen=True)
class ByCustomer:
    """Few tickets by the name that the customer shows; open ones have it themselves (``Ticket.customer_name``)."""

    descending: bool = False

    @property
    def needs(self) -> Sequence[str]:
        return ("customer__name", "customer__email", "customer__phone")

    def walks(self) -> Sequence[Walk]:
        return [Walk(Q(), ("shown_name",), self.descending, annotate=_shown_name)]

    def place(self, ticket: Ticket) -> str:
        customer = ticket.customer
        return customer.name or customer.email or customer.phone

    def start(self, text: str, pk: int) -> Start | None:
        return Start(0, (text,), pk)


def _shown_name(rows: TicketQuerySet) -> TicketQuerySet:
    named = [NullIf(F(f"customer__{name}"), Value("")) for name in ("name", "email", "phone")]
    shown = Coalesce(*named, Value(""), output_field=CharField())
    return rows.select_related("customer").annotate(shown_name=shown)


@dataclass(frozen=True)
class ByTag:
    """By the first tag, through ``ticket_active_tagged``; those without one behind, the most urgent first."""

    descending: bool = False

    @property
    def needs(self) -> Sequence[str]:
        return ("tags", "due_at")

    def walks(self) -> Sequence[Walk]:
        tagged = Walk(~Q(tags=[]), ("first_tag",), self.descending, annotate=_first_tag)
        return [tagged, *by_due(Q(tags=[]))]

    def place(self, ticket: Ticket) -> str:
        return f"{text_of(ticket.due_at)}{BETWEEN}{ticket.tags[0] if ticket.tags else ''}"

    def start(self, text: str, pk: int) -> Start | None:
        due, _, tag = text.partition(BETWEEN)
        return Start(0, (tag,), pk) if tag else start_by_due(1, due, pk)


def _first_tag(rows: TicketQuerySet) -> TicketQuerySet:
    return rows.annotate(first_tag=F("tags__0"))
