"""What is kept of a failed task, and what is not."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from celery.signals import task_failure, task_revoked
from django.db import IntegrityError, connection, transaction

from accounts.models import Brand
from helpdesk import failures, signals
from helpdesk.celery import app
from helpdesk.lib import clock
from helpdesk.models import FailedTask, FailedTaskState
from helpdesk.tasks import forget_failed_tasks
from tests.crowd import all_at_once
from tests.times import shanghai

pytestmark = pytest.mark.django_db


def record(name: str = "tickets.a_task", **told: Any) -> FailedTask:
    given: dict[str, Any] = {"task_id": "1", "args": [7], "kwargs": {"ticket": 12}, "error": "ValueError: no"}
    failures.record(name=name, **given | told)
    return FailedTask.objects.filter(name=name).latest("id")


def test_it_works() -> None:
    with clock.frozen(shanghai(2, 10)):
        first = record(trace="a line")
    assert (first.args, first.kwargs, first.error) == ([7], {"ticket": 12}, "ValueError: no")
    assert (first.times, first.state, first.traceback) == (1, FailedTaskState.OPEN, "a line")
    assert first.first_failed_at == first.last_failed_at == shanghai(2, 10)


def test_the_same_again_is_counted_and_the_news_kept() -> None:
    with clock.frozen(shanghai(2, 10)):
        record()
    with clock.frozen(shanghai(2, 11)):
        again = record(task_id="2", error="KeyError: 'x'")
    assert (again.times, again.error) == (2, "KeyError: 'x'")
    assert (again.first_failed_at, again.last_failed_at) == (shanghai(2, 10), shanghai(2, 11))
    assert record(task_id="3", args=[8]).pk != again.pk, "other arguments are another matter"


def test_one_failure_told_twice_counts_once() -> None:
    record(error="TimeLimitExceeded: 300")
    assert record(error="WorkerLostError: gone").times == 1
    assert FailedTask.objects.get().error == "TimeLimitExceeded: 300"


def test_what_was_settled_is_open_again() -> None:
    record()
    FailedTask.objects.update(state=FailedTaskState.DISMISSED, settled_at=clock.now(), settled_by="Ada")
    again = record(task_id="2")
    assert (again.state, again.settled_at, again.settled_by) == (FailedTaskState.OPEN, None, "")


@pytest.mark.django_db(transaction=True)
def test_several_workers_at_once() -> None:
    acts = [lambda number=number: record(task_id=str(number)) for number in range(5)]
    assert not [problem for problem in all_at_once(acts) if isinstance(problem, Exception)]
    assert FailedTask.objects.get().times == 5


def test_arguments_that_cannot_be_kept() -> None:
    assert record("long", args=["x" * 5000]).args is None
    assert record("no JSON", kwargs={"when": object()}).kwargs is None
    assert not record("long", args=["x" * 5000]).can_run_again
    assert record("fine", args=[], kwargs={}).can_run_again


def test_no_secrets() -> None:
    """No password of an engine's address, and of the traceback files and lines only."""
    password = "hunter2"
    try:
        raise ValueError(f"cannot reach redis://desk:{password}@redis:6379/0")
    except ValueError as problem:
        told = record(error=failures.in_words(problem), trace=failures.where(problem, None))
    assert told.error == "ValueError: cannot reach redis://…@redis:6379/0"
    assert "test_failures.py" in told.traceback
    assert "hunter2" not in told.error + told.traceback


def test_what_the_database_was_given_is_not_kept(brand: Brand) -> None:
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        Brand.objects.create(slug=brand.slug, email="a@example.com")
    assert brand.slug in str(caught.value)
    assert failures.in_words(caught.value) == (
        'IntegrityError: duplicate key value violates unique constraint "accounts_brand_slug_key"'
    )
    assert failures.in_words(KeyError()) == "KeyError"


def test_long_texts_are_cut() -> None:
    told = record(error="x" * 9000, trace="y" * 90_000 + "the last line")
    assert len(told.error) == 500
    assert told.traceback.endswith("the last line")


def test_forgotten_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    with clock.frozen(shanghai(2, 10)):
        for name in ("open", "settled", "settled late"):
            record(name)
    late = shanghai(2, 10) + timedelta(days=20)
    FailedTask.objects.filter(name="settled").update(
        state=FailedTaskState.RETRIED, settled_at=shanghai(2, 10)
    )
    FailedTask.objects.filter(name="settled late").update(state=FailedTaskState.DISMISSED, settled_at=late)
    with clock.frozen(shanghai(2, 11) + failures.KEPT_SETTLED):
        forget_failed_tasks()
        assert set(FailedTask.objects.values_list("name", flat=True)) == {"open", "settled late"}
        monkeypatch.setattr(failures, "MOST_KEPT", 1)
        newest = record("newest")
        forget_failed_tasks()
    assert FailedTask.objects.get() == newest


class Request:
    id, args, kwargs = "9", (7,), {"ticket": 12}


def test_a_task_that_was_ended_and_one_that_came_too_late() -> None:
    task = mock.Mock()
    task.name = "tickets.a_task"
    told: dict[str, Any] = {"sender": task, "request": Request(), "signum": "SIGTERM"}
    task_revoked.send(**told, terminated=False, expired=True)
    assert not FailedTask.objects.exists()
    task_revoked.send(**told, terminated=True, expired=False)
    ended = FailedTask.objects.get()
    assert (ended.args, ended.kwargs, ended.error) == ([7], {"ticket": 12}, "Terminated: SIGTERM")


def test_a_database_that_is_away_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE helpdesk_failedtask RENAME TO gone")
    with caplog.at_level(logging.ERROR, "helpdesk.signals"):
        signals.task_failed(
            sender=app.tasks["helpdesk.heartbeat"],
            task_id="1",
            exception=ValueError("no"),
            args=(),
            kwargs={},
            traceback=None,
        )
    assert (
        "Task helpdesk.heartbeat failed (ValueError: no), and that could not be written down" in caplog.text
    )


def test_celery_tells_us() -> None:
    assert signals.task_failed in [receiver for _key, receiver in task_failure.receivers]
