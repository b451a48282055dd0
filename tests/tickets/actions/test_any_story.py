"""Whatever people do to cases, in whatever order and at whatever moment: the clocks stay right.

What ran is reckoned beside the product, hour by hour on the wall. Cases are opened in Berlin a few days before
clocks go forward; another team works in Shanghai, with public holidays ahead.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from accounts.models import Brand, Customer, Team, User
from helpdesk.lib import clock
from helpdesk.lib.errors import DomainError
from tests.cast import step_of
from tickets import actors
from tickets.actions import escalation, recalculation
from tickets.actions.assignment import move_to_team
from tickets.actions.merging import merge
from tickets.actions.messages import customer_reply, judge, reply
from tickets.actions.policies import new_version
from tickets.actions.status import change_status
from tickets.actions.taking_back import take_back
from tickets.actions.tickets import NewTicket, mark_complaint, open_ticket, set_category, set_priority
from tickets.actions.timers import key_of
from tickets.choices import (
    Complaints,
    Counting,
    EscalationAct,
    EventKind,
    Nature,
    Priority,
    Status,
    TimerKind,
    TimerState,
)
from tickets.models import (
    Calendar,
    CalendarHours,
    Category,
    Event,
    Message,
    SlaPolicy,
    SlaTarget,
    Ticket,
    Timer,
)
from tickets.queries.clocks import explained
from tickets.rules.explanation import Phase

START = datetime(2026, 3, 26, 7, 30, 11, tzinfo=UTC)
QINGMING = {date(2026, 4, day) for day in (4, 5, 6)}
GOING = (TimerState.RUNNING, TimerState.PAUSED)
ENDS = {EventKind.TIMER_MET, EventKind.TIMER_MISSED, EventKind.TIMER_CANCELLED}
HOUR = timedelta(hours=1)

Open = Callable[[datetime], bool]


def in_berlin(at: datetime) -> bool:
    """From Monday to Friday, 9 to 12 and 13 to 18; on Sundays 1 to 4, when clocks are changed."""
    wall = at.astimezone(ZoneInfo("Europe/Berlin"))
    if wall.weekday() == 6:
        return 1 <= wall.hour < 4
    return wall.weekday() < 5 and 9 <= wall.hour < 18 and wall.hour != 12


def in_shanghai(at: datetime) -> bool:
    """From Monday to Friday, 22 to 6 of the next morning; not on the nights that begin on a public holiday."""
    wall = at.astimezone(ZoneInfo("Asia/Shanghai"))
    begun = wall.date() if wall.hour >= 22 else wall.date() - timedelta(days=1)
    return (wall.hour >= 22 or wall.hour < 6) and begun.weekday() < 5 and begun not in QINGMING


def counted(is_open: Open, start: datetime, end: datetime) -> float:
    """Seconds in which it is open; hours begin and clocks are changed at whole hours."""
    total = 0.0
    while start < end:
        stop = min(end, start.replace(minute=0, second=0, microsecond=0) + HOUR)
        total += (stop - start).total_seconds() * is_open(start)
        start = stop
    return total


class Desk:
    """Two teams, two categories with policies of their own, and a law for complaints."""

    def __init__(
        self, brand: Brand, customer: Customer, agent: User, manager: User, teams: list[Team]
    ) -> None:
        self.brand, self.customer, self.teams = brand, customer, teams
        self.by, self.manager = actors.staff(agent), actors.staff(manager)
        self.them = actors.customer(customer)
        berlin = Calendar.objects.get(brand=brand)
        berlin.time_zone = "Europe/Berlin"
        berlin.hours.all().delete()
        for weekday in range(5):
            _hours(berlin, weekday, (9, 12), (13, 18))
        _hours(berlin, 6, (1, 4))
        shanghai = Calendar.objects.create(
            name="nights", team=teams[1], time_zone="Asia/Shanghai", holiday_country="CN"
        )
        for weekday in range(5):
            _hours(shanghai, weekday, (22, 6))
        self.open: dict[int | None, Open] = {
            berlin.pk: in_berlin,
            shanghai.pk: in_shanghai,
            None: lambda at: True,
        }
        self.policy = _policy(
            "Questions",
            {TimerKind.FIRST_RESPONSE: 61, TimerKind.NEXT_RESPONSE: 120, TimerKind.PERIODIC_UPDATE: 480},
            position=20,
        )
        _target(self.policy, TimerKind.RESOLUTION, 960)
        _target(self.policy, TimerKind.RESOLUTION, 300, priority=Priority.URGENT)
        money = _policy("Money", {TimerKind.NEXT_RESPONSE: 1}, position=10)
        money.pauses_on = [Status.PENDING.value, Status.ON_HOLD.value]
        money.save()
        _target(money, TimerKind.RESOLUTION, 3000, counting=Counting.ELAPSED)
        self.categories = [
            Category.objects.create(slug=slug, name_zh=slug, name_en=slug, team=team)
            for slug, team in zip(("questions", "money"), teams, strict=True)
        ]
        money.categories.set(self.categories[1:])
        law = _policy("Law", {}, position=5, is_statutory=True, pauses_on=[], complaints=Complaints.ONLY)
        _target(law, TimerKind.RESOLUTION, 8 * 24 * 60, counting=Counting.ELAPSED)
        _target(law, TimerKind.FIRST_RESPONSE, 24 * 60, counting=Counting.WORKING)
        law.steps.all().delete()


def _hours(calendar: Calendar, weekday: int, *spans: tuple[int, int]) -> None:
    for opens, closes in spans:
        CalendarHours.objects.create(
            calendar=calendar, weekday=weekday, opens=time(opens), closes=time(closes)
        )
    calendar.save()


def _target(policy: SlaPolicy, kind: TimerKind, minutes: int, **values: Any) -> None:
    SlaTarget.objects.create(policy=policy, kind=kind, minutes=minutes, **values)


def _policy(name: str, targets: dict[TimerKind, int], **values: Any) -> SlaPolicy:
    made = SlaPolicy.objects.create(name=name, **values)
    for kind, minutes in targets.items():
        _target(made, kind, minutes)
    for kind in (TimerKind.RESOLUTION, TimerKind.NEXT_RESPONSE):
        step_of(made, kind, at_percent=50, act=EscalationAct.TELL_LEAD)
        step_of(made, kind, at_percent=99, act=EscalationAct.ADD_NOTE, text="Nearly over.")
        step_of(made, kind, act=EscalationAct.RAISE_PRIORITY)
        step_of(made, kind, after_minutes=30, act=EscalationAct.TELL_MANAGER)
    return made


class Story(RuleBasedStateMachine):
    desk: ClassVar[Desk]

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.tickets: list[int] = []
        self.swept = False
        #: By clock: what ran, as reckoned here; and how often the product rounded to whole seconds.
        self.used: dict[int, float] = {}
        self.rounded: Counter[int] = Counter()
        self.before: dict[int, Timer] = {}
        self.world = transaction.atomic()
        self.world.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.world.__exit__(None, None, None)

    # What people do

    @initialize()
    def somebody_writes(self) -> None:
        with self.acting():
            self.open_case(0)

    @rule(place=st.integers(0, 1))
    def another_case(self, place: int) -> None:
        if len(self.tickets) < 3:
            with self.acting():
                self.open_case(place)

    def open_case(self, place: int) -> None:
        desk = self.desk
        new = NewTicket(
            brand=desk.brand, customer=desk.customer, body="Where is it?", category=desk.categories[place]
        )
        self.tickets.append(open_ticket(new, by=desk.them).pk)

    @rule(
        seconds=st.one_of(
            st.integers(1, 7_200), st.integers(3_600, 200_000), st.sampled_from([3_660, 57, 86_400])
        )
    )
    def time_passes(self, seconds: int) -> None:
        before, self.now = self.now, self.now + timedelta(seconds=seconds)
        self.swept = False
        for timer in self.before.values():
            if timer.state == TimerState.RUNNING:
                assert timer.running_since is not None
                since = max(before, timer.running_since)
                self.used[timer.pk] += counted(self.desk.open[timer.calendar_id], since, self.now)

    @rule()
    def the_sweep_comes_by(self) -> None:
        with self.acting():
            while escalation.sweep():
                pass
        self.swept = True

    @rule(
        which=st.integers(0, 2), then=st.sampled_from([None, Status.PENDING, Status.SOLVED, Status.ON_HOLD])
    )
    def we_reply(self, which: int, then: Status | None) -> None:
        with self.acting():
            reply(self.case(which), body="We look into it.", by=self.desk.by, then=then)

    @rule(
        which=st.integers(0, 2),
        text=st.sampled_from(["When will it arrive?", "Thanks!", "谢谢", "还是没有到账，怎么办？"]),
    )
    def they_reply(self, which: int, text: str) -> None:
        with self.acting():
            message = customer_reply(self.case(which), body=text, by=self.desk.them)
            if message.ticket_id not in self.tickets:
                self.tickets.append(message.ticket_id)

    @rule(which=st.integers(0, 2), last=st.integers(1, 3), nature=st.sampled_from(Nature))
    def somebody_judges(self, which: int, last: int, nature: Nature) -> None:
        said = Message.objects.filter(ticket=self.case(which), author_kind="customer").order_by("-pk")
        with self.acting():
            for message in said[last - 1 : last]:
                judge(message, nature=nature, by=self.desk.by)

    @rule(which=st.integers(0, 2), last=st.integers(1, 2))
    def we_take_back(self, which: int, last: int) -> None:
        said = Message.objects.standing().filter(ticket=self.case(which), author_kind="staff").order_by("-pk")
        with self.acting():
            for message in said[last - 1 : last]:
                take_back(message, by=self.desk.by)

    @rule(which=st.integers(0, 2), to=st.sampled_from(Status))
    def status(self, which: int, to: Status) -> None:
        with self.acting():
            change_status(self.case(which), to=to, by=self.desk.by)

    @rule(which=st.integers(0, 2), to=st.sampled_from(Priority))
    def priority(self, which: int, to: Priority) -> None:
        with self.acting():
            set_priority(self.case(which), priority=to, by=self.desk.by)

    @rule(which=st.integers(0, 2), place=st.integers(0, 1))
    def category(self, which: int, place: int) -> None:
        with self.acting():
            set_category(self.case(which), category=self.desk.categories[place], by=self.desk.by)

    @rule(which=st.integers(0, 2), place=st.integers(0, 1))
    def team(self, which: int, place: int) -> None:
        with self.acting():
            move_to_team(self.case(which), team=self.desk.teams[place], by=self.desk.by)

    @rule(which=st.integers(0, 2), is_complaint=st.booleans())
    def complaint(self, which: int, is_complaint: bool) -> None:
        with self.acting():
            mark_complaint(self.case(which), is_complaint=is_complaint, by=self.desk.by)

    @rule(one=st.integers(0, 2), other=st.integers(0, 2))
    def merged(self, one: int, other: int) -> None:
        with self.acting():
            merge(self.case(one), into=self.case(other), by=self.desk.by)

    @rule(versions=st.booleans())
    def the_present_policies_are_applied(self, versions: bool) -> None:
        with self.acting():
            if versions:
                held = SlaPolicy.objects.filter(name=self.desk.policy.name).latest("pk")
                new_version(held, valid_from=self.now, by=self.desk.manager)
            recalculation.request(policy=None, by=self.desk.manager)
            while recalculation.work():
                pass

    def case(self, which: int) -> Ticket:
        return Ticket.objects.get(pk=self.tickets[which % len(self.tickets)])

    @contextmanager
    def acting(self) -> Iterator[None]:
        """What a verb refuses changes nothing; what it does is booked here beside."""
        with clock.frozen(self.now):
            try:
                with transaction.atomic():
                    yield
            except DomainError:
                pass
        self.swept = False
        after = {timer.pk: timer for timer in Timer.objects.filter(ticket__in=self.tickets)}
        for timer in after.values():
            self.book(timer)
        self.before = after

    def book(self, timer: Timer) -> None:
        before = self.before.get(timer.pk)
        takes_over = Event.objects.filter(
            at=self.now, kind=EventKind.TIMER_CHANGED, data__timer_id=timer.pk, data__why="merged"
        )
        if before is None or takes_over.exists():
            # What it began with is its own; what is owed since earlier is reckoned here.
            self.used[timer.pk] = timer.used_seconds + self.since(timer)
        elif before.state != TimerState.RUNNING and timer.state == TimerState.RUNNING:
            # At once, or since an earlier moment: what a reply that was taken back had stopped. That stretch may be
            # booked already, where what decides was changed meanwhile.
            gone = timer.used_seconds - before.used_seconds + self.since(timer)
            if before.state == TimerState.DONE and before.done_at is not None:
                stretch = counted(self.desk.open[before.calendar_id], before.done_at, self.now)
                assert min(gone, abs(stretch - gone)) <= 1.5, timer
            self.used[timer.pk] += gone
        if before is None or before.used_seconds != timer.used_seconds:
            self.rounded[timer.pk] += 1

    def since(self, timer: Timer) -> float:
        if timer.running_since is None:
            return 0
        return counted(self.desk.open[timer.calendar_id], timer.running_since, self.now)

    # What must hold

    @invariant()
    def one_clock_for_each_promise(self) -> None:
        for ticket in self.tickets:
            keys = Counter(
                key_of(timer)
                for timer in self.before.values()
                if timer.ticket_id == ticket and timer.state in GOING
            )
            assert set(keys.values()) <= {1}, keys

    @invariant()
    def the_case_says_what_its_clocks_say(self) -> None:
        for ticket in Ticket.objects.filter(pk__in=self.tickets):
            timers = [timer for timer in self.before.values() if timer.ticket_id == ticket.pk]
            dues = [timer.due_at for timer in timers if timer.due_at]
            assert ticket.due_at == min(dues, default=None)
            assert ticket.is_breached == any(timer.breached_at for timer in timers)
            going = [timer for timer in timers if timer.state in GOING]
            if not ticket.is_active:
                assert going == []
            for timer in going:
                stands = ticket.status in timer.pauses_on
                assert (timer.state == TimerState.PAUSED) == stands, (timer, ticket.status)

    @invariant()
    def each_clock_is_of_one_piece(self) -> None:
        for timer in self.before.values():
            runs = timer.state == TimerState.RUNNING
            assert runs == (timer.due_at is not None) == (timer.running_since is not None), timer
            assert runs or timer.check_at is None
            assert (timer.state in GOING) == (timer.done_at is None)
            assert not (timer.is_statutory and timer.state == TimerState.PAUSED)
            assert timer.breached_at is None or timer.breached_at <= self.now
            if timer.due_at and self.swept:
                assert timer.check_at is None or timer.check_at > self.now
                assert (timer.due_at > self.now) or timer.breached_at

    @invariant()
    def what_ran_is_what_was_worked(self) -> None:
        for timer in self.before.values():
            ran = timer.used_seconds + self.since(timer)
            assert abs(ran - self.used[timer.pk]) <= 1 + self.rounded[timer.pk] / 2, timer
            left = timer.target_seconds - timer.used_seconds
            if timer.due_at and timer.running_since and left > 0:
                open_ = self.desk.open[timer.calendar_id]
                assert abs(counted(open_, timer.running_since, timer.due_at) - left) < 1
                assert open_(timer.due_at - timedelta(seconds=1))

    @invariant()
    def the_log_says_the_same(self) -> None:
        for timer in self.before.values():
            rows = Event.objects.filter(ticket_id=timer.ticket_id, data__timer_id=timer.pk).order_by("pk")
            kinds = [row.kind for row in rows if row.kind.startswith("timer_")]
            assert kinds[0] == EventKind.TIMER_STARTED
            assert (kinds[-1] in ENDS) == (timer.state not in GOING)
            if timer.state == TimerState.PAUSED:
                assert EventKind.TIMER_PAUSED in kinds
            if timer.breached_at is not None:
                assert timer.breach_cause
                merged = any(row.data.get("why") == "merged" for row in rows)
                assert merged or any(row.kind == EventKind.BREACHED for row in rows)
            if timer.state == TimerState.DONE:
                assert kinds[-1] == (EventKind.TIMER_MISSED if timer.breached_at else EventKind.TIMER_MET)
            steps = Counter(
                (row.data["act"], row.data["at_percent"], row.data["after_minutes"])
                for row in rows
                if row.kind == EventKind.ESCALATED
            )
            assert set(steps.values()) <= {1}, steps

    @invariant()
    def each_due_time_can_be_explained(self) -> None:
        with clock.frozen(self.now):
            for ticket in Ticket.objects.filter(pk__in=self.tickets).select_related("brand"):
                timers = list(Timer.objects.filter(ticket=ticket).select_related("calendar", "policy"))
                for told in explained(ticket, timers):
                    words = [told.summary, *(sentence.text for sentence in told.sentences)]
                    assert told.explanation.agrees, words
                    told_used = told.explanation.used_seconds
                    ran = told.timer.used_seconds + self.since(told.timer)
                    assert abs(told_used - ran) <= 2 + self.rounded[told.timer.pk], words
                    lines = told.explanation.lines
                    added = sum(line.seconds for line in lines if line.phase != Phase.AHEAD)
                    assert added == told_used, words


@pytest.fixture
def desk(
    brand: Brand, customer: Customer, agent: User, lead: User, manager: User, team: Team, other_team: Team
) -> Desk:
    agent.teams.add(other_team)
    return Desk(brand, customer, agent, manager, [team, other_team])


@pytest.fixture(autouse=True)
def much_time_to_take_back(settings: Any) -> None:
    """Longer than anybody may set it, so that much happens between a reply and its taking back."""
    settings.MAIL_UNDO_SECONDS = 6 * 3600


def play(desk: Desk, stories: int, steps: int, story: type[Story] = Story, **more: Any) -> None:
    class Played(story):  # type: ignore[misc,valid-type]
        pass

    Played.desk = desk
    budget = settings(
        max_examples=stories,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        **more,
    )
    run_state_machine_as_test(Played, settings=budget)


def test_a_few_stories(desk: Desk) -> None:
    play(desk, stories=5, steps=12)


@pytest.mark.long
def test_many_stories(desk: Desk) -> None:
    play(desk, stories=150, steps=35)
