"""The numbers against hand counts (the story is told in tests/tickets/analytics_story.py)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from accounts.models import Brand, Customer, Team, User
from helpdesk.lib import clock
from tests.cast import person
from tests.tickets.analytics_story import NOW, at, tell
from tickets import actors
from tickets.actions.assignment import move_to_team
from tickets.choices import Channel, TimerKind
from tickets.models import Category, Ticket
from tickets.queries.analytics import counts
from tickets.queries.analytics.behind import NONE, Selection, tickets_behind
from tickets.queries.analytics.numbers import AgentWork, Quantiles, Report, Speed
from tickets.queries.analytics.report import count, report
from tickets.queries.analytics.scope import CaseScope, CategoryTree
from tickets.rules import analytics as rules
from tickets.rules.analytics import Period, last_days

pytestmark = pytest.mark.django_db
MINUTE = 60
HOUR = 60 * MINUTE
Make = Callable[..., Ticket]


@pytest.fixture
def story(make_ticket: Make, agent: User) -> dict[str, Ticket]:
    return tell(make_ticket, agent)


@pytest.fixture
def scope(manager: User) -> CaseScope:
    """The seven days up to Wednesday 4 March 2026, 10:30."""
    return CaseScope(manager, last_days(7, NOW, "Asia/Shanghai"), NOW)


@pytest.fixture
def week(story: dict[str, Ticket], scope: CaseScope) -> Report:
    return count(scope)


def letters(scope: CaseScope, metric: str, **part: Any) -> str:
    rows = tickets_behind(scope, Selection(metric, **part)).order_by("subject")
    return "".join(rows.values_list("subject", flat=True))


def test_opened_counts_this_period_and_the_one_before_up_to_the_same_time_of_day(week: Report) -> None:
    assert week.happened.opened == (6, 1)  # A B C D E H; F, while G came later in the day


def test_days_begin_at_midnight_in_the_brands_zone(week: Report) -> None:
    assert week.happened.opened_by_day == {date(2026, 3, 2): 3, date(2026, 3, 3): 2, date(2026, 3, 4): 1}


def test_solved_leaves_out_what_was_opened_again(week: Report) -> None:
    assert week.happened.solved == (1, 1)  # A; F
    assert week.happened.solved_by_day == {date(2026, 3, 2): 1}


def test_backlog_at_the_end_of_each_day(week: Report, scope: CaseScope) -> None:
    bins = scope.period.bins()
    levels = rules.backlog_by_bin(
        bins, week.open_at_end, week.happened.opened_by_day, week.happened.solved_by_day
    )
    assert levels == [0, 0, 0, 0, 2, 4, 5]
    assert levels == [
        tickets_behind(scope, Selection("backlog", days=(day.first, day.last))).count() for day in bins
    ]


def test_first_reply_in_working_time_and_by_the_wall(week: Report) -> None:
    assert week.happened.first_reply[True] == Speed(
        count=3,
        wall=Quantiles(median=1 * HOUR, p90=9 * HOUR + 21 * MINUTE),  # 30 min, 1 h, 9 h 21 min
        promised=3,
        working=Quantiles(median=30 * MINUTE, p90=1 * HOUR),  # 20 min, 30 min, 1 h
    )
    assert week.happened.first_reply[False].wall == Quantiles(30 * MINUTE, 30 * MINUTE)


def test_solution_leaves_out_the_time_spent_waiting_for_the_customer(week: Report) -> None:
    assert week.happened.solution[True] == Speed(
        1, Quantiles(5 * HOUR, 5 * HOUR), 1, Quantiles(2 * HOUR, 2 * HOUR)
    )


def test_promises_kept_broken_running(week: Report, story: dict[str, Ticket]) -> None:
    assert week.happened.kept(TimerKind.FIRST_RESPONSE) == (3, 2, 1)  # A B D, C H, E
    assert week.happened.kept(TimerKind.RESOLUTION) == (1, 3, 2)  # A, B C H, D E
    assert week.happened.kept(TimerKind.FIRST_RESPONSE, is_now=False) == (1, 0, 0)


def test_a_breach_that_the_sweep_has_marked_counts_the_same(week: Report, scope: CaseScope) -> None:
    from tickets.actions.escalation import sweep

    with clock.frozen(NOW):
        sweep()
    assert count(scope).happened.kept(TimerKind.RESOLUTION) == week.happened.kept(TimerKind.RESOLUTION)


def test_reopened_of_those_solved_at_least_once(week: Report) -> None:
    assert (week.reopened.now, week.solved_once) == (1, (2, 1))  # D of A and D


def test_solved_opened_again_and_solved_anew(story: dict[str, Ticket], scope: CaseScope, agent: User) -> None:
    from tickets.actions.status import change_status
    from tickets.choices import Status

    with at(4, 10, 15):
        change_status(story["D"], to=Status.SOLVED, by=actors.staff(agent))
    found = count(scope)
    assert found.happened.solved == (2, 1)
    assert (found.reopened.now, found.solved_once) == (1, (2, 1))
    # An hour on Tuesday and three quarters on Wednesday; solved in between, it did not run.
    assert found.happened.solution[True].working.median == 1 * HOUR + 45 * MINUTE


def test_a_case_reopened_long_ago_does_not_count_as_reopened_now(
    story: dict[str, Ticket], manager: User
) -> None:
    later = NOW.replace(day=30)
    found = count(CaseScope(manager, last_days(7, later, "Asia/Shanghai"), later))
    assert (found.reopened.now, found.solved_once) == (0, (0, 0))


def test_busiest_hours(week: Report) -> None:
    assert week.happened.by_hour == {(0, 9): 1, (0, 10): 1, (0, 23): 1, (1, 0): 1, (1, 11): 1, (2, 10): 1}


def test_age_of_what_is_open(week: Report, story: dict[str, Ticket], manager: User) -> None:
    assert week.open_by_age == [2, 3, 0, 0, 0]  # D E; B C H
    later = CaseScope(manager, last_days(7, NOW, "Asia/Shanghai"), NOW.replace(day=8))
    assert counts.open_now(later)[0] == [0, 0, 5, 0, 0]


def test_agents_load(week: Report, agent: User) -> None:
    assert week.open_by_agent == {agent.pk: 2, None: 3}  # B D; C E H
    assert week.happened.by_agent == {agent.pk: AgentWork(solved=1, replies=3, median_reply=30 * MINUTE)}


def test_a_period_that_is_over(story: dict[str, Ticket], manager: User) -> None:
    monday = Period(date(2026, 3, 2), date(2026, 3, 2), "Asia/Shanghai")
    scope = CaseScope(manager, monday, NOW)
    found = count(scope)
    assert (found.happened.opened, found.happened.solved) == ((3, 0), (1, 0))
    assert (found.open_at_end, found.open_now) == (2, 5)
    assert letters(scope, "backlog") == "BH"


def test_another_zone_cuts_other_days(story: dict[str, Ticket], manager: User) -> None:
    found = count(CaseScope(manager, last_days(7, NOW, "UTC"), NOW))
    assert found.happened.opened_by_day == {date(2026, 3, 2): 4, date(2026, 3, 3): 1, date(2026, 3, 4): 1}


def test_category_counts_add_up_over_the_branch(
    story: dict[str, Ticket], make_ticket: Make, category: Category, scope: CaseScope
) -> None:
    child = Category.objects.create(slug="fee", name_zh="手续费", name_en="Fee", parent=category)
    with at(4, 10, 10):
        make_ticket(subject="I", category=child)
        make_ticket(subject="J", category=None)
    found = count(scope).happened
    assert found.by_category == {category.pk: (6, 1), child.pk: (1, 0), None: (1, 0)}
    assert letters(scope, "opened", topic=category) == "ABCDEHI"
    assert letters(scope, "opened", topic=NONE) == "J"
    branch = replace(scope, category=category, categories=CategoryTree().branch(category))
    assert count(branch).happened.opened == (7, 1)


@pytest.mark.parametrize(
    ("metric", "part", "expected"),
    [
        ("opened", {}, "ABCDEH"),
        ("opened", {"days": (date(2026, 3, 3), date(2026, 3, 3))}, "CD"),
        ("opened", {"weekday": 0, "hour": 23}, "B"),
        ("solved", {}, "A"),
        ("first_replies", {}, "ABD"),
        ("first_replies_timed", {}, "ABD"),
        ("solutions_timed", {}, "A"),
        ("open", {}, "BCDEH"),
        ("open", {"age": 0}, "DE"),
        ("open", {"age": 1}, "BCH"),
        ("open", {"agent": NONE}, "CEH"),
        ("promises", {"kind": TimerKind.FIRST_RESPONSE, "outcome": "kept"}, "ABD"),
        ("promises", {"kind": TimerKind.FIRST_RESPONSE, "outcome": "broken"}, "CH"),
        ("promises", {"kind": TimerKind.FIRST_RESPONSE, "outcome": "running"}, "E"),
        ("promises", {"kind": TimerKind.FIRST_RESPONSE, "outcome": "settled"}, "ABCDH"),
        ("promises", {"kind": TimerKind.RESOLUTION, "outcome": "broken"}, "BCH"),
        ("promises", {"kind": TimerKind.RESOLUTION, "outcome": "running"}, "DE"),
        ("reopened", {}, "D"),
        ("solved_once", {}, "AD"),
    ],
)
def test_the_cases_behind_a_number(
    story: dict[str, Ticket], scope: CaseScope, metric: str, part: dict[str, Any], expected: str
) -> None:
    assert letters(scope, metric, **part) == expected


def test_the_cases_of_the_period_before(story: dict[str, Ticket], scope: CaseScope) -> None:
    assert letters(scope.earlier(), "opened") == "F"
    assert letters(scope.earlier(), "solved") == "F"


def test_filters(story: dict[str, Ticket], scope: CaseScope, team: Team, other_team: Team) -> None:
    assert count(replace(scope, channel=Channel.EMAIL)).happened.opened == (1, 0)
    assert count(replace(scope, team=team)).happened.opened == (6, 1)
    assert count(replace(scope, team=other_team)).happened.opened == (0, 0)


def test_other_brands_never_count(
    week: Report, scope: CaseScope, make_ticket: Make, other_brand: Brand, customer: Customer
) -> None:
    with at(4, 10, 20):
        make_ticket(subject="X", brand=other_brand)
    assert count(scope).happened.opened == week.happened.opened
    assert count(scope).open_now == week.open_now
    assert count(replace(scope, brand=other_brand)).happened.opened == (0, 0)


def test_a_lead_counts_own_teams_alone(
    story: dict[str, Ticket], scope: CaseScope, lead: User, other_team: Team, agent: User
) -> None:
    move_to_team(story["C"], team=other_team, by=actors.staff(agent))
    assert letters(replace(scope, user=lead), "opened") == "ABDEH"
    assert count(replace(scope, user=lead)).happened.opened == (5, 1)


def test_who_serves_no_brand_counts_nothing(story: dict[str, Ticket], scope: CaseScope) -> None:
    nobody = person("manager", "Nemo")  # type: ignore[arg-type]
    assert report(replace(scope, user=nobody)).is_empty


def test_kept_numbers_hold_until_something_happens(
    story: dict[str, Ticket], scope: CaseScope, agent: User, django_assert_num_queries: Any
) -> None:
    first = report(scope)
    with django_assert_num_queries(3):  # the person, their brands, and the last event
        assert report(replace(scope, user=User.objects.get(pk=scope.user.pk))) == first
    with at(4, 10, 25):
        from tickets.actions.status import change_status
        from tickets.choices import Status

        change_status(story["B"], to=Status.SOLVED, by=actors.staff(agent))
    assert report(scope).happened.solved == (2, 1)


def test_postgresql_and_the_rule_mean_the_same_by_a_percentile(db: None) -> None:
    from django.db import connection

    for size in range(1, 24):
        values = [number * number % 17 for number in range(size)]
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT percentile_disc(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY v) FROM unnest(%s) AS v",
                [values],
            )
            assert cursor.fetchone()[0] == [rules.quantile(values, 0.5), rules.quantile(values, 0.9)]
