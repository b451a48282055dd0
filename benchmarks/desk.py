"""Who and what the sweep's cases hang on: brands with their hours, teams, people, categories, policies with steps."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from accounts.models import Brand, Customer, Team, User
from accounts.rules.capabilities import Role
from benchmarks.copying import copy, renumber
from tickets.choices import LASTING_KINDS, EscalationAct, Priority, TimerKind
from tickets.models import Calendar, CalendarHours, Category, EscalationStep, SlaPolicy, SlaTarget
from tickets.queries.calendars import working_calendar
from tickets.rules.business_time import WorkingCalendar
from tickets.rules.sla import Step

LONG_AGO = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
CUSTOMERS = 50_000
HOURS = {TimerKind.FIRST_RESPONSE: 24, TimerKind.RESOLUTION: 72}
FACTORS = {Priority.LOW: 1.5, Priority.NORMAL: 1.0, Priority.HIGH: 0.5, Priority.URGENT: 0.25}
#: Share of the time (None: at the end), and what is done.
STEPS = (
    (50, EscalationAct.TELL_ASSIGNEE),
    (80, EscalationAct.TELL_LEAD),
    (None, EscalationAct.TELL_ASSIGNEE),
    (None, EscalationAct.TELL_LEAD),
)
#: Policies that fit none of the cases, and are read all the same.
OTHERS = 20


@dataclass(frozen=True)
class Promised:
    target: int
    steps: list[Step]


@dataclass(frozen=True)
class Policy:
    pk: int
    channel: str
    steps: list[Step]

    def promised(self, priority: int) -> list[Promised]:
        """For the first reply and for the solution."""
        return [
            Promised(
                int(HOURS[kind] * FACTORS[Priority(priority)] * 3600),
                [step for step in self.steps if step.kind == kind],
            )
            for kind in LASTING_KINDS
        ]


@dataclass(frozen=True)
class Desk:
    brands: list[Brand]
    teams: list[Team]
    agents: dict[int, list[User]]
    #: The first of them, in a list: each case takes one so many further on.
    customers: list[int]
    categories: list[int]
    calendars: dict[int, int]
    hours: dict[int, WorkingCalendar]
    #: The ordinary one, and the one whose broken promises raise the priority.
    policies: tuple[Policy, Policy]


def build() -> Desk:
    """All of it, into an empty database."""
    brands = [Brand.objects.create(slug=slug, name_zh=slug, name_en=slug, email=f"{slug}@example.com") for slug in ("one", "two")]  # fmt: skip
    teams = [Team.objects.create(slug=f"team{n}", name_zh=f"{n} 组", name_en=f"Team {n}") for n in range(4)]
    calendars = {brand.pk: _office_hours(brand) for brand in brands}
    agents = {
        team.pk: [_person(Role.AGENT, f"a{team.pk}x{n}", brands, team) for n in range(8)] for team in teams
    }
    for team in teams:
        _person(Role.LEAD, f"lead{team.pk}", brands, team)
    _person(Role.MANAGER, "manager", brands, None)
    policies = (_policy("Standard", 99, "web"), _policy("By telephone", 1, "phone"))
    for n in range(OTHERS):
        _policy(f"For others {n}", 10 + n, "social")
    return Desk(
        brands,
        teams,
        agents,
        [_customers()],
        _categories(),
        {brand: calendar.pk for brand, calendar in calendars.items()},
        {brand: working_calendar(calendar) for brand, calendar in calendars.items()},
        policies,
    )


def _office_hours(brand: Brand) -> Calendar:
    calendar = Calendar.objects.create(name=brand.slug, brand=brand, time_zone="Asia/Shanghai")
    for weekday in range(5):
        for opens, closes in ((9, 12), (13, 18)):
            CalendarHours.objects.create(
                calendar=calendar, weekday=weekday, opens=datetime.time(opens), closes=datetime.time(closes)
            )
    return calendar


def _person(role: Role, name: str, brands: list[Brand], team: Team | None) -> User:
    user = User.objects.create(email=f"{name}@example.com", role=role, name=name, language="en")
    user.brands.set(brands)
    user.teams.set([team] if team else [])
    return user


def _customers() -> int:
    rows = (
        (n, f"Customer {n}", f"c{n}@example.com", "", "zh-hans", LONG_AGO) for n in range(1, CUSTOMERS + 1)
    )
    copy(Customer, ["id", "name", "email", "phone", "language", "created_at"], rows)
    renumber(Customer)
    return 1


def _categories() -> list[int]:
    """Each under another, as most are."""
    made = []
    for n in range(6):
        above = Category.objects.create(slug=f"group{n}", name_zh=f"类 {n}", name_en=f"Group {n}")
        made.append(
            Category.objects.create(slug=f"case{n}", name_zh=f"事 {n}", name_en=f"Case {n}", parent=above).pk
        )
    return made


def _policy(name: str, position: int, channel: str) -> Policy:
    channels = [] if channel == "web" else [channel]
    policy = SlaPolicy.objects.create(name=name, position=position, channels=channels)
    acts = [*STEPS, (None, EscalationAct.RAISE_PRIORITY)] if channels else STEPS
    for kind in LASTING_KINDS:
        for priority, factor in FACTORS.items():
            minutes = int(HOURS[kind] * factor * 60)
            SlaTarget.objects.create(policy=policy, kind=kind, priority=priority, minutes=minutes)
        for percent, act in acts:
            EscalationStep.objects.create(
                policy=policy, kind=kind, at_percent=percent, act=act, created_at=LONG_AGO
            )
    steps = [
        Step(step.pk, step.kind, step.at_percent, step.after_minutes, step.created_at)
        for step in EscalationStep.objects.filter(policy=policy).order_by("pk")
    ]
    return Policy(policy.pk, channel, steps)
