"""A sweep that is killed again and again, whose queue is emptied, beside which others sweep: each step is taken once.

Real Celery workers and ``kill -9``. The moments are drawn by chance and met by what the database has come to: the ids
that events draw rise within a transaction, so a kill falls into the middle of a batch as well as between two.
"""

from __future__ import annotations

import os
import random
import threading
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import redis
from django.db import connection, transaction

from accounts.models import User
from helpdesk.lib import clock
from helpdesk.lib.redis_urls import next_database
from tests.cast import step_of
from tests.crowd import all_at_once
from tests.smtp import smtp_server, wait_until
from tests.times import shanghai
from tests.worker import Worker, ask_until, start_worker, wait_until_somebody_waits
from tickets import actors
from tickets.actions import escalation
from tickets.actions.assignment import take
from tickets.actions.messages import reply
from tickets.actions.status import change_status
from tickets.choices import EscalationAct, EventKind, Priority, Status, TimerKind
from tickets.models import EscalationStep, Event, Notice, SlaPolicy, SlaTarget, StepTaken, Ticket, Timer
from tickets.tasks.escalation import TASK

__all__ = ["smtp_server", "start_worker"]

pytestmark = pytest.mark.django_db(transaction=True)
MakeTicket = Callable[..., Ticket]
Start = Callable[..., Worker]
FIRST, SOLUTION = TimerKind.FIRST_RESPONSE, TimerKind.RESOLUTION
STEPS = [
    (50, EscalationAct.TELL_ASSIGNEE),
    (80, EscalationAct.TELL_LEAD),
    (None, EscalationAct.TELL_ASSIGNEE),
    (None, EscalationAct.TELL_LEAD),
]


@pytest.fixture
def steps(policy: SlaPolicy, lead: User) -> None:
    """Two before the end and two at it; a first reply that is late raises the priority, which moves its clock."""
    EscalationStep.objects.all().delete()
    for kind in (FIRST, SOLUTION):
        for percent, act in STEPS:
            step_of(policy, kind, at_percent=percent, act=act)
    step_of(policy, FIRST, act=EscalationAct.RAISE_PRIORITY)
    SlaTarget.objects.filter(priority=Priority.HIGH, kind=FIRST).update(minutes=30)


class Story:
    """Cases whose clocks all ran out while nobody swept, the workers, and what chance does to them."""

    def __init__(self, start: Start, cases: list[Ticket]) -> None:
        self.start, self.cases = start, cases
        self.due = dict(Timer.objects.values_list("pk", "due_at"))
        self.workers: dict[str, Worker] = {}
        self.chance = random.Random(20260304)

    def hire(self) -> None:
        name = f"worker-{len(self.workers)}"
        # The name by which PostgreSQL knows it.
        self.workers[name] = self.start(PGAPPNAME=name)

    def kill_in_the_middle(self, further: tuple[int, int]) -> None:
        """The one that sweeps, when so many events more were begun."""
        goal = events_begun() + self.chance.randint(*further)
        ask_until(lambda: events_begun() >= goal or not due(), task=TASK)
        wait_until(lambda: sweeping() or not due(), what="a worker that sweeps")
        assert due(), "there was work left for the kill to fall into"
        victim = self.workers[sweeping()]
        assert victim.process.poll() is None
        victim.kill()

    def finish(self) -> None:
        """With other sweeps at the same time, which no lock keeps away."""
        ask_until(lambda: bool(sweeping()) or not due(), task=TASK)
        all_at_once([lambda: escalation.sweep(limit=40)] * 2)
        ask_until(lambda: not due(), task=TASK, what="no clock waits any more")
        wait_until(lambda: not sweeping(), what="the end of the sweep")


def events_begun() -> int:
    """Ids are drawn at once, whatever becomes of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM tickets_event_id_seq")
        return int(cursor.fetchone()[0])


def sweeping() -> str:
    """The worker that holds the lock of the sweep; empty when none does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT application_name FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE locktype = 'advisory'"
            " AND granted AND application_name LIKE 'worker-%%' AND datname = current_database()"
        )
        row = cursor.fetchone()
        return str(row[0]) if row else ""


def due() -> int:
    return Timer.objects.filter(check_at__lte=clock.now()).count()


def empty_redis() -> None:
    """Queue and cache, with all that waits in them."""
    for url in (os.environ["REDIS_URL"], next_database(os.environ["REDIS_URL"])):
        redis.Redis.from_url(url).flushdb()


def late_cases(make_ticket: MakeTicket, agent: User, count: int) -> list[Ticket]:
    """Opened ten days ago; somebody has every second one."""
    with clock.frozen(clock.now() - timedelta(days=10)):
        cases = [make_ticket() for _number in range(count)]
        for case in cases[::2]:
            take(case, by=actors.staff(agent))
    return cases


def heard() -> Counter[tuple[int, int]]:
    """Who was told of which event, and how often."""
    return Counter(Notice.objects.filter(kind="escalation").values_list("event_id", "person_id"))


def check(story: Story, agent: User, lead: User) -> None:
    """Everything happened, and nothing twice."""
    timers = list(Timer.objects.all())
    assert {timer.pk: timer.breached_at for timer in timers} == story.due
    assert all(timer.breach_cause for timer in timers)
    breached = Event.objects.filter(kind=EventKind.BREACHED)
    assert Counter(event.data["timer_id"] for event in breached) == Counter(list(story.due))
    check_steps(timers)
    check_notices(agent, lead)
    raised = Event.objects.filter(kind=EventKind.PRIORITY_CHANGED).values_list("ticket_id", flat=True)
    assert Counter(raised) == Counter(case.pk for case in story.cases)
    assert set(Ticket.objects.values_list("priority", flat=True)) == {Priority.HIGH}
    assert not Timer.objects.exclude(check_at=None).exists(), "nothing is left to look at"


