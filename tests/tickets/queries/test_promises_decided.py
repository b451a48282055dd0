"""What was kept and broken, why, and what will be, against hand counts (tests/tickets/analytics_story.py)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Brand, Customer, Team, User
from helpdesk.lib import clock
from tests.cast import person
from tests.planner import never_counted
from tests.tickets.analytics_story import NOW, SHANGHAI, at, tell_promises
from tickets import actors
from tickets.actions.escalation import sweep
from tickets.actions.messages import reply
from tickets.actions.status import change_status
from tickets.choices import BreachCause, Status, TimerKind
from tickets.models import Category, SlaPolicy, Ticket
from tickets.queries.analytics import outlook
from tickets.queries.analytics.counts import happened
from tickets.queries.analytics.decided import (
    Decided,
    Given,
    Outcome,
    PromiseReport,
    Statute,
    count_promises,
)
from tickets.queries.analytics.decided_behind import Chosen, promises_behind
from tickets.queries.analytics.outlook import Group, look_ahead
from tickets.queries.analytics.scope import CaseScope, CategoryTree
from tickets.rules.analytics import last_days

pytestmark = pytest.mark.django_db
Make = Callable[..., Ticket]
MONDAY, TUESDAY, WEDNESDAY = (date(2026, 3, day) for day in (2, 3, 4))
FIRST, NEXT, SOLUTION = TimerKind.FIRST_RESPONSE, TimerKind.NEXT_RESPONSE, TimerKind.RESOLUTION


@pytest.fixture
def story(make_ticket: Make, agent: User, policy: SlaPolicy) -> dict[str, Ticket]:
    return tell_promises(make_ticket, agent, policy)


@pytest.fixture
def scope(manager: User) -> CaseScope:
    return CaseScope(manager, last_days(7, NOW, "Asia/Shanghai"), NOW)


@pytest.fixture
def week(story: dict[str, Ticket], scope: CaseScope) -> PromiseReport:
    return count_promises(scope)


def law() -> SlaPolicy:
    return SlaPolicy.objects.get(is_statutory=True)


def letters(scope: CaseScope, metric: str, **part: Any) -> str:
    rows = promises_behind(scope, Chosen(metric, **part)).order_by("ticket__subject")
    return "".join(rows.values_list("ticket__subject", flat=True))


def swept() -> None:
    with clock.frozen(NOW):
        while sweep():
            pass


def test_kept_and_broken_by_policy_kind_and_day(week: PromiseReport, policy: SlaPolicy) -> None:
    assert week.ours.by_day == {
        Given(policy.pk, FIRST): {MONDAY: Outcome(1, 1), TUESDAY: Outcome(2, 1)},  # A, H; B D, C
        Given(policy.pk, NEXT): {TUESDAY: Outcome(1, 1)},  # both of B
        Given(policy.pk, SOLUTION): {MONDAY: Outcome(1, 1), TUESDAY: Outcome(0, 2)},  # A, H; B C
    }
    assert week.ours.whole() == (Outcome(5, 6), Outcome(2, 0))
    assert week.ours.whole(FIRST) == (Outcome(3, 2), Outcome(1, 0))


def test_the_period_before_ends_at_the_same_time_of_day(week: PromiseReport, policy: SlaPolicy) -> None:
    """F alone: G was solved on the Wednesday before, but later in the day than it is now."""
    assert week.ours.before == {
        Given(policy.pk, FIRST): Outcome(1, 0),
        Given(policy.pk, SOLUTION): Outcome(1, 0),
    }


def test_the_law_stands_apart(week: PromiseReport) -> None:
    given = Given(law().pk, SOLUTION)
    assert week.law.by_day == {given: {MONDAY: Outcome(1, 0), WEDNESDAY: Outcome(0, 1)}}
    assert week.law.before == {given: Outcome(1, 0)}
    nearest = datetime(2026, 3, 4, 23, 59, tzinfo=SHANGHAI)
    assert week.statutes == {given: Statute(open=5, overdue=1, nearest_due=nearest)}


def test_the_overview_counts_neither_the_law_nor_next_replies(week: PromiseReport, scope: CaseScope) -> None:
    found = happened(scope)
    assert found.kept(FIRST) == (3, 2, 1)
    assert found.kept(SOLUTION) == (1, 3, 2)
    assert len([row for row in found.promises if row.is_now]) == 2
    assert found.solution[True].promised == 1


def test_causes_are_those_that_the_sweep_found(story: dict[str, Ticket], scope: CaseScope) -> None:
    before = count_promises(scope)
    assert before.ours.causes == {"": (5, 0), BreachCause.ANSWERED_LATE: (1, 0)}
    swept()
    found = count_promises(scope).ours
    assert found.causes == {BreachCause.NOBODY: (4, 0), BreachCause.ANSWERED_LATE: (2, 0)}
    assert found.whole() == before.ours.whole()
    assert found.by_day == before.ours.by_day


def test_by_team_and_category(
    story: dict[str, Ticket], scope: CaseScope, team: Team, category: Category
) -> None:
    swept()
    found = count_promises(scope).ours
    causes = {
        "": Outcome(5, 0),
        BreachCause.NOBODY: Outcome(0, 4),
        BreachCause.ANSWERED_LATE: Outcome(0, 2),
    }
    assert found.by_team == {team.pk: causes}
    assert found.by_category == {category.pk: causes}
    assert found.by_team_before == {team.pk: Outcome(2, 0)}


def test_broken_stays_broken_when_it_is_cancelled_later(
    story: dict[str, Ticket], scope: CaseScope, agent: User
) -> None:
    """C is solved without a word: its first reply was broken, and no longer owed."""
    swept()
    before = count_promises(scope).ours.whole()
    with at(4, 10, 25):
        change_status(story["C"], to=Status.SOLVED, by=actors.staff(agent))
    assert count_promises(scope).ours.whole() == before
    assert happened(scope).kept(FIRST) == (3, 2, 1)


@pytest.mark.parametrize(
    ("metric", "part", "expected"),
    [
        ("decided", {}, "AABBBBCCDHH"),
        ("decided", {"outcome": "kept"}, "AABBD"),
        ("decided", {"outcome": "broken"}, "BBCCHH"),
        ("decided", {"outcome": "broken", "kind": NEXT}, "B"),
        ("decided", {"outcome": "broken", "days": (TUESDAY, TUESDAY)}, "BBCC"),
        ("decided", {"outcome": "broken", "cause": BreachCause.NOBODY}, "CCHH"),
        ("decided", {"outcome": "broken", "cause": ""}, ""),
        ("decided", {"team": "none"}, ""),
        ("decided", {"topic": "none"}, ""),
        ("decided", {"is_statutory": True}, "AH"),
        ("statutory", {}, "BCDEH"),
        ("statutory", {"outcome": "overdue"}, "H"),
        ("due", {}, "DE"),
        ("due", {"horizon": "today"}, "BDDEE"),
    ],
)
def test_the_promises_behind_a_number(
    story: dict[str, Ticket], scope: CaseScope, metric: str, part: dict[str, Any], expected: str
) -> None:
    swept()
    assert letters(scope, metric, **part) == expected


def test_filters(story: dict[str, Ticket], scope: CaseScope, other_team: Team, category: Category) -> None:
    branch = replace(scope, category=category, categories=CategoryTree().branch(category))
    assert count_promises(branch).ours.whole()[0] == Outcome(5, 6)
    nothing = count_promises(replace(scope, team=other_team))
    assert nothing.is_empty
    assert look_ahead(replace(scope, team=other_team)).today.total.due == ()


def test_other_brands_never_count(
    week: PromiseReport, scope: CaseScope, make_ticket: Make, other_brand: Brand, customer: Customer
) -> None:
    due = look_ahead(scope).today.total.due
    with at(3, 9):
        make_ticket(subject="X", brand=other_brand)
    assert count_promises(scope) == week
    assert look_ahead(scope).today.total.due == due


def test_another_zone_cuts_other_days(story: dict[str, Ticket], manager: User) -> None:
    found = count_promises(CaseScope(manager, last_days(7, NOW, "America/New_York"), NOW)).ours
    sunday = date(2026, 3, 1)
    assert [found.on(day) for day in (sunday, MONDAY, TUESDAY)] == [(1, 1), (4, 2), (0, 3)]


def test_what_falls_due_and_what_will_be_broken(
    story: dict[str, Ticket], scope: CaseScope, team: Team
) -> None:
    """Wednesday 10:30. Since Tuesday 11:30 eight hours were worked, in which a first and a next reply were given."""
    found = look_ahead(scope)
    assert found.soon.until == NOW + timedelta(hours=4)
    assert found.today.until == datetime(2026, 3, 5, tzinfo=SHANGHAI)
    groups = found.today.groups
    assert {group: (len(row.due), len(row.broken), row.pace) for group, row in groups.items()} == {
        Group(team.pk, FIRST): (1, 1, 0.125),  # E, in half an hour
        Group(team.pk, NEXT): (1, 1, 0.125),  # D, in half an hour
        Group(team.pk, SOLUTION): (3, 3, 0.0),  # D E, and B by law
    }
    assert (len(found.soon.total.due), len(found.soon.total.broken)) == (2, 2)
    assert found.today.total.is_thin
    assert not found.today.is_partial


def test_a_better_pace_keeps_more(
    story: dict[str, Ticket], scope: CaseScope, make_ticket: Make, agent: User, team: Team
) -> None:
    with at(4, 9, 40):
        for _number in range(20):
            reply(make_ticket(subject="Z"), body="Here", by=actors.staff(agent), then=Status.SOLVED)
    row = look_ahead(scope).soon.groups[Group(team.pk, FIRST)]
    # 21 in 8 hours: the next one after 23 minutes, in time for E.
    assert (row.pace, len(row.broken), row.is_thin) == (21 / 8, 0, False)
    assert letters(scope, "expected") == "D"


def test_what_is_kept_too_late_is_no_pace(
    story: dict[str, Ticket], scope: CaseScope, agent: User, team: Team
) -> None:
    with at(4, 10, 20):
        reply(story["C"], body="Sorry", by=actors.staff(agent))
    assert look_ahead(scope).soon.groups[Group(team.pk, FIRST)].pace == 0.125


def test_more_than_is_read_says_so(
    story: dict[str, Ticket], scope: CaseScope, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outlook, "MOST", 3)
    found = look_ahead(scope)
    assert (found.soon.is_partial, found.today.is_partial) == (False, True)
    assert len(found.today.total.due) == 3


def test_late_in_the_evening_the_day_ends_before_the_four_hours(
    story: dict[str, Ticket], manager: User
) -> None:
    late = datetime(2026, 3, 4, 22, tzinfo=SHANGHAI)
    found = look_ahead(CaseScope(manager, last_days(7, late, "Asia/Shanghai"), late))
    assert found.today.until < found.soon.until
    assert len(found.today.total.due) == 1  # B by law, at 23:59
    assert len(found.soon.total.due) == 2  # and C, two minutes later


def _plan(queries: Any) -> str:
    """The plans of what was asked, for a planner that is not drawn to reading tiny tables from end to end."""
    told = []
    with connection.cursor() as cursor:
        never_counted(cursor)
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        for query in queries:
            cursor.execute("EXPLAIN " + query["sql"].replace("%", "%%"), [])
            told += [row[0] for row in cursor.fetchall()]
        cursor.execute("SET LOCAL enable_seqscan = on")
        cursor.execute("SET LOCAL enable_bitmapscan = on")
    return "\n".join(told)


def test_each_reads_its_index(story: dict[str, Ticket], scope: CaseScope) -> None:
    def asked(act: Callable[[], Any]) -> str:
        with CaptureQueriesContext(connection) as captured:
            act()
        return _plan([query for query in captured.captured_queries if "tickets_timer" in query["sql"]])

    counted = asked(lambda: count_promises(scope))
    for index in ("timer_done", "timer_broken", "timer_due"):
        assert index in counted
    ahead = asked(lambda: look_ahead(scope))
    assert "timer_due" in ahead
    # Which of its two indexes is cheaper for the few clocks of this story depends on what was counted last.
    assert any(index in ahead for index in ("timer_done", "one_timer_per_kind", "one_going_timer_per_kind"))
    # The same here, and how much of each index other tests have left behind.
    together = asked(lambda: happened(scope))
    assert "Seq Scan on tickets_timer" not in together
    assert re.search(r"Index (Only )?Scan using \w+ on tickets_timer", together), together


def test_nobody_has_promises_of_no_brand(story: dict[str, Ticket], scope: CaseScope) -> None:
    nobody = replace(scope, user=person("manager", "Nemo"))  # type: ignore[arg-type]
    assert count_promises(nobody) == PromiseReport(NOW, Decided(), Decided(), {})
    assert look_ahead(nobody).today.total.due == ()
