"""What load balancers and monitors are told."""

from collections.abc import Callable
from datetime import time, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.db import OperationalError, connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from helpdesk import heartbeat
from helpdesk.lib import clock
from helpdesk.tasks import beat_heart
from tests.planner import never_counted
from tests.smtp import MailServer, smtp, smtp_server
from tests.tickets.hooks import caused, hook, receiver
from tests.tickets.told import quiet, tell_of
from tests.times import shanghai
from tickets.models import OutboxMail, Ticket, Timer, Webhook
from tickets.queries import lag
from tickets.tasks import deliver_calls, deliver_outbox, gather_notices, sweep_timers

__all__ = ["hook", "receiver", "smtp", "smtp_server"]
pytestmark = pytest.mark.django_db
FINE = {
    "status": "ok",
    "database": "ok",
    "redis": "ok",
    "clock": "ok",
    "audit_verifying": "ok",
    "audit_sealing": "ok",
    "sweep": "ok",
    "outbox": "ok",
    "notices": "ok",
    "calls": "ok",
    "mail_reading": "ok",
    "mail_guarding": "ok",
    "file_scanning": "ok",
    "mail_fetching": "ok",
    "realtime": "ok",
}
MINUTE = timedelta(minutes=1)


@pytest.fixture
def ticking() -> None:
    beat_heart()


@pytest.mark.usefixtures("ticking")
def test_healthy(client: Client) -> None:
    for path in ("/healthz/", "/healthz/work/"):
        response = client.get(path)
        assert response.status_code == 200
        assert response.json() == FINE
        assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(("part", "name"), [("_database", "database"), ("_redis", "redis")])
def test_a_part_that_fails_is_named_and_nothing_else_is_said(client: Client, part: str, name: str) -> None:
    for path in ("/healthz/", "/healthz/work/"):
        with patch(f"helpdesk.health.{part}", side_effect=OperationalError("password is hunter2")):
            response = client.get(path)
        assert response.status_code == 503
        assert response.json()[name] == "failing"
        assert response.json()["status"] == "failing"
        assert b"hunter2" not in response.content


def test_without_a_database_nobody_knows_what_lags(client: Client) -> None:
    with patch("helpdesk.health._database", side_effect=OperationalError):
        told = client.get("/healthz/").json()
    assert {told[name] for name in ("clock", "sweep", "outbox")} == {"unknown"}