def check_steps(timers: list[Timer]) -> None:
    rows = list(EscalationStep.objects.all())
    wanted = {(timer.pk, step.pk) for timer in timers for step in rows if step.kind == timer.kind}
    assert Counter(StepTaken.objects.values_list("timer_id", "step_id")) == Counter(wanted)
    told = Event.objects.filter(kind=EventKind.ESCALATED)
    names = {step.pk: (step.act, step.at_percent) for step in rows}
    assert Counter(
        (event.data["timer_id"], event.data["act"], event.data["at_percent"]) for event in told
    ) == Counter((timer, *names[step]) for timer, step in wanted)


def check_notices(agent: User, lead: User) -> None:
    told = Event.objects.filter(kind=EventKind.ESCALATED).select_related("ticket")
    to_lead = {(event.pk, lead.pk) for event in told if event.data["act"] == EscalationAct.TELL_LEAD}
    to_agent = {
        (event.pk, agent.pk)
        for event in told
        if event.data["act"] == EscalationAct.TELL_ASSIGNEE and event.ticket.assignee_id == agent.pk
    }
    assert heard() == Counter(to_lead | to_agent)


def test_killed_twice_and_the_queue_emptied(
    start_worker: Start, make_ticket: MakeTicket, agent: User, lead: User, steps: None
) -> None:
    story = Story(start_worker, late_cases(make_ticket, agent, 75))
    for _kill in range(2):
        story.hire()
        story.kill_in_the_middle((20, 400))
        empty_redis()
    assert due() == 150, "each kill fell into the middle of the only batch, of which nothing is left"
    story.hire()
    story.finish()
    check(story, agent, lead)


@pytest.mark.long
def test_two_thousand_clocks_five_kills_two_workers(
    start_worker: Start, make_ticket: MakeTicket, agent: User, lead: User, steps: None
) -> None:
    story = Story(start_worker, late_cases(make_ticket, agent, 1000))
    story.hire()
    for kill in range(5):
        # Another stands by: it takes over, or finds the place of the killed one free.
        story.hire()
        story.kill_in_the_middle((50, 2000))
        if kill == 2:
            empty_redis()
    story.hire()
    story.finish()
    check(story, agent, lead)


def sweep_at(at: datetime) -> int:
    with clock.frozen(at):
        return escalation.sweep()


Pairs = Counter[tuple[int, int]]


def written() -> tuple[list[int], Pairs, Pairs]:
    """Events of broken promises and of steps, the steps taken, and who was told of what."""
    events = Event.objects.filter(kind__in=[EventKind.BREACHED, EventKind.ESCALATED]).order_by("pk")
    steps = Counter(StepTaken.objects.values_list("timer_id", "step_id"))
    return list(events.values_list("pk", flat=True)), steps, heard()


@pytest.fixture
def opened(make_ticket: MakeTicket, agent: User, lead: User) -> Ticket:
    """First reply due on Monday at 11; the cast's steps: two at the end, the lead is told an hour later."""
    with clock.frozen(shanghai(2, 10)):
        return take(make_ticket(), by=actors.staff(agent))


def test_a_clock_set_back_repeats_nothing(opened: Ticket) -> None:
    assert sweep_at(shanghai(2, 11, 20)) == 1
    before = written()
    for minute in (0, 30, 60, 70, 80):
        sweep_at(shanghai(2, 10) + timedelta(minutes=minute))
        assert written() == before


def test_what_people_do_by_a_clock_set_back_repeats_nothing(opened: Ticket, agent: User) -> None:
    """Going on from an earlier moment, it is not broken a second time."""
    sweep_at(shanghai(2, 11))
    before = written()
    with clock.frozen(shanghai(2, 10, 50)):
        change_status(opened, to=Status.PENDING, by=actors.staff(agent))
    with clock.frozen(shanghai(2, 10, 55)):
        change_status(opened, to=Status.OPEN, by=actors.staff(agent))
    first = Timer.objects.get(kind=FIRST)
    assert first.due_at == shanghai(2, 11), "broken then, it stays due then"
    for minute in (0, 5, 30):
        sweep_at(shanghai(2, 11, minute))
        assert written() == before
    assert first.breached_at == shanghai(2, 11)
    sweep_at(shanghai(2, 12, 5))
    assert [event.data["act"] for event in Event.objects.filter(kind=EventKind.ESCALATED).order_by("pk")] == [
        EscalationAct.TELL_ASSIGNEE,
        EscalationAct.RAISE_PRIORITY,
        EscalationAct.TELL_LEAD,
    ]


def test_a_promise_kept_after_it_was_found_due_takes_no_step(opened: Ticket, agent: User) -> None:
    swept: list[int] = []

    def at_eleven() -> None:
        swept.append(sweep_at(shanghai(2, 11)))
        connection.close()

    sweep = threading.Thread(target=at_eleven)
    with transaction.atomic():
        with connection.cursor() as cursor:
            # The sweep has found the clock due, and waits here on its way to the ticket.
            cursor.execute("LOCK TABLE tickets_ticket IN ACCESS EXCLUSIVE MODE")
        sweep.start()
        wait_until_somebody_waits()
        with clock.frozen(shanghai(2, 10, 59, 59)):
            reply(opened, body="It has arrived.", by=actors.staff(agent))
    sweep.join()
    assert swept == [0]
    assert written() == ([], Counter(), Counter())
    assert Timer.objects.get(kind=FIRST).breached_at is None
