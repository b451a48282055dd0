"""Run again, dismiss: once each, by whom it is allowed, and never without the queue."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import Any

import pytest
import redis
from django.utils import translation

from accounts.models import User
from helpdesk import failures
from helpdesk.celery import app
from helpdesk.lib import queue as queues
from helpdesk.lib.errors import Conflict, NotAllowed
from helpdesk.models import FailedTask, FailedTaskState
from tests.crowd import all_at_once
from tickets import actors
from tickets.actions.failed_tasks import QueueDoesNotAnswer, dismiss, run_again

pytestmark = pytest.mark.django_db
Act = Callable[..., None]
NOBODY = "redis://127.0.0.1:9/0"


@pytest.fixture
def queue() -> redis.Redis:
    client = redis.Redis.from_url(os.environ["REDIS_URL"])
    client.flushdb()
    return client


@pytest.fixture
def failed(db: None) -> FailedTask:
    failures.record(
        name="tickets.a_task", task_id="1", args=[7], kwargs={"ticket": 12}, error="ValueError: no"
    )
    return FailedTask.objects.get()


def waiting(queue: redis.Redis) -> list[dict[str, Any]]:
    found: Any = queue.lrange("helpdesk:celery:celery", 0, -1)
    return [json.loads(message)["headers"] for message in found]


def test_run_again(failed: FailedTask, administrator: User, queue: redis.Redis) -> None:
    run_again(failed, by=actors.staff(administrator))
    failed.refresh_from_db()
    assert (failed.state, failed.settled_by) == (FailedTaskState.RETRIED, "Ada")
    assert failed.settled_at is not None
    (sent,) = waiting(queue)
    assert (sent["task"], sent["argsrepr"], sent["kwargsrepr"]) == ("tickets.a_task", "[7]", "{'ticket': 12}")
    assert sent["id"] != failed.last_task_id, "or a second failure would pass for the first"
    assert queues.look() == queues.Queue(waiting=1, in_hand=0)


def test_dismiss(failed: FailedTask, administrator: User, queue: redis.Redis) -> None:
    dismiss(failed, by=actors.staff(administrator))
    failed.refresh_from_db()
    assert (failed.state, failed.settled_by) == (FailedTaskState.DISMISSED, "Ada")
    assert waiting(queue) == []


@pytest.mark.parametrize("act", [run_again, dismiss])
@pytest.mark.parametrize("role", ["agent", "lead", "manager", "officer"])
def test_only_who_configures_the_site(
    act: Act, role: str, failed: FailedTask, request: pytest.FixtureRequest, queue: redis.Redis
) -> None:
    with pytest.raises(NotAllowed):
        act(failed, by=actors.staff(request.getfixturevalue(role)))
    failed.refresh_from_db()
    assert failed.state == FailedTaskState.OPEN
    assert waiting(queue) == []


@pytest.mark.django_db(transaction=True)
def test_two_clicks_are_one(failed: FailedTask, administrator: User, queue: redis.Redis) -> None:
    by = actors.staff(administrator)
    results = all_at_once([lambda: run_again(failed, by=by)] * 3 + [lambda: dismiss(failed, by=by)])
    assert [type(result) for result in results if result is not None] == [Conflict] * 3
    failed.refresh_from_db()
    assert len(waiting(queue)) == (1 if failed.state == FailedTaskState.RETRIED else 0)


def test_what_was_not_kept_cannot_be_run(failed: FailedTask, administrator: User, queue: redis.Redis) -> None:
    FailedTask.objects.update(args=None)
    with translation.override("en"), pytest.raises(Conflict, match="not kept"):
        run_again(failed, by=actors.staff(administrator))
    failed.refresh_from_db()
    assert failed.state == FailedTaskState.OPEN


@pytest.fixture
def redis_away(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody listens where the queue should be."""
    settings.REDIS_URL = NOBODY
    monkeypatch.setitem(app.conf, "broker_write_url", NOBODY)
    monkeypatch.setattr(app.amqp, "_producer_pool", None)


@pytest.mark.usefixtures("redis_away")
def test_no_queue_no_change(failed: FailedTask, administrator: User) -> None:
    with pytest.raises(QueueDoesNotAnswer):
        run_again(failed, by=actors.staff(administrator))
    failed.refresh_from_db()
    assert failed.state == FailedTaskState.OPEN
    assert queues.look() is None
