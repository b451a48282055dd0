"""The operator's page: what it says, who sees it, and its two buttons."""

from __future__ import annotations

import html
import os
import re
from collections.abc import Callable
from datetime import timedelta
from math import inf
from typing import Any

import pytest
import redis
from django.test import Client

from accounts.models import User
from helpdesk import failures, heartbeat
from helpdesk.lib import clock
from helpdesk.lib.lag import Reading
from helpdesk.lib.queue import Queue
from helpdesk.models import FailedTask, FailedTaskState
from tests.tickets.workspace.conftest import LogIn
from tests.times import shanghai
from tickets.models import OutboxMail, Ticket
from tickets.queries import lag
from tickets.workspace.background import gauges, page

PAGE = "/admin/background/"
HTMX = {"HX-Request": "true"}
RUNNING, STILL, AWAY = Queue(0, 0), Queue(9, 0), None


@pytest.fixture(autouse=True)
def empty_queue() -> None:
    redis.Redis.from_url(os.environ["REDIS_URL"]).flushdb()


@pytest.fixture
def operator(log_in: LogIn, administrator: User) -> Client:
    return log_in(administrator)


@pytest.fixture
def failed(db: None) -> FailedTask:
    failures.record(
        name="tickets.a_task",
        task_id="1",
        args=[7],
        kwargs={"ticket": 12},
        error="ValueError: no",
        trace="line 1",
    )
    return FailedTask.objects.get()


def read(client: Client, **query: str) -> str:
    response = client.get(PAGE, query)
    assert response.status_code == 200
    return response.content.decode()


def test_all_is_well(operator: Client) -> None:
    heartbeat.beat()
    shown = read(operator)
    assert "Background work is on time, and nothing failed." in shown
    assert "Last sign of life 0 s ago." in shown
    assert "0 waiting, 0 in hand." in shown
    assert "No failed task waits for you." in shown
    assert "lagging" not in shown
    assert 'id="nav-sidebar"' in shown, "inside the admin's shell"
    assert 'href="/admin/background/"' in shown, "and in its navigation"


def test_all_is_ill(operator: Client, failed: FailedTask, make_ticket: Callable[..., Ticket]) -> None:
    make_ticket()
    OutboxMail.objects.update(available_at=clock.now() - timedelta(seconds=lag.OUTBOX_TOLERATED + 60))
    shown = read(operator)
    assert "Background work lags: Clock, Outgoing mail." in shown
    assert "1 task failed for good." in shown
    assert "There was no sign of life yet." in shown
    assert "<code>celery -A helpdesk beat</code>" in shown
    assert "The oldest has been waiting for 6 min." in shown
    for text in ("tickets.a_task", "ValueError: no", "7, ticket=12", "Once, ", "line 1"):
        assert text in shown


def test_several_times(operator: Client, failed: FailedTask) -> None:
    FailedTask.objects.update(times=27, first_failed_at=shanghai(2, 10), last_failed_at=shanghai(3, 15))
    assert "27 times, first March 2, 2026, 10 a.m., last March 3, 2026, 3 p.m." in read(operator)


def test_in_chinese_it_is_served(operator: Client, failed: FailedTask) -> None:
    response = operator.get(PAGE, headers={"accept-language": "zh-CN"})
    assert '<html lang="zh-hans"' in response.content.decode()


@pytest.mark.parametrize(
    ("name", "lagging", "queue", "command"),
    [
        ("clock", {"clock"}, RUNNING, "celery -A helpdesk beat"),
        ("clock", {"clock"}, STILL, "celery -A helpdesk worker --concurrency 2"),
        ("clock", {"clock"}, AWAY, ""),
        ("sweep", {"clock", "sweep"}, RUNNING, ""),
        ("sweep", {"sweep"}, RUNNING, "celery -A helpdesk worker --concurrency 2"),
        ("outbox", {"outbox"}, RUNNING, "celery -A helpdesk worker --concurrency 2"),
        ("calls", {"calls"}, RUNNING, "celery -A helpdesk worker --concurrency 2"),
    ],
)
def test_what_to_start(name: str, lagging: set[str], queue: Queue | None, command: str) -> None:
    """Ticks that wait mean that no worker is there; no ticks at all, that no clock is."""
    assert gauges.remedy(name, lagging, queue).command == command


