"""The audit log as it is read: narrowed, newest first, page by page behind a number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts import access
from accounts.choices import AuditKind
from accounts.models import AuditEntry, AuditSeal, Brand, SecurityAlarm, User
from accounts.rules.capabilities import Capability, Role

PAGE = 50
MOST_ALARMS = 20


@dataclass(frozen=True)
class Asked:
    """What the log is narrowed to; None and "" narrow nothing."""

    kind: str = ""
    actor: int | None = None
    ticket: str = ""
    customer: int | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Page:
    entries: list[AuditEntry]
    #: Number behind which the next page begins; 0 on the last.
    after: int


def entries_of(user: User) -> QuerySet[AuditEntry]:
    """What this person may read: of the brands they serve, and what belongs to no brand."""
    access.require(user, Capability.VIEW_AUDIT)
    rows = AuditEntry.objects.all()
    if sees_all(user):
        return rows
    return rows.filter(Q(brand=None) | Q(brand__in=user.brand_ids))


def sees_all(user: User) -> bool:
    """Only of the whole log a stretch can be given away that proves itself."""
    if access.can(user, Capability.VIEW_ALL_TICKETS):
        return True
    return not Brand.objects.exclude(pk__in=user.brand_ids).exists()


def page(user: User, asked: Asked, *, after: int = 0) -> Page:
    """By the index of whatever it is narrowed to (``AuditEntry.Meta``), otherwise by the primary key."""
    rows = entries_of(user).select_related("actor", "brand").order_by("-pk")
    if after:
        rows = rows.filter(pk__lt=after)
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    if asked.actor is not None:
        rows = rows.filter(actor=asked.actor)
    if asked.ticket:
        rows = rows.filter(ticket=asked.ticket)
    if asked.customer is not None:
        rows = rows.filter(customer=asked.customer)
    # Numbers grow with time but for the last moments: the day's first and last number bound it, by the primary key.
    if asked.since is not None:
        rows = rows.filter(at__gte=asked.since, pk__gte=_first(asked.since))
    if asked.until is not None:
        rows = rows.filter(at__lt=asked.until, pk__lte=_last(asked.until))
    found = list(rows[: PAGE + 1])
    return Page(found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else 0)


#: So many numbers may be drawn before one that is older.
_SLACK = 1_000


def _first(moment: datetime) -> int:
    """By ``audit_by_time``."""
    rows = AuditEntry.objects.filter(at__gte=moment).order_by("at").values_list("pk", flat=True)
    return (rows.first() or 2**62) - _SLACK


def _last(moment: datetime) -> int:
    rows = AuditEntry.objects.filter(at__lt=moment).order_by("-at").values_list("pk", flat=True)
    return (rows.first() or 0) + _SLACK


def entry_or_404(user: User, pk: int) -> AuditEntry:
    if pk > 2**62:
        raise Http404
    return get_object_or_404(entries_of(user).select_related("actor", "brand"), pk=pk)


def seal_of(entry: AuditEntry) -> AuditSeal | None:
    """The seal under which it stands; by ``audit_seal_reaches``."""
    rows = AuditSeal.objects.filter(kind="sealed", last_id__gte=entry.pk, first_id__lte=entry.pk)
    return rows.order_by("last_id").first()


def open_alarms(user: User) -> list[SecurityAlarm]:
    """By ``security_alarm_open``."""
    access.require(user, Capability.VIEW_AUDIT)
    return list(SecurityAlarm.objects.filter(seen_at=None).order_by("-pk")[:MOST_ALARMS])


def alarm_of(entry: AuditEntry) -> SecurityAlarm | None:
    return SecurityAlarm.objects.filter(entry=entry.pk).select_related("seen_by").first()


def count_open() -> int:
    """For the badge; never more than are shown."""
    return SecurityAlarm.objects.filter(seen_at=None)[:MOST_ALARMS].count()


def people() -> QuerySet[User]:
    """Whom the log may be narrowed to; by ``user_staff_by_role``."""
    return User.objects.exclude(role=Role.CUSTOMER).order_by("name", "email")


def verifications() -> QuerySet[AuditEntry]:
    return AuditEntry.objects.filter(kind=AuditKind.AUDIT_VERIFIED).order_by("-pk")
