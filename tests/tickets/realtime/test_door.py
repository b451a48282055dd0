"""Who gets a socket, and what ends it."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from websockets.exceptions import InvalidStatus

from accounts.models import Customer, User
from tests.realtime import RealtimeProcess, Socket, open_socket, process, session_of
from tickets.models import Ticket
from tickets.realtime.app import is_ours
from tickets.realtime.connection import BURST, Close
from tickets.realtime.hub import MOST_SOCKETS_OF_ONE

__all__ = ["open_socket", "process"]
pytestmark = pytest.mark.django_db(transaction=True)
Open = Callable[..., Socket]

ORIGINS = [
    # origin, host that was asked, ours
    ("http://localhost:8000", "localhost:8001", True),
    ("https://desk.example.com", "desk.example.com", True),
    ("https://desk.example.com:8443", "desk.example.com", True),
    (
        "https://help.example.com",
        "live.example.com",
        True,
    ),  # PUBLIC_URL: the socket may have a name of its own
    ("https://evil.example.com", "desk.example.com", False),
    ("https://evil.test", "evil.test", False),  # a name that points here and is not the site's
    ("https://desk.example.com.evil.test", "desk.example.com", False),
    ("file://", "desk.example.com", False),
    ("null", "desk.example.com", False),
    ("", "desk.example.com", False),
    ("https://[::1", "desk.example.com", False),
    ("http://help.example.com", "live.example.com", False),
]


@pytest.mark.parametrize(("origin", "host", "ours"), ORIGINS)
def test_origins(origin: str, host: str, ours: bool, settings: pytest.FixtureRequest) -> None:
    settings.PUBLIC_URL = "https://help.example.com"  # type: ignore[attr-defined]
    settings.ALLOWED_HOSTS = ["localhost", ".example.com"]  # type: ignore[attr-defined]
    assert is_ours(origin, host) is ours


@pytest.mark.parametrize("origin", ["https://evil.test", ""])
def test_pages_of_others_are_refused(open_socket: Open, agent: User, origin: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        open_socket(agent, origin=origin)
    assert refused.value.response.status_code == 403


def test_nothing_else_is_served(process: RealtimeProcess) -> None:
    assert process.health() == 200
    for where in ("/", "/ws/more/"):
        with pytest.raises(InvalidStatus) as refused:
            Socket(process.port, path=where)
        assert refused.value.response.status_code == 403


def test_strangers_and_customers_hear_nothing(open_socket: Open, member: Customer, ticket: Ticket) -> None:
    for user in (None, member.user):
        socket = open_socket(user)
        assert socket.until_closed() == Close.LOGGED_OUT
        assert socket.heard == []


def test_a_made_up_session_is_none(process: RealtimeProcess, agent: User) -> None:
    for session in ("x", "a" * 32, "../../etc", "é"):
        socket = Socket(process.port, session)
        assert socket.until_closed() == Close.LOGGED_OUT
        socket.close()


def test_a_session_of_an_old_password_is_none(process: RealtimeProcess, agent: User) -> None:
    session = session_of(agent)
    agent.set_password("another horse battery")
    agent.save()
    socket = Socket(process.port, session)
    assert socket.until_closed() == Close.LOGGED_OUT
    socket.close()


NONSENSE = [
    "", "[]", "null", "{", '{"type":"news"}', '{"type":"watch","tickets":["A"]}', "[" * 4000,
    '{"type":"watch","tickets":{"A":1}}', '{"type":"watch","tickets":{"AAAAAAAAA":true}}',
    '{"type":"watch","tickets":{"AAAAAAAAA":1},"since":-1}', '{"type":"watch","tickets":{},"since":1e99}',
    '{"type":"here","number":"AAAAAAAAA","doing":"spying"}', '{"type":"here","number":["A"]}',
    json.dumps({"type": "watch", "tickets": {f"A{n:08}": 1 for n in range(251)}}),
]  # fmt: skip


@pytest.mark.parametrize("said", NONSENSE)
def test_nonsense_ends_it(open_socket: Open, agent: User, said: str) -> None:
    socket = open_socket(agent)
    socket.of("hello")
    socket.socket.send(said)
    assert socket.until_closed() == Close.NONSENSE


def test_bytes_and_what_is_too_large_end_it(open_socket: Open, agent: User) -> None:
    for said, code in ((b"{}", Close.NONSENSE), ("x" * 9000, 1009)):
        socket = open_socket(agent)
        socket.of("hello")
        socket.socket.send(said)
        assert socket.until_closed() == code


def test_a_flood_ends_it(open_socket: Open, agent: User) -> None:
    socket, other = open_socket(agent), open_socket(agent)
    for _ in range(BURST * 3):
        if socket.closed is None:
            socket.say(type="here")
    assert socket.until_closed() == Close.TOO_FAST
    other.of("notice")
    assert other.closed is None


def test_the_newest_tabs_of_a_person_count(open_socket: Open, agent: User, second_agent: User) -> None:
    of_another = open_socket(second_agent)
    sockets = [open_socket(agent) for _ in range(MOST_SOCKETS_OF_ONE + 2)]
    for socket in sockets[2:]:
        socket.of("hello")
    assert [socket.until_closed() for socket in sockets[:2]] == [Close.TOO_MANY_TABS] * 2
    for socket in (*sockets[2:], of_another):
        socket.of("notice")
        assert socket.closed is None
