"""The same small cast in every test: two brands, two teams, one person of each role, their customer, their promises.

Data is made by the actions where there is one, so that tests see what users would have made.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.actions import customers
from accounts.models import Brand, Customer, Team, User
from accounts.rules.capabilities import Role
from helpdesk.lib import clock
from tickets import actors
from tickets.actions.tickets import NewTicket, open_ticket
from tickets.choices import LASTING_KINDS, EscalationAct, FieldKind, Priority, TimerKind
from tickets.models import (
    Calendar,
    CalendarHours,
    Category,
    CategoryField,
    EscalationStep,
    SlaPolicy,
    SlaTarget,
    Ticket,
)

LONG_AGO = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
PASSWORD = "correct horse battery"


@pytest.fixture
def brand(db: None) -> Brand:
    made = Brand.objects.create(
        slug="btp",
        name_zh="B特派钱包",
        name_en="BTP Wallet",
        email="help@btp.test",
        hotline="400 000 0001",
        accent="#1f5eff",
    )
    office_hours(made)
    return made


@pytest.fixture
def other_brand(db: None) -> Brand:
    made = Brand.objects.create(
        slug="bobao", name_zh="波宝钱包", name_en="Bobao Wallet", email="help@bobao.test"
    )
    office_hours(made)
    return made


def office_hours(brand: Brand) -> Calendar:
    """Monday to Friday, 9 to 18 in Shanghai."""
    calendar = Calendar.objects.create(name=f"{brand.slug} hours", brand=brand, time_zone="Asia/Shanghai")
    for weekday in range(5):
        CalendarHours.objects.create(
            calendar=calendar, weekday=weekday, opens=datetime.time(9), closes=datetime.time(18)
        )
    return calendar


@pytest.fixture
def team(db: None) -> Team:
    return Team.objects.create(slug="funds", name_zh="资金组", name_en="Funds")


@pytest.fixture
def other_team(db: None) -> Team:
    return Team.objects.create(slug="risk", name_zh="风控组", name_en="Risk")


def person(role: Role, name: str, *, brands: list[Brand] = [], teams: list[Team] = [], **extra: Any) -> User:  # noqa: B006
    """A log-in with a confirmed e-mail address ``<name>@demo.test``, language English unless told."""
    from allauth.account.models import EmailAddress

    email = f"{name.lower()}@demo.test"
    user = User.objects.create_user(email, PASSWORD, role=role, name=name, **{"language": "en", **extra})
    user.brands.set(brands)
    user.teams.set(teams)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def confirm(client: Client, method: str = "password") -> Client:
    """As if the person had just confirmed who they are: what is dangerous asks for that."""
    session = client.session
    session["account_authentication_methods"] = [{"method": method, "at": clock.now().timestamp()}]
    session["account_authentication_methods_user"] = str(session["_auth_user_id"])
    session.save()
    return client


def stale(client: Client) -> Client:
    """As if the last log-in or confirmation were an hour ago."""
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 3600
    session.save()
    return client


@pytest.fixture
def agent(brand: Brand, team: Team) -> User:
    return person(Role.AGENT, "Ann", brands=[brand], teams=[team])


@pytest.fixture
def second_agent(brand: Brand, team: Team) -> User:
    return person(Role.AGENT, "Bo", brands=[brand], teams=[team])


@pytest.fixture
def other_team_agent(brand: Brand, other_team: Team) -> User:
    return person(Role.AGENT, "Otto", brands=[brand], teams=[other_team])


@pytest.fixture
def other_brand_agent(other_brand: Brand, team: Team) -> User:
    return person(Role.AGENT, "Strange", brands=[other_brand], teams=[team])


@pytest.fixture
def lead(brand: Brand, team: Team) -> User:
    return person(Role.LEAD, "Lea", brands=[brand], teams=[team])


@pytest.fixture
def manager(brand: Brand) -> User:
    return person(Role.MANAGER, "Max", brands=[brand])


@pytest.fixture
def officer(brand: Brand) -> User:
    return person(Role.SECURITY_OFFICER, "Olga", brands=[brand])


@pytest.fixture
def administrator(db: None) -> User:
    return person(Role.ADMINISTRATOR, "Ada")


@pytest.fixture
def customer(db: None) -> Customer:
    """A guest: known by e-mail, no log-in."""
    return customers.find_or_create(email="wang@example.com", name="王小明", language="zh-hans")


@pytest.fixture
def member(db: None) -> Customer:
    """A customer with a log-in."""
    return customers.of_user(person(Role.CUSTOMER, "Mia"))


@pytest.fixture
def policy(db: None) -> SlaPolicy:
    """First reply in one working hour, solution in eight; twice the time when low, half when urgent."""
    made = SlaPolicy.objects.create(name="Standard", position=1000)
    factors = {Priority.LOW: 2.0, Priority.NORMAL: 1.0, Priority.HIGH: 1.0, Priority.URGENT: 0.5}
    for priority, factor in factors.items():
        for kind, minutes in ((TimerKind.FIRST_RESPONSE, 60), (TimerKind.RESOLUTION, 480)):
            SlaTarget.objects.create(policy=made, priority=priority, kind=kind, minutes=int(minutes * factor))
    for after, act in (
        (0, EscalationAct.TELL_ASSIGNEE),
        (0, EscalationAct.RAISE_PRIORITY),
        (60, EscalationAct.TELL_LEAD),
    ):
        for kind in LASTING_KINDS:
            step_of(made, kind, after_minutes=after, act=act)
    return made


def step_of(policy: SlaPolicy, kind: TimerKind, **values: Any) -> EscalationStep:
    """A step that was there before the tests' stories begin: one added later would not fire for what had passed."""
    return EscalationStep.objects.create(policy=policy, kind=kind, created_at=LONG_AGO, **values)


@pytest.fixture
def category(team: Team, policy: SlaPolicy) -> Category:
    """Withdrawal, with a required amount and an optional bank."""
    made = Category.objects.create(
        slug="withdrawal",
        name_zh="提现",
        name_en="Withdrawal",
        team=team,
        priority=Priority.NORMAL,
    )
    CategoryField.objects.create(
        category=made,
        key="amount",
        kind=FieldKind.AMOUNT,
        label_zh="金额",
        label_en="Amount",
        options=["CNY", "USD"],
        position=1,
    )
    CategoryField.objects.create(
        category=made,
        key="card_last4",
        kind=FieldKind.LAST4,
        label_zh="卡号后四位",
        label_en="Last four digits",
        required=False,
        position=2,
    )
    return made


@pytest.fixture
def make_ticket(brand: Brand, customer: Customer, category: Category) -> Callable[..., Ticket]:
    """``make_ticket(subject=…, …)``: a ticket as the portal opens it; any field of NewTicket may be given."""

    def make(**values: Any) -> Ticket:
        start = {
            "brand": brand,
            "customer": customer,
            "category": category,
            "subject": "提现三天没有到账",
            "body": "我周一提现 500 元，到今天还没有到账，很着急。",
            "answers": {"amount": {"amount": "500", "currency": "CNY"}},
            "language": "zh-hans",
        }
        new = NewTicket(**{**start, **values})
        return open_ticket(new, by=actors.customer(new.customer))

    return make


@pytest.fixture
def ticket(make_ticket: Callable[..., Ticket]) -> Ticket:
    return make_ticket()
