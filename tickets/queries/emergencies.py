"""Emergencies as the desk sees them, and who is to be alarmed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import F, Q, QuerySet

from accounts import access
from accounts.models import Brand, User
from accounts.rules.capabilities import Capability, Role
from helpdesk.lib import clock
from helpdesk.lib.zones import zone_or_default
from tickets.models import Emergency, OnCall, Ticket
from tickets.rules.alarms import Circle
from tickets.rules.on_call import Duty, on_call
from tickets.rules.visibility import scope_of

#: What is over stays in the queue of emergencies for so long; so many rows at most.
SHOWN_FOR = timedelta(days=3)
SHOWN = 200
MONTH = timedelta(days=30)
_LEADING = (Role.LEAD, Role.MANAGER)


def brands_of(user: User) -> QuerySet[Brand]:
    """Whose emergencies they hear of."""
    rows = Brand.objects.filter(is_active=True)
    return rows if scope_of(user).everything else rows.filter(pk__in=user.brand_ids)


def visible_to(user: User) -> QuerySet[Emergency]:
    """Those of the person's brands, whatever team has the ticket: an emergency waits for no team."""
    if not access.can(user, Capability.ANSWER_EMERGENCIES):
        return Emergency.objects.none()
    return Emergency.objects.filter(brand__in=brands_of(user))


def queue(user: User) -> list[Emergency]:
    """What nobody has taken first, the longest waiting first; then what is being worked on; then what is over.

    By ``emergency_by_brand``: of the last days only, but for what is open still, by ``emergency_alarm``.
    """
    late = clock.now() - SHOWN_FOR
    rows = visible_to(user).filter(Q(opened_at__gte=late) | Q(alarm_at__isnull=False))
    found = list(
        rows.select_related("brand", "ticket__customer", "ticket__assignee", "taken_by", "act").order_by(
            F("alarm_at").asc(nulls_last=True), "-opened_at"
        )[:SHOWN]
    )
    return sorted(found, key=_rank)


def _rank(row: Emergency) -> tuple[int, float]:
    if row.taken_at is None and row.ticket.is_active:
        return 0, row.opened_at.timestamp()
    return (1 if row.ticket.is_active else 2), -row.opened_at.timestamp()


def ringing_for(user: User) -> list[Emergency]:
    """What this person is being alarmed of: the banner of every page. By ``emergency_alarm``, a handful of rows."""
    rows = visible_to(user).filter(alarm_at__isnull=False, alarmed__contains=[user.pk])
    return list(rows.select_related("brand", "ticket").order_by("opened_at")[:20])


def of_ticket(ticket: Ticket) -> Emergency | None:
    """Read with the ticket where its query said so."""
    try:
        return ticket.emergency
    except Emergency.DoesNotExist:
        return None


def froze_lately(brand: Brand, *, since: timedelta) -> int:
    """How many accounts of the brand were ordered to be frozen by the emergency page; by ``emergency_by_brand``."""
    return Emergency.objects.filter(brand=brand, opened_at__gt=clock.now() - since).count()


@dataclass(frozen=True)
class People:
    """Whom an alarm reaches, by circle. Nobody is there twice."""

    people: Sequence[User]
    #: Nobody stands in the plan: everybody who may take emergencies was asked.
    is_fallback: bool = False


def to_alarm(emergency: Emergency, circle: Circle) -> People:
    """Those in the circle who may take it, on call first."""
    able = _able(emergency.brand)
    planned = _planned(emergency)
    first = [person for person in able if person.pk in planned]
    fallback = not first
    if fallback:
        first = [person for person in able if person.role == Role.LEAD] or able
    if circle == Circle.ON_CALL:
        return People(first, fallback)
    wider = [person for person in able if circle == Circle.EVERYBODY or person.role == Role.LEAD]
    return People(list({person.pk: person for person in [*first, *wider]}.values()), fallback)


def _able(brand: Brand) -> list[User]:
    """All who may answer this brand's emergencies, leads before managers; those of no brand (administrators) where
    there is nobody else.
    """
    roles = access.roles_that_can(Capability.ANSWER_EMERGENCIES)
    rows = User.objects.filter(role__in=roles, is_active=True).order_by("role", "pk")
    own = list(rows.filter(brands=brand))
    own.sort(
        key=lambda person: _LEADING.index(Role(person.role)) if person.role in _LEADING else len(_LEADING)
    )
    return own or list(rows.filter(role=Role.ADMINISTRATOR))


def _planned(emergency: Emergency) -> set[int]:
    now = clock.now()
    rows = OnCall.objects.filter(brand=emergency.brand).filter(Q(weekday__isnull=False) | Q(ends_at__gt=now))
    plan = [
        Duty(row.person_id, row.team_id, row.starts_at, row.ends_at, row.weekday, row.opens, row.closes)
        for row in rows
    ]
    zone = zone_or_default(emergency.brand.time_zone)
    return set(on_call(plan, at=now, zone=zone, team=emergency.ticket.team_id))


def on_call_now(brand: Brand) -> list[User]:
    """For the page of the plan: who would be alarmed first, by the plan, for a case of no team."""
    found = _planned(Emergency(brand=brand, ticket=Ticket()))
    return list(User.objects.filter(pk__in=found, is_active=True).order_by("name"))


def able_for(brands: Iterable[Brand]) -> list[User]:
    """Whom a plan may name: each once, in the order of their names."""
    found = {person.pk: person for brand in brands for person in _able(brand)}
    return sorted(found.values(), key=lambda person: person.display_name)


def reported_before(emergency: Emergency) -> int:
    """How often the same account was reported in the month before; by ``emergency_by_account``."""
    same = Emergency.objects.filter(brand=emergency.brand_id, account_key=emergency.account_key)
    return same.filter(opened_at__gt=emergency.opened_at - MONTH, pk__lt=emergency.pk).count()
