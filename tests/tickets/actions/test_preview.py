"""The preview says what the recalculation then does, clock by clock, and writes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from unittest import mock

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Brand, Team, User
from helpdesk.lib import clock
from tests.times import shanghai
from tickets import actors
from tickets.actions import messages, preview, recalculation
from tickets.actions.escalation import sweep
from tickets.actions.foresight import Move
from tickets.actions.status import change_status
from tickets.choices import Counting, Status, TimerKind, TimerState
from tickets.models import Calendar, SlaPolicy, SlaTarget, Ticket, Timer

MORNING = shanghai(2, 9)
NOW = shanghai(2, 15)
Make = Callable[..., Ticket]
Dues = dict[tuple[int, str], datetime | None]


@pytest.fixture
def desk(make_ticket: Make, policy: SlaPolicy, agent: User, brand: Brand, other_brand: Brand) -> list[Ticket]:
    """Cases in every state that a clock may be in."""
    for kind, minutes in ((TimerKind.NEXT_RESPONSE, 120), (TimerKind.PERIODIC_UPDATE, 1440)):
        SlaTarget.objects.create(policy=policy, kind=kind, minutes=minutes)
    staff = actors.staff(agent)
    with clock.frozen(MORNING):
        made = [make_ticket() for _number in range(6)] + [make_ticket(brand=other_brand)]
    with clock.frozen(MORNING + timedelta(minutes=20)):
        for ticket in made[1:4]:
            messages.reply(ticket, body="我们正在查。", by=staff)
        change_status(made[1], to=Status.PENDING, by=staff)
        change_status(made[4], to=Status.ON_HOLD, by=staff)
        change_status(made[5], to=Status.SOLVED, by=staff)
    with clock.frozen(MORNING + timedelta(minutes=50)):
        messages.customer_reply(
            made[2], body="还是没有到账，什么时候能到？", by=actors.customer(made[2].customer)
        )
    with clock.frozen(MORNING + timedelta(minutes=90)):
        sweep()
    return made


def shorter(policy: SlaPolicy, brand: Brand) -> None:
    SlaTarget.objects.filter(policy=policy).update(minutes=90)


def longer_by_the_clock(policy: SlaPolicy, brand: Brand) -> None:
    SlaTarget.objects.filter(policy=policy).update(minutes=3000, counting=Counting.ELAPSED)


def nothing_stands_still(policy: SlaPolicy, brand: Brand) -> None:
    SlaPolicy.objects.update(pauses_on=[])


def all_stand_still(policy: SlaPolicy, brand: Brand) -> None:
    SlaPolicy.objects.update(pauses_on=[Status.PENDING, Status.ON_HOLD])


def fewer_promises(policy: SlaPolicy, brand: Brand) -> None:
    SlaTarget.objects.exclude(kind=TimerKind.FIRST_RESPONSE).delete()


def no_policy(policy: SlaPolicy, brand: Brand) -> None:
    SlaPolicy.objects.update(is_active=False)


def a_law(policy: SlaPolicy, brand: Brand) -> None:
    law = SlaPolicy.objects.create(name="Law", position=1, is_statutory=True, pauses_on=[])
    SlaTarget.objects.create(policy=law, kind=TimerKind.RESOLUTION, minutes=21600, counting=Counting.ELAPSED)


def another_before_it(policy: SlaPolicy, brand: Brand) -> None:
    fresh = SlaPolicy.objects.create(name="Fresh", position=1)
    fresh.brands.set([brand])
    for kind in TimerKind:
        SlaTarget.objects.create(policy=fresh, kind=kind, minutes=300)


def other_hours(policy: SlaPolicy, brand: Brand) -> None:
    calendar = Calendar.objects.get(brand=brand)
    calendar.hours.filter(weekday=0).update(closes="16:00")
    calendar.save()


def nothing(policy: SlaPolicy, brand: Brand) -> None:
    pass


CHANGES = [
    *(shorter, longer_by_the_clock, nothing_stands_still, all_stand_still, fewer_promises, no_policy),
    *(a_law, another_before_it, other_hours, nothing),
]


def dues() -> Dues:
    """Of the clocks that go."""
    going = Timer.objects.filter(state__in=[TimerState.RUNNING, TimerState.PAUSED])
    return {(t.ticket_id, f"{t.kind} {t.is_statutory}"): t.due_at for t in going}


@pytest.mark.parametrize("change", CHANGES)
def test_it_says_what_then_happens(
    change: Callable[[SlaPolicy, Brand], None],
    desk: list[Ticket],
    policy: SlaPolicy,
    brand: Brand,
    administrator: User,
) -> None:
    change(policy, brand)
    with clock.frozen(NOW):
        before = dues()
        seen = preview.preview(policy=None, viewer=administrator)
        recalculation.request(policy=None, by=actors.staff(administrator))
        while recalculation.work():
            pass
        after = dues()
    happened: Counter[Move] = Counter()
    moved: list[tuple[int, datetime | None, datetime | None]] = []
    for key in before.keys() | after.keys():
        move = way(before, after, key)
        happened[move] += 1
        if move != Move.STAYS:
            moved.append((key[0], before.get(key), after.get(key)))
    said = {move: number for move, number in seen.whole.clocks.items() if move != Move.STAYS}
    assert said == {move: number for move, number in happened.items() if move != Move.STAYS}
    listed = [(found.ticket.pk, found.before, found.after) for found in seen.biggest]
    assert sorted(listed, key=str) == sorted(moved, key=str)
    assert seen.looked_at == seen.open_cases == 6
    assert bool(said) == (change is not nothing)


def way(before: Dues, after: Dues, key: tuple[int, str]) -> Move:
    if key not in before:
        return Move.APPEARS
    if key not in after:
        return Move.ENDS
    was, now = before[key], after[key]
    if was == now:
        return Move.STAYS
    if was is None:
        return Move.GOES_ON
    if now is None:
        return Move.STANDS_STILL
    return Move.EARLIER if now < was else Move.LATER


def test_nothing_is_written(desk: list[Ticket], policy: SlaPolicy, brand: Brand, manager: User) -> None:
    shorter(policy, brand)
    with clock.frozen(NOW), CaptureQueriesContext(connection) as queries:
        preview.preview(policy=None, viewer=manager)
    assert {query["sql"].split()[0] for query in queries} == {"SELECT"}


def test_cases_of_others_are_counted_and_not_named(
    desk: list[Ticket], policy: SlaPolicy, brand: Brand, other_brand: Brand, manager: User
) -> None:
    shorter(policy, brand)
    with clock.frozen(NOW):
        seen = preview.preview(policy=None, viewer=manager)
    assert {change.ticket.brand for change in seen.biggest} == {brand}
    assert seen.hidden == 1
    assert seen.by_brand[other_brand.name].moved_cases == 1
    assert sum(count.cases for count in seen.by_brand.values()) == seen.whole.cases == 6


def test_of_one_policy(
    desk: list[Ticket], policy: SlaPolicy, brand: Brand, other_brand: Brand, manager: User
) -> None:
    another_before_it(policy, brand)
    fresh = SlaPolicy.objects.get(name="Fresh")
    with clock.frozen(NOW):
        assert preview.preview(policy=fresh, viewer=manager).whole.cases == 5
        assert preview.preview(policy=policy, viewer=manager).whole.cases == 6
    other = SlaPolicy.objects.create(name="Nobody's", position=2000)
    with clock.frozen(NOW):
        assert preview.preview(policy=other, viewer=manager).whole.cases == 0


def test_what_is_overdue_at_once(make_ticket: Make, policy: SlaPolicy, brand: Brand, manager: User) -> None:
    with clock.frozen(MORNING):
        make_ticket()
    shorter(policy, brand)
    with clock.frozen(MORNING + timedelta(minutes=50)):
        assert preview.preview(policy=None, viewer=manager).overdue == 0
    SlaTarget.objects.filter(policy=policy).update(minutes=40)
    with clock.frozen(MORNING + timedelta(minutes=50)):
        assert preview.preview(policy=None, viewer=manager).overdue == 2


def test_of_very_many_a_sample(make_ticket: Make, policy: SlaPolicy, brand: Brand, manager: User) -> None:
    with clock.frozen(MORNING):
        for _number in range(10):
            make_ticket()
    shorter(policy, brand)
    with clock.frozen(MORNING + timedelta(minutes=1)), mock.patch.object(preview, "EXACT", 4):
        seen = preview.preview(policy=None, viewer=manager)
    assert (seen.open_cases, seen.step, seen.is_sample) == (10, 3, True)
    assert 3 <= seen.looked_at <= 4
    with clock.frozen(MORNING + timedelta(minutes=1)), mock.patch.object(preview, "AT_ONCE", 3):
        whole = preview.preview(policy=None, viewer=manager)
    assert (whole.looked_at, whole.is_sample) == (10, False)


def test_only_the_farthest_are_listed(
    make_ticket: Make, policy: SlaPolicy, brand: Brand, manager: User, monkeypatch: Any
) -> None:
    with clock.frozen(MORNING):
        for _number in range(3):
            make_ticket()
    SlaTarget.objects.filter(policy=policy, kind=TimerKind.RESOLUTION).update(minutes=60)
    SlaTarget.objects.filter(policy=policy, kind=TimerKind.FIRST_RESPONSE).update(minutes=50)
    monkeypatch.setattr(preview, "MOST_LISTED", 3)
    with clock.frozen(MORNING + timedelta(minutes=1)):
        seen = preview.preview(policy=None, viewer=manager)
    assert [change.kind for change in seen.biggest] == [TimerKind.RESOLUTION] * 3


def test_a_case_without_a_calendar_is_told(
    make_ticket: Make, policy: SlaPolicy, other_brand: Brand, other_team: Team, administrator: User
) -> None:
    make_ticket(brand=other_brand)
    Calendar.objects.filter(brand=other_brand).update(brand=None)
    seen = preview.preview(policy=None, viewer=administrator)
    assert (seen.without_calendar, seen.looked_at) == (1, 1)
