"""Tasks in real workers: what fails for a moment is tried again, what fails for good is written down."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from celery.signals import worker_process_init
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection

import helpdesk.tasks  # noqa: F401 - with the next one, what a worker imports
import tickets.tasks  # noqa: F401
from accounts.models import User
from helpdesk.celery import SCHEDULE, app
from helpdesk.lib import clock
from helpdesk.lib.tasks import DeskTask
from helpdesk.models import FailedTask, FailedTaskState
from tests.smtp import DEADLINE, MailServer, smtp_server, wait_until
from tests.worker import DELIVER, Worker, ask, ask_until, held, start_worker, wait_until_somebody_waits
from tickets import actors
from tickets.actions.failed_tasks import run_again
from tickets.choices import MailState
from tickets.models import OutboxMail, Ticket

__all__ = ["smtp_server", "start_worker"]
pytestmark = pytest.mark.django_db(transaction=True)
Start = Callable[[], Worker]
CLEAR = "helpdesk.clear_sessions"
MAIL_LOCK = "LOCK TABLE tickets_outboxmail IN ACCESS EXCLUSIVE MODE"


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@contextmanager
def without_the_table_of_sessions() -> Iterator[None]:
    """A lasting fault: a migration that was forgotten, say."""
    run("ALTER TABLE django_session RENAME TO django_session_gone")
    try:
        yield
    finally:
        run("ALTER TABLE django_session_gone RENAME TO django_session")


def the_failed_task() -> FailedTask:
    wait_until(FailedTask.objects.exists, what="a task written down as failed")
    return FailedTask.objects.get()


def test_every_task_is_one_of_ours() -> None:
    app.loader.import_default_modules()  # as a worker does
    ours = {name: task for name, task in app.tasks.items() if not name.startswith("celery.")}
    assert {entry["task"] for entry in SCHEDULE.values()} <= set(ours)
    for name, task in ours.items():
        assert isinstance(task, DeskTask), name
        assert task.acks_late, name
        assert task.reject_on_worker_lost, name
        assert task.max_retries == DeskTask.max_retries, name


def test_limits_leave_room_for_one_another() -> None:
    """What is still at work, or waits for another try, is not handed out a second time."""
    visible_again: Any = settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]
    assert settings.CELERY_TASK_SOFT_TIME_LIMIT < settings.CELERY_TASK_TIME_LIMIT < visible_again
    longest_pause = DeskTask.retry_backoff * 2 ** (DeskTask.max_retries - 1)
    assert min(longest_pause, DeskTask.retry_backoff_max) + settings.CELERY_TASK_TIME_LIMIT < visible_again
    assert settings.CELERY_WORKER_PREFETCH_MULTIPLIER == 1


def test_postgresql_ends_a_statement_at_the_soft_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Or a task that waits for a lock would never hear of the limit."""
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "options", "-c join_collapse_limit=4")
    worker_process_init.send(sender=None)
    workers = connection.copy()
    with workers.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("4min",)
        cursor.execute("SHOW join_collapse_limit")
        assert cursor.fetchone() == ("4",)
    workers.close()


def test_a_connection_cut_off_is_tried_again(
    start_worker: Start, smtp_server: MailServer, make_ticket: Callable[..., Ticket]
) -> None:
    make_ticket()
    start_worker()
    with held(MAIL_LOCK):
        ask()
        wait_until_somebody_waits()
        run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    # Nobody asks again: it comes back by itself.
    wait_until(lambda: OutboxMail.objects.filter(state=MailState.SENT).exists(), what="the mail sent")
    assert len(smtp_server.received) == 1
    assert not FailedTask.objects.exists()


