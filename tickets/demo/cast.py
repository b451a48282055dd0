"""Who and what a plot may use: plain values, taken from the desk once, so that inventing stories needs no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from helpdesk import demo_logins
from tickets.choices import Priority
from tickets.demo.desk import Desk
from tickets.demo.material import table
from tickets.demo.people import email_of
from tickets.queries.categories import specs_of
from tickets.rules.business_time import WorkingCalendar
from tickets.rules.forms import FieldSpec


@dataclass(frozen=True)
class Person:
    email: str
    name: str


@dataclass(frozen=True)
class Worker:
    """``names`` in both languages; ``pace``: 1 is usual, smaller is quicker."""

    email: str
    names: Mapping[str, str]
    pace: float


@dataclass(frozen=True)
class Duty:
    """A kind of case at one brand: who works on it, when, and how quick they promised to be."""

    workers: tuple[str, ...]
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
    duties: Mapping[tuple[str, str], Duty]
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
            people[row.language].append(Person(row.email, row.name))
    return Cast(
        brands={slug: {"zh-hans": brand.name_zh, "en": brand.name_en} for slug, brand in desk.brands.items()},
        customers=people,
        workers={worker.email: worker for worker in map(_worker, table("staff")["staff"])},
        duties={(brand, slug): _duty(desk, brand, slug) for brand in desk.brands for slug in desk.categories},
        forms={slug: specs_of(category) for slug, category in desk.categories.items()},
        lead=demo_logins.EMAILS["lead"],
        agent=demo_logins.EMAILS["agent"],
        customer=Person(me.email, me.name),
    )


def _worker(row: dict[str, str]) -> Worker:
    return Worker(email_of(row), {"zh-hans": row["name_zh"], "en": row["name_en"]}, float(row["pace"]))


def _duty(desk: Desk, brand: str, category: str) -> Duty:
    promise = desk.promise(brand, category)
    assert promise is not None
    return Duty(
        workers=tuple(desk.workers(brand, category)),
        hours=promise.hours,
        targets=promise.targets,
        priority=Priority(desk.route(category).priority or Priority.NORMAL),
    )
