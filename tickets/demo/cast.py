"""Who and what a plot may use: plain values, taken from the desk once, so that inventing stories needs no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from accounts.choices import Tier
from accounts.models import Customer
from helpdesk import demo_logins
from helpdesk.lib import clock
from tickets.actions.timers import hours_promised
from tickets.choices import Channel, Priority, TimerKind
from tickets.demo.desk import Desk
from tickets.demo.material import table
from tickets.demo.people import email_of
from tickets.queries.categories import is_complaint, specs_of
from tickets.queries.promises import Promise, case
from tickets.rules.business_time import WorkingCalendar
from tickets.rules.forms import FieldSpec


@dataclass(frozen=True)
class Person:
    email: str
    name: str
    tier: str


@dataclass(frozen=True)
class Worker:
    """``names`` in both languages; ``pace``: 1 is usual, smaller is quicker."""

    email: str
    names: Mapping[str, str]
    pace: float


@dataclass(frozen=True)
class Duty:
    """A kind of case at one brand, of customers of one tier: who works on it, when, how quick they promised to be."""

    workers: tuple[str, ...]
    #: Another team that such a case is passed to and comes back from.
    elsewhere: str
    team: str
    hours: WorkingCalendar
    #: Priority, then kind of promise, to working seconds.
    targets: Mapping[int, Mapping[str, int]]
    priority: Priority


@dataclass(frozen=True)
class Cast:
    #: Brand to its name in each language.
    brands: Mapping[str, Mapping[str, str]]
    customers: Mapping[str, list[Person]]
    workers: Mapping[str, Worker]
    #: By brand, category and tier.
    duties: Mapping[tuple[str, str, str], Duty]
    forms: Mapping[str, list[FieldSpec]]
    lead: str
    #: The demo's agent and customer, who find a filled desk when they log in.
    agent: str
    customer: Person


def of_desk(desk: Desk) -> Cast:
    me = desk.customers[demo_logins.EMAILS["customer"]]
    people: dict[str, list[Person]] = {"zh-hans": [], "en": []}
    for row in sorted(desk.customers.values(), key=lambda row: row.pk):
        if row != me:
            people[row.language].append(Person(row.email, row.name, row.tier))
    return Cast(
        brands={slug: {"zh-hans": brand.name_zh, "en": brand.name_en} for slug, brand in desk.brands.items()},
        customers=people,
        workers={worker.email: worker for worker in map(_worker, table("staff")["staff"])},
        duties={
            (brand, slug, tier): _duty(desk, brand, slug, tier)
            for brand in desk.brands
            for slug in desk.categories
            for tier in Tier.values
        },
        forms={slug: specs_of(category) for slug, category in desk.categories.items()},
        lead=demo_logins.EMAILS["lead"],
        agent=demo_logins.EMAILS["agent"],
        customer=Person(me.email, me.name, me.tier),
    )


def _worker(row: dict[str, str]) -> Worker:
    return Worker(email_of(row), {"zh-hans": row["name_zh"], "en": row["name_en"]}, float(row["pace"]))


def _duty(desk: Desk, brand: str, slug: str, tier: str) -> Duty:
    route, promised = (
        desk.route(slug),
        {level: _promised(desk, brand, slug, tier, level) for level in Priority},
    )
    usual = Priority(route.priority or Priority.NORMAL)
    team = desk.teams[route.team_id or 0]
    return Duty(
        workers=tuple(desk.workers(brand, slug)),
        elsewhere=next(other.slug for other in desk.teams.values() if other != team),
        team=team.slug,
        hours=hours_promised(promised[usual][TimerKind.FIRST_RESPONSE]),
        targets={
            level: {kind: promise.target_seconds for kind, promise in kinds.items()}
            for level, kinds in promised.items()
        },
        priority=usual,
    )


def _promised(desk: Desk, brand: str, slug: str, tier: str, priority: Priority) -> dict[str, Promise]:
    """What we ourselves promise; a law gives us longer."""
    category = desk.categories[slug]
    held_to = case(
        category,
        brand_id=desk.brands[brand].pk,
        priority=priority,
        channel=Channel.WEB,
        customer=Customer(tier=tier),
        is_complaint=is_complaint(category),
        opened_at=clock.now(),
    )
    promises = desk.promises(held_to, desk.route(slug).team_id)
    return {promise.kind: promise for promise in promises if not promise.is_statutory}
