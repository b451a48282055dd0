"""kill -9 of the worker between two batches of a recalculation: nothing is lost, nothing is done twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from unittest import mock

import pytest

from accounts.models import User
from helpdesk.lib import clock
from tests.smtp import smtp_server, wait_until
from tests.tickets.tasks.test_tasks import somebody_at_it
from tests.times import shanghai
from tests.worker import Worker, ask, ask_until, held, start_worker, wait_until_somebody_waits
from tickets import actors
from tickets.actions import recalculation
from tickets.actions.recalculation import TASK, request
from tickets.choices import EventKind, RunState, TimerKind
from tickets.models import Event, Recalculation, SlaPolicy, SlaTarget, Ticket
from tickets.tasks import recalculate

__all__ = ["smtp_server", "start_worker"]
Start = Callable[[], Worker]


def halve(policy: SlaPolicy) -> None:
    SlaTarget.objects.filter(policy=policy, kind=TimerKind.RESOLUTION).update(minutes=240)


def changes() -> Counter[int]:
    changed = Event.objects.filter(kind=EventKind.TIMER_CHANGED)
    return Counter(changed.values_list("ticket_id", flat=True))


@pytest.mark.django_db(transaction=True)
def test_killed_between_batches_it_goes_on(
    start_worker: Start, make_ticket: Callable[..., Ticket], policy: SlaPolicy, manager: User
) -> None:
    more = 5
    tickets = [make_ticket() for _number in range(recalculation.BATCH + more)]
    halve(policy)
    request(policy=None, by=actors.staff(manager))
    worker = start_worker()
    # The worker stops at a case of the second batch, when the first is committed and a part of the second is done.
    with held("SELECT 1 FROM tickets_ticket WHERE id = %s FOR UPDATE", str(tickets[-1].pk)):
        ask(TASK)
        wait_until(lambda: Recalculation.objects.get().seen > 0, what="the first batch")
        wait_until_somebody_waits()
        worker.kill()
    run = Recalculation.objects.get()
    assert (run.state, run.seen, run.moved) == (RunState.RUNNING, recalculation.BATCH, recalculation.BATCH)
    assert set(changes()) == {ticket.pk for ticket in tickets[: recalculation.BATCH]}
    start_worker()
    ask_until(lambda: Recalculation.objects.get().state == RunState.DONE, task=TASK, what="done")
    run.refresh_from_db()
    assert (run.seen, run.moved) == (len(tickets), len(tickets))
    assert changes() == Counter({ticket.pk: 1 for ticket in tickets})


def test_the_task_works_all_off(make_ticket: Callable[..., Ticket], policy: SlaPolicy, manager: User) -> None:
    with clock.frozen(shanghai(2, 9)):
        for _number in range(5):
            make_ticket()
        halve(policy)
        request(policy=None, by=actors.staff(manager))
        with mock.patch.object(recalculation, "BATCH", 2):
            recalculate()
    assert (Recalculation.objects.get().state, len(changes())) == (RunState.DONE, 5)


def test_what_takes_longer_than_a_round_asks_for_another(
    make_ticket: Callable[..., Ticket], policy: SlaPolicy, manager: User
) -> None:
    make_ticket()
    request(policy=None, by=actors.staff(manager))
    with (
        mock.patch("tickets.tasks.recalculation.SECONDS", 0.0),
        mock.patch("tickets.tasks.recalculation.wake") as wake,
    ):
        recalculate()
    assert wake.call_args_list == [mock.call(TASK)]


def test_with_nothing_asked_for_it_asks_for_no_round(manager: User) -> None:
    with mock.patch("tickets.tasks.recalculation.wake") as wake:
        recalculate()
    assert not wake.called


@pytest.mark.django_db(transaction=True)
def test_one_at_a_time(make_ticket: Callable[..., Ticket], policy: SlaPolicy, manager: User) -> None:
    make_ticket()
    halve(policy)
    request(policy=None, by=actors.staff(manager))
    with somebody_at_it(TASK):
        recalculate()
        assert Recalculation.objects.get().state == RunState.QUEUED
    recalculate()
    assert Recalculation.objects.get().state == RunState.DONE
