"""The process ends in order, comes back after a kill, and outlives its engines."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection

from accounts.models import User
from helpdesk import heartbeat
from tests.mail_server import Cable
from tests.realtime import RealtimeProcess, Socket, realtime, session_of
from tests.smtp import wait_until
from tickets import actors
from tickets.actions import messages
from tickets.models import Ticket

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]
Make = Callable[..., Ticket]


def test_a_taken_port_is_told_in_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        process = RealtimeProcess(tmp_path / "log", port=other.getsockname()[1], wait=False)
        assert process.process.wait(60) == 1
    assert (
        process.said
        == f"CommandError: Nothing can listen on 127.0.0.1:{process.port}: Address already in use\n"
    )


def test_it_ends_in_order(tmp_path: Path, agent: User) -> None:
    with realtime(tmp_path / "log") as process:
        socket = Socket(process.port, session_of(agent))
        socket.of("hello")
        assert heartbeat.lag(heartbeat.REALTIME) < heartbeat.REALTIME_TOLERATED
        assert process.end(signal.SIGTERM) in (0, -signal.SIGTERM)
        assert socket.until_closed() == 1012  # "service restart"
        assert "Traceback" not in process.said


def test_after_a_kill_the_page_hears_what_it_missed(tmp_path: Path, agent: User, make_ticket: Make) -> None:
    shown = make_ticket()
    with realtime(tmp_path / "log") as process:
        session = session_of(agent)
        socket = Socket(process.port, session)
        socket.watch(shown)
        now = socket.of("hello")["now"]
        process.end()
        assert socket.until_closed() == 1006
        fresh = make_ticket()
        messages.note(shown, body="meanwhile", by=actors.staff(agent))
        again = RealtimeProcess(tmp_path / "again", port=process.port)
        try:
            back = Socket(process.port, session)
            back.watch(shown, since=now)
            back.until_news_of(shown.number)
            back.until_news_of(fresh.number)
        finally:
            again.end()


def test_a_database_that_was_away(tmp_path: Path, agent: User, make_ticket: Make) -> None:
    """Sockets stay open, nothing is missed, and the trouble is said once."""
    first, meanwhile = make_ticket(), make_ticket()
    cable = Cable(tmp_path)
    with realtime(tmp_path / "log", DATABASE_URL=cable.url) as process:
        socket = Socket(process.port, session_of(agent))
        socket.watch(first, meanwhile)
        messages.note(first, body="before", by=actors.staff(agent))
        socket.until_news_of(first.number)
        cable.cut()
        wait_until(lambda: "The database is away" in process.said)
        messages.note(meanwhile, body="while it was away", by=actors.staff(agent))
        cable.mend()
        socket.until_news_of(meanwhile.number)
        assert process.said.count("The database is away") == 1
        assert "The database is back." in process.said
        assert socket.closed is None
        socket.close()


def test_sessions_that_postgresql_ends(tmp_path: Path, agent: User, ticket: Ticket) -> None:
    """As its restart does."""
    with realtime(tmp_path / "log") as process:
        socket = Socket(process.port, session_of(agent))
        socket.watch(ticket)
        socket.of("notice")
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        messages.note(ticket, body="after", by=actors.staff(agent))
        socket.until_news_of(ticket.number)
        socket.close()


def test_redis_that_is_away(tmp_path: Path, agent: User, second_agent: User, ticket: Ticket) -> None:
    """News goes on, and so does who is here, as far as one process knows."""
    with realtime(tmp_path / "log", REDIS_CACHE_URL=f"unix://{tmp_path}/nobody.sock") as process:
        ann, bo = Socket(process.port, session_of(agent)), Socket(process.port, session_of(second_agent))
        for socket in (ann, bo):
            socket.watch(ticket)
        bo.say(type="here", number=ticket.number, doing="reply")
        assert ann.of("here")["people"][0]["doing"] == "reply"
        messages.note(ticket, body="x", by=actors.staff(second_agent))
        ann.until_news_of(ticket.number)
        assert process.said.count("Redis is away") == 1
        assert process.health() == 200
        ann.close()
        bo.close()
