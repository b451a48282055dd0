"""What stands against an erasure, what it would reach, who somebody is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Q, QuerySet

from accounts.models import Brand, Customer, User
from accounts.queries.customers import known_by, of_address
from tickets.choices import PrivacyRefusal
from tickets.models import LegalHold, PrivacyRequest, Ticket
from tickets.models.privacy import PENDING
from tickets.queries import personal_data
from tickets.queries.calendars import calendar_for, working_calendar
from tickets.rules import numbers, privacy
from tickets.rules.personal_data import What, table_of

SEARCH_INDEX = "tickets.ticketsearch"
CASES = "tickets.ticket"


def holds_on(customer: Customer) -> QuerySet[LegalHold]:
    """In force on the person or on one of their cases."""
    return LegalHold.objects.in_force().filter(Q(customer=customer) | Q(ticket__customer=customer))


def held_tickets() -> QuerySet[Ticket]:
    """Of which a legal hold, on them or on their customer, lets nothing go. Holds are few."""
    holds = LegalHold.objects.in_force()
    of_people = holds.exclude(customer=None).values("customer")
    return Ticket.objects.filter(
        Q(pk__in=holds.exclude(ticket=None).values("ticket")) | Q(customer__in=of_people)
    )


def standing_of(customer: Customer, *, by: User | None) -> privacy.Standing:
    """``by``: the officer who decides, None where nobody of us does."""
    cases = Ticket.objects.filter(customer=customer)
    strange = by is not None and cases.exclude(brand__in=by.brand_ids).exists()
    return privacy.Standing(
        held=holds_on(customer).exists(),
        open_cases=cases.active().count(),
        open_acts=_open_acts(customer),
        other_brands=strange,
    )


def _open_acts(customer: Customer) -> int:
    """Sensitive acts at the wallet that have not ended yet."""
    acts = personal_data.model_of(table_of("tickets.sensitiveact"))
    return acts._base_manager.filter(customer=customer, ended_at=None).count() if acts is not None else 0


def obstacles(customer: Customer, *, by: User | None) -> list[PrivacyRefusal]:
    standing = standing_of(customer, by=by)
    return privacy.refusals(standing, open_cases_keep=settings.PRIVACY_OPEN_CASES_KEEP)


@dataclass(frozen=True)
class Count:
    """So many rows of a table hold something of the person."""

    model: str
    title: str
    rows: int


def preview(customer: Customer) -> list[Count]:
    """What an erasure would reach, table by table; those with nothing are left out. Sessions are not counted, for each
    would have to be read, nor is the search index, which only repeats, nor others' cases and mails that name them.
    """
    subject, found = personal_data.person(customer), []
    for table in personal_data.tables_of(subject):
        if not (table.delete or table.erased) or not table.reach.anybody or table.model == SEARCH_INDEX:
            continue
        if table.model == CASES:
            rows = personal_data.own_rows(table, subject)
        else:
            rows = personal_data.rows(table, subject, by_index=True)
        count = rows.count()
        model = personal_data.model_of(table)
        if count and model is not None and any(line.what != What.NOTHING for line in table.fields):
            found.append(Count(table.model, str(model._meta.verbose_name_plural), count))
    return found


def find(text: str, *, viewer: User) -> Customer | None:
    """By e-mail address, phone or case number; only people with a case at the viewer's brands, or with none at all."""
    number = numbers.parse(text)
    ticket = Ticket.objects.filter(number=number).select_related("customer").first() if number else None
    found = ticket.customer if ticket else of_address(text) or known_by(email=text, phone=text)
    return found if found is not None and may_see(found, viewer=viewer) else None


def may_see(customer: Customer, *, viewer: User) -> bool:
    cases = Ticket.objects.filter(customer=customer)
    asked = PrivacyRequest.objects.filter(customer=customer, brand__in=viewer.brand_ids)
    return cases.filter(brand__in=viewer.brand_ids).exists() or asked.exists() or not cases.exists()


def brand_for(customer: Customer, *, viewer: User) -> Brand | None:
    """In whose name an officer answers: that of the person's latest case, else the officer's first."""
    mine = Brand.objects.filter(pk__in=viewer.brand_ids)
    latest = Ticket.objects.filter(customer=customer, brand__in=mine).order_by("-created_at").first()
    return latest.brand if latest else mine.first()


def pending(viewer: User) -> QuerySet[PrivacyRequest]:
    """What is still to be done at the viewer's brands, the soonest due first."""
    return (
        PrivacyRequest.objects.filter(PENDING, brand__in=viewer.brand_ids)
        .select_related("customer", "brand", "asked_by")
        .order_by("due_at")
    )


def settled(viewer: User, limit: int) -> Sequence[PrivacyRequest]:
    rows = PrivacyRequest.objects.exclude(PENDING).filter(brand__in=viewer.brand_ids)
    return list(rows.select_related("customer", "brand", "asked_by", "decided_by")[:limit])


def due_at(asked: datetime, brand: Brand) -> datetime:
    calendar = working_calendar(calendar_for(team_id=None, brand_id=brand.pk))
    return privacy.due_at(
        asked,
        days=settings.PRIVACY_DUE_DAYS,
        working=settings.PRIVACY_DUE_WORKING,
        calendar=calendar,
    )
