"""The rows of one person, or of one case, by the register."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from allauth.account.models import EmailAddress
from django.apps import apps
from django.db.models import Model, Q, QuerySet, TextField
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
    """Everything of this customer, by what is still known of them."""
    user = customer.user
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


def own(table: Table, subject: Subject) -> Q:
    """The rows that are theirs. By the foreign keys' indexes and those on addresses."""
    reach, found = table.reach, Q(pk__in=[])
    if reach.case:
        path = reach.case if subject.case is not None else f"{reach.case}__customer".removeprefix("pk__")
        found |= Q(**{path: subject.case if subject.case is not None else subject.customer})
    if subject.case is not None:
        return found
    if reach.customer:
        found |= Q(**{reach.customer: subject.customer})
    if reach.user and subject.user is not None:
        found |= Q(**{reach.user: subject.user})
    for path in reach.address if subject.emails else ():
        found |= Q(**{f"{path}__in": subject.emails})
    return found


def beside(table: Table, subject: Subject) -> Q:
    """Others' rows that may name them."""
    found = Q(pk__in=[])
    for path in table.reach.beside if subject.emails and subject.case is None else ():
        found |= Q(**{f"{path}__in": subject.emails})
    return found


def rows(table: Table, subject: Subject) -> QuerySet[Any]:
    """The person's rows. One query per way, so that each goes by its index; mentions read the whole small table."""
    model = model_of(table)
    assert model is not None
    base = model._base_manager.all()
    if table.without is not None:
        base = base.exclude(**dict([table.without]))
    keys = base.filter(own(table, subject)).order_by().values("pk")
    if table.reach.beside:
        keys = keys.union(base.filter(beside(table, subject)).order_by().values("pk"))
    if table.reach.mentions and subject.case is None and subject.needles:
        return base.filter(Q(pk__in=keys) | Q(pk__in=_mentioning(base, table, subject)))
    return base.filter(pk__in=keys)


def _mentioning(base: QuerySet[Any], table: Table, subject: Subject) -> QuerySet[Any]:
    columns = [line.name for line in table.fields if line.erase not in ("keep",)]
    there = {column.name for column in base.model._meta.local_fields}
    columns = [name for name in columns if name in there]
    found = Q()
    for name in columns:
        for needle in subject.needles:
            found |= Q(**{f"{name}_text__icontains": needle})
    as_text = {f"{name}_text": Cast(name, TextField()) for name in columns}
    return base.alias(**as_text).filter(found).order_by().values("pk")


def is_theirs(table: Table, subject: Subject, keys: list[Any]) -> set[Any]:
    """Which of these rows are theirs, not others' in which they are named."""
    model = model_of(table)
    assert model is not None
    return set(model._base_manager.filter(own(table, subject), pk__in=keys).values_list("pk", flat=True))