def test_what_fails_for_good_is_one_row(start_worker: Start, administrator: User) -> None:
    Session.objects.create(session_key="old", session_data="", expire_date=clock.now() - timedelta(days=1))
    start_worker()
    with without_the_table_of_sessions():
        ask(CLEAR)
        failed = the_failed_task()
        assert (failed.name, failed.args, failed.kwargs, failed.times) == (CLEAR, [], {}, 1)
        assert failed.error.startswith("ProgrammingError: relation")
        assert "call_command" in failed.traceback
        ask(CLEAR)
        wait_until(lambda: FailedTask.objects.filter(times=2).exists(), what="counted up")
        assert FailedTask.objects.get().first_failed_at == failed.first_failed_at
    run_again(failed, by=actors.staff(administrator))
    wait_until(lambda: not Session.objects.exists(), what="run again, with success")
    settled = FailedTask.objects.get()
    assert (settled.state, settled.times, settled.settled_by) == (FailedTaskState.RETRIED, 2, "Ada")


def test_run_again_and_failed_again_is_open_again(start_worker: Start, administrator: User) -> None:
    with without_the_table_of_sessions():
        start_worker()
        ask(CLEAR)
        run_again(the_failed_task(), by=actors.staff(administrator))
        wait_until(lambda: FailedTask.objects.filter(times=2, state=FailedTaskState.OPEN).exists())
    assert FailedTask.objects.get().settled_by == ""


def test_transient_trouble_that_lasts(start_worker: Start, make_ticket: Callable[..., Ticket]) -> None:
    make_ticket()
    start_worker()
    with held(MAIL_LOCK):
        ask(retries=DeskTask.max_retries)  # as often tried as it may be
        wait_until_somebody_waits()
        run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
        failed = the_failed_task()
    assert failed.name == DELIVER
    assert failed.error.startswith("OperationalError: ")
    assert failed.times == 1


def test_a_task_that_nobody_knows(start_worker: Start) -> None:
    start_worker()
    ask("tickets.misspelt", args=[7], kwargs={"ticket": 12})
    failed = the_failed_task()
    assert (failed.name, failed.args, failed.kwargs) == ("tickets.misspelt", [7], {"ticket": 12})
    assert "no worker knows" in failed.error


@pytest.mark.long
def test_a_killed_process_is_no_failure_until_it_happens_too_often(
    start_worker: Start, smtp_server: MailServer, make_ticket: Callable[..., Ticket]
) -> None:
    make_ticket()
    worker = start_worker()
    barrier = smtp_server.hold_at("data")
    ask(retries=DeskTask.max_retries - 1)
    assert barrier.reached.wait(DEADLINE)
    again = smtp_server.hold_at("data")
    worker.kill_child()
    assert again.reached.wait(DEADLINE), "it comes back by itself"
    assert not FailedTask.objects.exists()
    worker.kill_child()
    failed = the_failed_task()
    assert failed.name == DELIVER
    assert failed.error.startswith("WorkerLostError: ")


@pytest.mark.long
def test_the_soft_limit_ends_a_task_and_lets_go_of_its_lock(
    start_worker: Start, smtp_server: MailServer, make_ticket: Callable[..., Ticket]
) -> None:
    make_ticket()
    worker = start_worker()
    barrier = smtp_server.hold_at("data")
    ask(soft_time_limit=2)
    assert barrier.reached.wait(DEADLINE)
    before = worker.children
    failed = the_failed_task()
    assert failed.error.startswith("SoftTimeLimitExceeded")
    barrier.release()
    ask_until(lambda: OutboxMail.objects.filter(state=MailState.SENT).exists(), what="sent by a later run")
    assert worker.children == before, "the process lives, and nobody else holds the lock"


@pytest.mark.long
def test_the_hard_limit_is_told_once(start_worker: Start, make_ticket: Callable[..., Ticket]) -> None:
    make_ticket()
    worker = start_worker()
    with held(MAIL_LOCK):
        ask(time_limit=2, soft_time_limit=1)
        wait_until_somebody_waits()
        before = worker.children
        failed = the_failed_task()
        assert failed.error.startswith("TimeLimitExceeded")
        wait_until(lambda: worker.children and worker.children != before, what="a new process")
    ask_until(lambda: OutboxMail.objects.filter(state=MailState.SENT).exists())
    assert FailedTask.objects.get().times == 1