def test_every_gauge_has_a_card() -> None:
    readings = [Reading("new one", 5, 1), Reading("sweep", 0, 1), Reading("clock", inf, 1)]
    cards = gauges.cards(readings, None)
    assert [card.name for card in cards] == ["clock", "sweep", "new one", "queue"]
    assert [card.is_lagging for card in cards] == [True, False, True, True]
    assert all(card.remedy for card in cards if card.is_lagging)


@pytest.mark.usefixtures("failed")
def test_only_who_configures_the_site(
    log_in: LogIn, agent: User, lead: User, manager: User, officer: User, client: Client
) -> None:
    pk = FailedTask.objects.get().pk
    for user in (agent, lead, manager, officer):
        stranger = log_in(user)
        assert stranger.get(PAGE).status_code == 403
        for act in ("run-again", "dismiss"):
            assert stranger.post(f"{PAGE}{pk}/{act}/").status_code == 403
        assert PAGE not in stranger.get("/admin/queue/").content.decode()
    assert client.get(PAGE)["Location"].startswith("/accounts/login/")
    assert FailedTask.objects.get().state == FailedTaskState.OPEN


@pytest.mark.parametrize(
    ("act", "state", "said"),
    [
        ("run-again", FailedTaskState.RETRIED, "It is in the queue again."),
        ("dismiss", FailedTaskState.DISMISSED, "Dismissed. If it fails again, it comes back."),
    ],
)
def test_the_buttons(
    operator: Client, failed: FailedTask, act: str, state: FailedTaskState, said: str
) -> None:
    response = operator.post(f"{PAGE}{failed.pk}/{act}/", follow=True)
    shown = response.content.decode()
    assert said in shown
    assert "No failed task waits for you." in shown
    assert "Dealt with in the last seven days" in shown
    assert FailedTask.objects.get().state == state


def test_the_second_click_is_told(operator: Client, failed: FailedTask) -> None:
    operator.post(f"{PAGE}{failed.pk}/dismiss/", headers=HTMX)
    response = operator.post(f"{PAGE}{failed.pk}/run-again/", headers=HTMX)
    assert response.status_code == 409
    assert "Somebody has dealt with this task already." in response.content.decode()


def test_a_button_of_nothing(operator: Client) -> None:
    assert operator.post(f"{PAGE}999/dismiss/").status_code == 404
    assert operator.get(f"{PAGE}999/dismiss/").status_code == 405


def test_without_its_arguments_it_cannot_be_run(operator: Client, failed: FailedTask) -> None:
    FailedTask.objects.update(args=None)
    shown = read(operator)
    assert "cannot be run again from here" in shown
    assert "run-again/" not in shown


def test_looking_again_brings_only_what_is_new(operator: Client, failed: FailedTask) -> None:
    heartbeat.beat()
    address = html.unescape(re.findall(r'hx-get="(/admin/background/[^"]+)"', read(operator))[0])
    again = operator.get(address, headers=HTMX).content.decode()
    assert address in html.unescape(again)
    assert 'hx-trigger="every 10s"' in again
    for absent in ("<html", "bw-said", "bw-failures"):
        assert absent not in again
    failures.record(name="tickets.another", task_id="1", args=[], kwargs={}, error="ValueError")
    news = operator.get(address, headers=HTMX).content.decode()
    assert re.search(r'id="bw-failures"[^>]* hx-swap-oob="true"', news)
    assert re.search(r'id="bw-said"[^>]* hx-swap-oob="true"', news)
    assert "2 tasks failed for good." in news


def test_many_are_counted_and_the_latest_shown(operator: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "MOST_SHOWN", 2)
    for number in range(4):
        with clock.frozen(clock.now() + timedelta(seconds=number)):
            failures.record(name=f"task {number}", task_id="1", args=[], kwargs={}, error="ValueError")
    shown = read(operator)
    assert "The 2 latest of 4." in shown
    assert "4 tasks failed for good." in shown
    assert "task 3" in shown
    assert "task 1<" not in shown


def test_what_a_task_carries_is_text(operator: Client) -> None:
    told: dict[str, Any] = {"args": ["<b>"], "kwargs": {}, "error": "<script>", "trace": "<i>"}
    failures.record(name="<u>", task_id="1", **told)
    shown = read(operator)
    for mark in ("<b>7", "<script>alert", "<i>", "<u>"):
        assert mark not in shown
    assert "&lt;script&gt;" in shown