def test_what_cannot_be_measured_is_unknown(client: Client) -> None:
    """Between a new release and its migrations."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE helpdesk_heartbeat RENAME TO not_yet")
    response = client.get("/healthz/")
    assert (response.status_code, response.json()["clock"]) == (200, "unknown")
    assert client.get("/healthz/work/").status_code == 503


def check_lagging(client: Client, name: str) -> None:
    """Load balancers leave the process in service, monitors ring."""
    expected = FINE | {"status": "lagging", name: "lagging"}
    response = client.get("/healthz/")
    assert (response.status_code, response.json()) == (200, expected)
    response = client.get("/healthz/work/")
    assert (response.status_code, response.json()) == (503, expected)


def test_a_clock_that_never_ticked(client: Client) -> None:
    check_lagging(client, "clock")


@pytest.mark.usefixtures("ticking")
def test_a_clock_that_stands_still(client: Client) -> None:
    tolerated = timedelta(seconds=heartbeat.TOLERATED_SECONDS)
    with clock.frozen(clock.now() + tolerated - MINUTE):
        assert client.get("/healthz/").json()["clock"] == "ok"
    with clock.frozen(clock.now() + tolerated + MINUTE):
        check_lagging(client, "clock")
        beat_heart()
        assert client.get("/healthz/work/").status_code == 200


def test_a_sweep_that_lags(client: Client, make_ticket: Callable[..., Ticket], smtp: MailServer) -> None:
    with clock.frozen(shanghai(2, 10)):
        make_ticket()
        deliver_outbox()
    due = Timer.objects.order_by("check_at").values_list("check_at", flat=True)[0]
    assert due is not None
    with clock.frozen(due + timedelta(seconds=lag.SWEEP_TOLERATED)):
        beat_heart()
        assert client.get("/healthz/").json() == FINE
    with clock.frozen(due + timedelta(seconds=lag.SWEEP_TOLERATED + 1)):
        check_lagging(client, "sweep")
        sweep_timers()
        assert client.get("/healthz/").json()["sweep"] == "ok"


def test_an_outbox_that_lags(client: Client, make_ticket: Callable[..., Ticket], smtp: MailServer) -> None:
    ticket = make_ticket()
    Timer.objects.filter(ticket=ticket).update(check_at=None)
    written = OutboxMail.objects.get().available_at
    with clock.frozen(written + timedelta(seconds=lag.OUTBOX_TOLERATED + 1)):
        beat_heart()
        check_lagging(client, "outbox")
        deliver_outbox()
        assert client.get("/healthz/").json() == FINE


@pytest.mark.usefixtures("ticking")
def test_a_mail_that_waits_for_its_next_try_is_not_late(
    client: Client, make_ticket: Callable[..., Ticket]
) -> None:
    ticket = make_ticket()
    OutboxMail.objects.update(created_at=clock.now() - timedelta(days=1), available_at=clock.now() + MINUTE)
    assert client.get("/healthz/").json()["outbox"] == "ok"
    assert ticket.mails.exists()


def test_notices_that_lag(client: Client, ticket: Ticket, agent: User, smtp: MailServer) -> None:
    Timer.objects.filter(ticket=ticket).update(check_at=None)
    deliver_outbox()
    [notice] = tell_of(ticket, agent)
    with clock.frozen(notice.ready_at + timedelta(seconds=lag.NOTICES_TOLERATED + 1)):
        beat_heart()
        check_lagging(client, "notices")
        gather_notices()
        assert client.get("/healthz/").json() == FINE


def test_a_notice_that_waits_for_the_morning_is_not_late(client: Client, ticket: Ticket, agent: User) -> None:
    quiet(agent, quiet_from=time(22), quiet_until=time(7))
    with clock.frozen(shanghai(2, 23)):
        tell_of(ticket, agent)
    with clock.frozen(shanghai(3, 6, 59)):
        assert client.get("/healthz/").json()["notices"] == "ok"


def test_calls_that_lag(client: Client, hook: Webhook) -> None:
    written = caused(hook).available_at
    with clock.frozen(written + timedelta(seconds=lag.CALLS_TOLERATED + 1)):
        beat_heart()
        check_lagging(client, "calls")
        deliver_calls()
        assert client.get("/healthz/").json() == FINE


@pytest.mark.usefixtures("ticking")
def test_live_updates_that_stand_still(client: Client, settings: Any) -> None:
    settings.REALTIME_URL = "/ws/"
    check_lagging(client, "realtime")  # it never ran
    heartbeat.beat(heartbeat.REALTIME)
    assert client.get("/healthz/work/").json() == FINE
    with clock.frozen(clock.now() + timedelta(seconds=heartbeat.REALTIME_TOLERATED + 1)):
        check_lagging(client, "realtime")


@pytest.mark.usefixtures("ticking")
def test_it_costs_fourteen_short_queries(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(14) as told:
        client.get("/healthz/")
    assert all("LIMIT 1" in query["sql"] for query in told.captured_queries[1:])


def test_measuring_is_an_index_look_up(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(2) as told:
        assert lag.sweep() == lag.outbox() == 0
    plans = []
    with connection.cursor() as cursor:
        never_counted(cursor)
        cursor.execute("SET LOCAL enable_seqscan = off")  # with so few rows it would be as good
        for query in told.captured_queries:
            cursor.execute(f"EXPLAIN {query['sql']}")
            plans.append(" ".join(line for (line,) in cursor.fetchall()))
    assert "using timer_check" in plans[0]
    assert "using outbox_due" in plans[1]
    assert not any("Sort" in plan for plan in plans)


@pytest.mark.parametrize("path", ["/healthz/", "/healthz/work/"])
def test_it_only_reads(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
