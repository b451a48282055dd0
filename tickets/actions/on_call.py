"""The plan of who is alarmed when: leads write it for the brands they serve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import access, audit
from accounts.choices import AuditKind
from accounts.models import Brand, Team, User
from accounts.rules.capabilities import Capability
from helpdesk.lib.errors import Invalid, Text
from tickets.actors import Actor
from tickets.models import OnCall
from tickets.queries.emergencies import brands_of

MAX_ROWS = 500


@dataclass(frozen=True)
class Plan:
    """Either for a while, or on ``weekdays`` (0: Monday)."""

    brand: Brand
    person: User
    team: Team | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    weekdays: Sequence[int] = ()
    opens: time | None = None
    closes: time | None = None


@transaction.atomic
def add(plan: Plan, *, by: Actor) -> list[OnCall]:
    """Put somebody on call. Raises Invalid for a plan that says no time, and for who may not take emergencies."""
    _may_plan(plan.brand, by)
    _check(plan)
    common = {"brand": plan.brand, "team": plan.team, "person": plan.person}
    if plan.weekdays:
        made = [
            OnCall(**common, weekday=day, opens=plan.opens, closes=plan.closes)
            for day in sorted(set(plan.weekdays))
        ]
    else:
        made = [OnCall(**common, starts_at=plan.starts_at, ends_at=plan.ends_at)]
    rows = OnCall.objects.bulk_create(made)
    _record(plan.brand, by, added=plan.person.pk, rows=len(rows))
    return rows


@transaction.atomic
def remove(row: OnCall, *, by: Actor) -> None:
    _may_plan(row.brand, by)
    _record(row.brand, by, removed=row.person_id)
    row.delete()


def _may_plan(brand: Brand, by: Actor) -> None:
    by.require(Capability.ANSWER_EMERGENCIES)
    assert by.user is not None
    if not brands_of(by.user).filter(pk=brand.pk).exists():
        raise Invalid({"brand": _("Choose one of your brands.")})


def _check(plan: Plan) -> None:
    wrong: dict[str, Text] = {}
    person = plan.person
    able = person.is_active and access.can(person, Capability.ANSWER_EMERGENCIES)
    if not able or not brands_of(person).filter(pk=plan.brand.pk).exists():
        wrong["person"] = _("%(name)s may not answer emergencies of this brand.") % {
            "name": person.display_name
        }
    if plan.weekdays:
        if plan.opens is None or plan.closes is None:
            wrong["opens"] = _("Say from when until when, such as 22:00 and 08:00.")
        if any(day not in range(7) for day in plan.weekdays):
            wrong["weekdays"] = _("Choose days of the week.")
    elif plan.starts_at is None or plan.ends_at is None:
        wrong["starts_at"] = _("Choose days of the week, or say from which moment until which.")
    elif plan.ends_at <= plan.starts_at:
        wrong["ends_at"] = _("The end must lie after the beginning.")
    if OnCall.objects.filter(brand=plan.brand).count() >= MAX_ROWS:
        wrong["brand"] = _("This plan is full. Remove what is over.")
    if wrong:
        raise Invalid(wrong)


def _record(brand: Brand, by: Actor, **data: Any) -> None:
    audit.record(AuditKind.CONFIGURED, by=by.user, brand=brand, what="on_call", **data)
