"""What happens by the clock: the worker knows each task, and each does its work once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.conf import settings
from django.db import connection

import helpdesk.tasks  # noqa: F401 - a part of what the worker imports
from accounts.models import User
from helpdesk.celery import SCHEDULE, app
from helpdesk.lib import clock
from helpdesk.lib.single_flight import key_of, single_flight
from tests.crowd import all_at_once
from tests.receiver import Receiver
from tests.smtp import MailServer, smtp, smtp_server
from tests.tickets.hooks import caused, hook, receiver
from tests.tickets.told import tell_of
from tests.times import shanghai
from tickets import actors, tasks
from tickets.actions.assignment import take
from tickets.actions.status import change_status
from tickets.choices import MailState, NoticeKind, Status
from tickets.events import CALLS_TASK, DELIVER_TASK, NOTICES_TASK
from tickets.models import Notice, OutboxMail, SlaPolicy, Ticket, Webhook
from tickets.tasks import (
    close_solved,
    deliver_calls,
    deliver_outbox,
    gather_notices,
    remind_due_soon,
    sweep_timers,
)
from tickets.tasks.notices import DUE_SOON_TASK

__all__ = ["hook", "receiver", "smtp", "smtp_server"]


def test_everything_on_the_clock_is_a_task() -> None:
    """That a worker finds them by itself, tests/tickets/delivery/test_kill.py shows with a real one."""
    app.loader.import_default_modules()
    scheduled = {entry["task"] for entry in SCHEDULE.values()}
    assert scheduled <= set(app.tasks)
    # A worker imports the package alone; other tests import its modules, and would hide one that is left out there.
    found = {getattr(tasks, name).__module__ for name in tasks.__all__}
    ours = {name for name in scheduled if name.startswith("tickets.")}
    assert {app.tasks[name].__module__ for name in ours} <= found
    assert {
        DELIVER_TASK,
        NOTICES_TASK,
        CALLS_TASK,
        "tickets.sweep_timers",
        "tickets.close_solved",
    } <= scheduled


def test_no_tick_outlives_the_next_one() -> None:
    for name, entry in SCHEDULE.items():
        if isinstance(entry["schedule"], float):
            assert entry["options"]["expires"] <= entry["schedule"], name


def test_deliver(make_ticket: Callable[..., Ticket], smtp: MailServer) -> None:
    make_ticket()
    make_ticket()
    deliver_outbox()
    assert len(smtp.received) == 2
    assert set(OutboxMail.objects.values_list("state", flat=True)) == {MailState.SENT}


def test_deliver_asks_for_another_round_when_more_waits(
    make_ticket: Callable[..., Ticket], smtp: MailServer
) -> None:
    make_ticket()
    make_ticket()

    def one_only() -> int:
        from tickets.delivery.sender import deliver

        return deliver(limit=1)

    with (
        mock.patch("tickets.tasks.delivery.deliver", one_only),
        mock.patch("tickets.tasks.delivery.wake") as wake,
    ):
        deliver_outbox()
        assert wake.call_args_list == [mock.call(DELIVER_TASK)]
        deliver_outbox()
        assert wake.call_count == 1, "nothing is left"


def test_deliver_does_not_storm_a_server_that_is_away(
    make_ticket: Callable[..., Ticket], settings: Any
) -> None:
    make_ticket()
    make_ticket()
    settings.MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    with mock.patch("tickets.tasks.delivery.wake") as wake:
        deliver_outbox()
    assert not wake.called


def test_sweep(make_ticket: Callable[..., Ticket]) -> None:
    with clock.frozen(shanghai(2, 10)):
        tickets = [make_ticket() for _number in range(3)]
    with clock.frozen(shanghai(2, 12)), mock.patch("tickets.actions.escalation.BATCH", 2):
        sweep_timers()
    assert all(Ticket.objects.get(pk=ticket.pk).is_breached for ticket in tickets)


def test_close(ticket: Ticket, agent: User) -> None:
    change_status(ticket, to=Status.SOLVED, by=actors.staff(agent))
    with clock.frozen(clock.now() + timedelta(days=settings.AUTO_CLOSE_DAYS, seconds=1)):
        close_solved()
    assert Ticket.objects.get().status == Status.CLOSED


@contextmanager
def somebody_at_it(name: str) -> Iterator[None]:
    """Another process holds the lock."""
    other = connection.copy()
    ours, single_connection = connection, "helpdesk.lib.single_flight.connection"
    assert other is not ours
    with mock.patch(single_connection, other):
        flight = single_flight(name)
        assert flight.__enter__()
    try:
        yield
    finally:
        other.close()  # as when it is killed: the lock goes with it
        with connection.cursor() as cursor:  # the other end needs a moment to notice
            cursor.execute("SELECT pg_advisory_lock(%s), pg_advisory_unlock(%s)", [key_of(name)] * 2)


@pytest.mark.django_db(transaction=True)
def test_one_at_a_time(make_ticket: Callable[..., Ticket], smtp: MailServer) -> None:
    make_ticket()
    with somebody_at_it(DELIVER_TASK):
        deliver_outbox()
        assert smtp.received == []
        with single_flight("something else") as alone:
            assert alone
    deliver_outbox()
    assert len(smtp.received) == 1


@pytest.mark.django_db(transaction=True)
def test_tasks_of_several_workers_at_once(make_ticket: Callable[..., Ticket], smtp: MailServer) -> None:
    for _number in range(10):
        make_ticket()
    all_at_once([deliver_outbox] * 3)
    deliver_outbox()
    assert len(smtp.received) == 10


def test_notices(ticket: Ticket, agent: User) -> None:
    tell_of(ticket, agent)
    gather_notices()
    assert Notice.objects.get().mail == OutboxMail.objects.get(to=agent.email)


@pytest.mark.django_db(transaction=True)
def test_reminding_one_at_a_time(make_ticket: Callable[..., Ticket], policy: SlaPolicy, agent: User) -> None:
    ticket = take(make_ticket(), by=actors.staff(agent))
    assert ticket.due_at is not None
    with clock.frozen(ticket.due_at - timedelta(minutes=10)):
        with somebody_at_it(DUE_SOON_TASK):
            remind_due_soon()
            assert not Notice.objects.exists()
        remind_due_soon()
        remind_due_soon()
    assert Notice.objects.get().kind == NoticeKind.DUE_SOON


def test_calls(hook: Webhook, receiver: Receiver) -> None:
    for number in range(3):
        caused(hook, f"step:{number}:1")
    deliver_calls()
    assert receiver.ids == ["step:0:1", "step:1:1", "step:2:1"]


def test_calls_do_not_storm_a_receiver_that_is_away(hook: Webhook, receiver: Receiver) -> None:
    receiver.status = 503
    for number in range(3):
        caused(hook, f"step:{number}:1")
    with mock.patch("tickets.tasks.delivery.wake") as wake:
        deliver_calls()
    assert not wake.called
    assert len(receiver.heard) == 1
