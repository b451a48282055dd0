"""The rows of one person, or of one case, by the register."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from allauth.account.models import EmailAddress
from django.apps import apps
from django.db.models import BinaryField, Model, Q, QuerySet, TextField
from django.db.models.functions import Cast

from accounts.models import Customer
from accounts.rules.contact import normal_email
from tickets.models import Ticket
from tickets.rules.personal_data import TABLES, Table
from tickets.rules.personal_data.scrubbing import needles, pattern_of


@dataclass(frozen=True)
class Subject:
    """Of whom, and how far: ``case`` None means everything of the customer, else only what hangs on that case."""

    customer: int
    user: int | None
    case: int | None = None
    names: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    _kept: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def needles(self) -> list[str]:
        return needles(names=self.names, emails=self.emails, phones=self.phones)

    @cached_property
    def pattern(self) -> re.Pattern[str] | None:
        return pattern_of(self.needles)


def person(customer: Customer) -> Subject:
    """Everything of this customer, by what is still known of them. The log-in of somebody who works here is not theirs
    as a customer: it goes by the employer's rules.
    """
    user = customer.user if customer.user and not customer.user.is_staff else None
    emails = {customer.email}
    if user is not None:
        emails.add(user.email)
        emails.update(EmailAddress.objects.filter(user=user).values_list("email", flat=True))
    return Subject(
        customer=customer.pk,
        user=user.pk if user else None,
        names=tuple({customer.name, user.name if user else ""} - {""}),
        emails=tuple(sorted({normal_email(email) for email in emails} - {""})),
        phones=(customer.phone,) if customer.phone else (),
    )


def one_case(ticket: Ticket) -> Subject:
    """This case alone; its customer stays known."""
    whole = person(ticket.customer)
    return Subject(whole.customer, whole.user, ticket.pk, whole.names, whole.emails, whole.phones)


def model_of(table: Table) -> type[Model] | None:
    """None for a table whose app is not installed."""
    try:
        return apps.get_model(table.model)
    except LookupError:
        return None


def tables_of(subject: Subject) -> Iterator[Table]:
    """The tables that may hold something of them, in the register's order. Of one case, only what hangs on it."""
    for table in TABLES:
        if model_of(table) is None:
            continue
        if subject.case is None or (table.reach.case and not table.last):
            yield table


def _own(table: Table, subject: Subject) -> list[Q]:
    """By which look-ups the rows that are theirs are found: each goes by an index of its own."""
    reach, case = table.reach, subject.case
    if case is not None:
        return [Q(**{reach.case: case})] if reach.case else []
    found = []
    if reach.case:
        found.append(Q(**{f"{reach.case}__customer".removeprefix("pk__"): subject.customer}))
    if reach.customer:
        found.append(Q(**{reach.customer: subject.customer}))
    if reach.user and subject.user is not None:
        found.append(Q(**{reach.user: subject.user}))
    if subject.emails:
        found += [Q(**{f"{path}__in": subject.emails}) for path in reach.address]
    return found


def _beside(table: Table, subject: Subject) -> list[Q]:
    """Others' rows that may name them."""
    if not subject.emails or subject.case is not None:
        return []
    return [Q(**{f"{path}__in": subject.emails}) for path in table.reach.beside]


def _base(table: Table) -> QuerySet[Any]:
    model = model_of(table)
    assert model is not None
    base: QuerySet[Any] = model._base_manager.all()
    return base.exclude(**dict([table.without])) if table.without is not None else base


def heavy(model: type[Model]) -> list[str]:
    """Columns of bytes, up to 25 MB a row: a batch of them is not read."""
    return [column.name for column in model._meta.local_fields if isinstance(column, BinaryField)]


def _together(base: QuerySet[Any], ways: Sequence[Q]) -> QuerySet[Any]:
    """Whoever is found by any of the look-ups. As one condition with OR, no index would serve."""
    first, *others = [base.filter(way).order_by().values("pk") for way in ways] or [base.none().values("pk")]
    return base.filter(pk__in=first.union(*others) if others else first)


def own_rows(table: Table, subject: Subject) -> QuerySet[Any]:
    """What is theirs, without what others wrote about them."""
    return _together(_base(table), _own(table, subject))


def rows(table: Table, subject: Subject, *, by_index: bool = False) -> QuerySet[Any]:
    """The person's rows, and others' that may name them. Mentions are looked for in the whole table: it is small.

    ``by_index``: without those for which a large table must be looked through, for a page that somebody waits for.
    """
    base = _base(table)
    ways = [*_own(table, subject), *_beside(table, subject)]
    if table.reach.named and subject.case is None and not by_index:
        ways += [Q(pk__in=_naming(base, path, subject)) for path in table.reach.named if subject.emails]
    if table.reach.mentions and subject.case is None and subject.needles:
        ways.append(Q(pk__in=_mentioning(base, table, subject)))
    return _together(base, ways)


def _naming(base: QuerySet[Any], path: str, subject: Subject) -> QuerySet[Any]:
    """Lists of people with an address of theirs, in whichever case it was written."""
    found = Q()
    for email in subject.emails:
        found |= Q(people_text__icontains=f'"address": {json.dumps(email, ensure_ascii=False)}')
    keys: QuerySet[Any] = (
        base.alias(people_text=Cast(path, TextField())).filter(found).order_by().values("pk")
    )
    return keys


def _mentioning(base: QuerySet[Any], table: Table, subject: Subject) -> QuerySet[Any]:
    columns = [line.name for line in table.fields if line.erase not in ("keep",)]
    there = {column.name for column in base.model._meta.local_fields}
    columns = [name for name in columns if name in there]
    found = Q()
    for name in columns:
        for needle in subject.needles:
            found |= Q(**{f"{name}_text__icontains": needle})
    as_text = {f"{name}_text": Cast(name, TextField()) for name in columns}
    keys: QuerySet[Any] = base.alias(**as_text).filter(found).order_by().values("pk")
    return keys


def theirs_among(table: Table, subject: Subject, keys: list[Any]) -> set[Any]:
    """Which of these few rows are theirs, not others' in which they are named."""
    found = Q(pk__in=[])
    for way in _own(table, subject):
        found |= way
    return set(_base(table).filter(found, pk__in=keys).values_list("pk", flat=True))
