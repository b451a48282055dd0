"""The policy tester: which policies are asked, what is promised, and how each time comes about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from accounts.models import Brand, Team, User
from helpdesk.lib import clock
from tests.cast import step_of
from tests.forms import fields
from tests.times import shanghai
from tickets.choices import Counting, EscalationAct, Priority, TimerKind
from tickets.models import Calendar, Category, SlaPolicy, SlaTarget, Ticket, Timer
from tickets.queries.policy_trial import trial
from tickets.rules.policies import Case

LogIn = Callable[[User], Client]
PAGE = "/admin/promises/tester/"
FRIDAY = shanghai(6, 17, 40)


@pytest.fixture
def ask(log_in: LogIn, lead: User, policy: SlaPolicy, brand: Brand) -> Callable[..., str]:
    """``ask(brand=…, …)``: the page, for somebody who may only look at the configuration."""

    def page(status: int = 200, **said: str) -> str:
        answer = log_in(lead).get(f"{PAGE}?{urlencode(said)}")
        assert answer.status_code == status
        return answer.content.decode()

    return page


Ask = Callable[..., str]


def test_it_works(ask: Ask, policy: SlaPolicy, category: Category) -> None:
    page = ask(
        brand="btp", category="withdrawal", channel="web", tier="standard", opened_at="2026-03-06T17:40"
    )
    for words in (
        "1 working hour from Fri 6 Mar 17:40, without Sat and Sun: Mon 9 Mar 09:40",
        "opened Fri 6 Mar 17:40 (Shanghai time)",
        "Fri 6 Mar 17:40 – 18:00: 20 min will count",
        "Mon 9 Mar 09:00 – 09:40: 40 min will count",
        "due Mon 9 Mar 09:40",
        "btp hours",
        "waiting for customer",
        # A step an hour later, in working time.
        "Mon 9 Mar 10:40",
        "1h after the due time",
    ):
        assert words in page, words
    assert ">holds<" in page


def test_the_times_are_those_of_a_ticket(
    ask: Ask, make_ticket: Callable[..., Ticket], brand: Brand, category: Category, policy: SlaPolicy
) -> None:
    ticket = make_ticket(opened_at=FRIDAY)
    case = Case(
        brand=brand.pk,
        categories=frozenset({category.pk}),
        priority=Priority.NORMAL,
        channel="web",
        tier="standard",
        is_complaint=False,
        opened_at=FRIDAY,
    )
    found = trial(case, category, team_id=ticket.team_id, zone=ZoneInfo("Asia/Shanghai"))
    promised = [given.due for given in found.given]
    assert promised == list(Timer.objects.order_by("pk").values_list("due_at", flat=True))


def test_each_policy_says_why_it_does_not_fit(
    ask: Ask, policy: SlaPolicy, other_brand: Brand, category: Category
) -> None:
    theirs = SlaPolicy.objects.create(name="Theirs", position=1)
    theirs.brands.set([other_brand])
    money = SlaPolicy.objects.create(name="Money", position=2)
    money.categories.set([category])
    conditions: dict[str, dict[str, Any]] = {
        "Urgent": {"priorities": [40]},
        "Phone": {"channels": ["phone"]},
        "Rich": {"tiers": ["vip"]},
        "Angry": {"complaints": "only"},
        "Old": {"valid_until": shanghai(2, 9)},
        "Future": {"valid_from": shanghai(20, 9)},
    }
    for place, (name, asked) in enumerate(conditions.items(), 3):
        SlaPolicy.objects.create(name=name, position=place, **asked)
    SlaPolicy.objects.create(name="Late", position=2000)
    law = SlaPolicy.objects.create(name="Law", position=1, is_statutory=True, pauses_on=[], complaints="only")
    SlaTarget.objects.create(policy=law, kind=TimerKind.RESOLUTION, minutes=21600, counting=Counting.ELAPSED)
    said = {"brand": "btp", "channel": "web", "tier": "standard", "opened_at": "2026-03-06T17:40"}
    page = ask(**said)
    for words in (
        "brand: Bobao Wallet; this case: BTP Wallet",
        "category: Withdrawal; this case: no category",
        "priority: urgent; this case: normal",
        "way in: phone; this case: web form",
        "customer tier: VIP; this case: standard",
        "complaints only; this case: no complaint",
        "opened before",
        "opened from",
        "would fit, but another holds before it",
    ):
        assert words in page, words
    assert "required by law" not in page
    complaint = ask(**said, complaint="yes")
    assert "15 days by the clock" in complaint
    assert "required by law" in complaint


def test_what_the_category_says_is_taken_from_it(
    ask: Ask, category: Category, other_team: Team, policy: SlaPolicy
) -> None:
    category.priority, category.is_complaint, category.team = Priority.URGENT, True, other_team
    category.save()
    nights = Calendar.objects.create(name="Nights", team=other_team, time_zone="Asia/Shanghai")
    nights.hours.create(weekday=4, opens="20:00", closes="23:00")
    said = {"brand": "btp", "category": "withdrawal", "opened_at": "2026-03-06T17:40"}
    page = ask(**said)
    assert "Fri 6 Mar 20:30" in page  # half an hour when urgent, in the hours of the team
    assert "Nights" in page
    assert "a complaint" in page
    assert "Mon 9 Mar 09:40" in ask(**said, team="funds", priority="normal")


def test_clocks_that_do_not_start_with_the_case(ask: Ask, policy: SlaPolicy) -> None:
    SlaTarget.objects.create(policy=policy, kind=TimerKind.NEXT_RESPONSE, minutes=30)
    SlaTarget.objects.create(policy=policy, kind=TimerKind.PERIODIC_UPDATE, minutes=40)
    page = ask(brand="btp", opened_at="2026-03-06T17:00")
    assert "as if the customer asked at this moment" in page
    assert "as if we replied at this moment" in page
    assert "due Fri 6 Mar 17:30" in page


def test_steps_come_at_their_moments(ask: Ask, policy: SlaPolicy, agent: User) -> None:
    policy.steps.all().delete()
    kind = TimerKind.FIRST_RESPONSE
    step_of(policy, kind, at_percent=50, act=EscalationAct.TELL_PERSON, person=agent)
    # Added today, shown for a case of then all the same.
    policy.steps.create(kind=kind, act=EscalationAct.RAISE_PRIORITY)
    page = ask(brand="btp", opened_at="2026-03-06T17:40")
    assert "Mon 9 Mar 09:10</span> tell a named person: Ann" in page
    assert "when 50 % is used up" in page
    assert "Mon 9 Mar 09:40</span> raise the priority" in page


def test_nothing_holds(ask: Ask, policy: SlaPolicy) -> None:
    policy.is_active = False
    policy.save()
    page = ask()
    assert "such a case would have no clocks" in page
    assert "None fits." in page


def test_without_a_calendar(ask: Ask, brand: Brand) -> None:
    brand.calendar.delete()
    assert "add a calendar for it" in ask()


def test_the_bare_address_is_the_usual_case_of_now(ask: Ask, brand: Brand) -> None:
    with clock.frozen(FRIDAY):
        page = ask()
    assert fields(page)["opened_at"] == ["2026-03-06T17:40"]
    assert "Mon 9 Mar 09:40" in page


def test_moments_are_in_the_brands_zone(ask: Ask, other_brand: Brand) -> None:
    other_brand.time_zone = "Europe/London"
    other_brand.save()
    assert "opened Fri 6 Mar 09:40 (London time)" in ask(brand="bobao", opened_at="2026-03-06T09:40")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"brand": "nobody"}, "Select a valid choice"),
        ({"category": "nothing"}, "Select a valid choice"),
        ({"priority": "huge"}, "Select a valid choice"),
        ({"channel": "pigeon"}, "Select a valid choice"),
        ({"tier": "king"}, "Select a valid choice"),
        ({"complaint": "maybe"}, "Select a valid choice"),
        ({"team": "nobody"}, "Select a valid choice"),
        ({"opened_at": "yesterday"}, "Enter a day and a time"),
        ({"opened_at": "2026-02-30T09:00"}, "Enter a day and a time"),
        ({"opened_at": "2026-03-06T09:00Z"}, "Enter a day and a time"),
        ({"opened_at": "1900-01-01T09:00"}, "Choose a year from"),
        ({"opened_at": "9999-12-31T23:59"}, "Choose a year from"),
    ],
)
def test_nonsense_is_told_and_all_is_kept(ask: Ask, said: dict[str, str], words: str) -> None:
    good = {"brand": "btp", "tier": "vip", "channel": "phone", "opened_at": "2026-03-06T17:40"}
    page = ask(422, **{**good, **said})
    assert words in page
    kept = fields(page)
    for name in good.keys() - said.keys():
        assert kept[name] == [good[name]], name
    if "opened_at" in said:
        assert kept["opened_at"] == [said["opened_at"]]


def test_a_time_that_clocks_left_out(ask: Ask, brand: Brand) -> None:
    brand.time_zone = "Europe/London"
    brand.save()
    assert "There was no such time" in ask(422, brand="btp", opened_at="2026-03-29T01:30")


def test_agents_do_not_see_the_configuration(log_in: LogIn, agent: User, policy: SlaPolicy) -> None:
    assert log_in(agent).get(PAGE).status_code == 403


def test_nothing_is_written(ask: Ask, policy: SlaPolicy) -> None:
    ask()
    assert not Ticket.objects.exists()
    assert not Timer.objects.exists()


def test_queries_do_not_grow_with_policies(
    log_in: LogIn, lead: User, policy: SlaPolicy, brand: Brand, django_assert_max_num_queries: object
) -> None:
    client = log_in(lead)
    client.get(PAGE)
    counts = []
    for _round in range(2):
        with django_assert_max_num_queries(30) as counted:  # type: ignore[operator]
            client.get(PAGE)
        counts.append(len(counted))
        for number in range(6):
            SlaPolicy.objects.create(name=f"Other {number}", position=number, tiers=["vip"])
    assert counts[0] == counts[1]
