"""Who else has a ticket open, and who is writing: told to those who may see it, and forgotten soon."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import redis
from django.conf import settings

from accounts.models import Team, User
from tests.realtime import RealtimeProcess, Socket, open_socket, process, realtime, session_of
from tests.smtp import wait_until
from tickets import actors
from tickets.actions.assignment import move_to_team
from tickets.models import Ticket

__all__ = ["open_socket", "process"]
pytestmark = pytest.mark.django_db(transaction=True)
Open = Callable[..., Socket]


def people(socket: Socket, ticket: Ticket) -> dict[str, str]:
    """Name to what they do, as the page knows it now."""
    told = [m for m in socket.heard if m["type"] == "here" and m["number"] == ticket.number]
    return {one["name"]: one["doing"] for one in told[-1]["people"]} if told else {}


def until_people(socket: Socket, ticket: Ticket, **wanted: str) -> None:
    if people(socket, ticket) != wanted:
        socket.until(lambda _message: people(socket, ticket) == wanted)


def here(socket: Socket, ticket: Ticket, doing: str = "read") -> None:
    socket.watch(ticket)
    socket.say(type="here", number=ticket.number, doing=doing)


def test_it_works(open_socket: Open, agent: User, second_agent: User, ticket: Ticket) -> None:
    ann, bo = open_socket(agent), open_socket(second_agent)
    here(ann, ticket)
    here(bo, ticket)
    until_people(ann, ticket, Bo="read")
    until_people(bo, ticket, Ann="read")
    bo.say(type="here", number=ticket.number, doing="reply")
    until_people(ann, ticket, Bo="reply")
    told = [m for m in ann.heard if m["type"] == "here"][-1]
    assert told["people"] == [{"id": second_agent.pk, "name": "Bo", "doing": "reply"}]
    bo.say(type="here", number=ticket.number, doing="note")
    until_people(ann, ticket, Bo="note")
    bo.close()
    until_people(ann, ticket)


@pytest.mark.long
def test_who_stops_typing_reads(open_socket: Open, agent: User, second_agent: User, ticket: Ticket) -> None:
    ann, bo = open_socket(agent), open_socket(second_agent)
    here(ann, ticket)
    here(bo, ticket, "reply")
    until_people(ann, ticket, Bo="reply")
    until_people(ann, ticket, Bo="read")


def test_tabs_of_one_person_count_once_and_oneself_does_not(
    open_socket: Open, agent: User, second_agent: User, ticket: Ticket
) -> None:
    ann = open_socket(agent)
    tabs = [open_socket(second_agent) for _ in range(3)]
    here(ann, ticket)
    for tab in tabs:
        here(tab, ticket)
    tabs[1].say(type="here", number=ticket.number, doing="note")
    until_people(ann, ticket, Bo="note")
    until_people(tabs[0], ticket, Ann="read")
    assert all("Bo" not in str(message) for message in tabs[0].heard)
    tabs[1].close()
    until_people(ann, ticket, Bo="read")
    tabs[0].close()
    tabs[2].close()
    until_people(ann, ticket)


def test_only_those_hear_who_may_see_the_ticket(
    open_socket: Open, agent: User, second_agent: User, other_team_agent: User, ticket: Ticket
) -> None:
    ann, otto, bo = open_socket(agent), open_socket(other_team_agent), open_socket(second_agent)
    here(otto, ticket)  # it is not his to see: he is not there either
    here(ann, ticket)
    here(bo, ticket)
    until_people(bo, ticket, Ann="read")
    until_people(ann, ticket, Bo="read")
    otto.hear(2.0)
    assert [m["type"] for m in otto.heard if m["type"] == "here"] == []


def test_it_ends_when_the_ticket_goes_elsewhere(
    open_socket: Open, agent: User, administrator: User, lead: User, other_team: Team, ticket: Ticket
) -> None:
    ann, ada = open_socket(agent), open_socket(administrator)
    here(ann, ticket)
    here(ada, ticket)
    until_people(ada, ticket, Ann="read")
    move_to_team(ticket, team=other_team, by=actors.staff(lead))
    ann.of("gone")
    until_people(ada, ticket)
    told = len([m for m in ann.heard if m["type"] == "here"])
    ada.say(type="here", number=ticket.number, doing="reply")
    ada.hear(1.0)
    ann.hear(2.0)
    assert len([m for m in ann.heard if m["type"] == "here"]) == told


def test_a_row_of_the_queue_says_who_is_there(
    open_socket: Open, agent: User, second_agent: User, ticket: Ticket
) -> None:
    queue, bo = open_socket(agent), open_socket(second_agent)
    queue.watch(ticket)
    here(bo, ticket)
    until_people(queue, ticket, Bo="read")
    bo.say(type="here", number="")
    until_people(queue, ticket)
    bo.watch(ticket)
    bo.hear(1.5)
    assert people(bo, ticket) == {}  # whoever looks at the queue is nowhere


@pytest.mark.long
def test_two_processes_know_of_each_other(
    process: RealtimeProcess, tmp_path: Path, agent: User, second_agent: User, ticket: Ticket
) -> None:
    with realtime(tmp_path / "other") as other:
        ann, bo = Socket(process.port, session_of(agent)), Socket(other.port, session_of(second_agent))
        here(ann, ticket)
        here(bo, ticket, "reply")
        until_people(ann, ticket, Bo="reply")
        until_people(bo, ticket, Ann="read")
        other.end()  # as a power cut would
        until_people(ann, ticket)
        ann.close()


def test_nothing_of_it_is_kept(open_socket: Open, agent: User, ticket: Ticket) -> None:
    """Nothing that is typed, and each key runs out by itself."""
    here(open_socket(agent), ticket, "reply")
    store: Any = redis.Redis.from_url(settings.REDIS_CACHE_URL)
    wait_until(lambda: any(ticket.pk in row for row in _kept(store)))
    assert [ticket.pk, agent.pk, "Ann", 2] in _kept(store)
    for key in store.scan_iter("helpdesk:live:here:*"):
        assert 0 < store.ttl(key) <= 8


def _kept(store: Any) -> list[list[Any]]:
    values = [store.get(key) for key in store.scan_iter("helpdesk:live:here:*")]
    return [row for value in values if value for row in json.loads(value)]


@pytest.mark.long
def test_redis_that_forgets_everything_knows_it_again(
    process: RealtimeProcess, tmp_path: Path, agent: User, second_agent: User, ticket: Ticket
) -> None:
    with realtime(tmp_path / "other") as other:
        ann, bo = Socket(process.port, session_of(agent)), Socket(other.port, session_of(second_agent))
        here(ann, ticket)
        here(bo, ticket)
        until_people(ann, ticket, Bo="read")
        redis.Redis.from_url(settings.REDIS_CACHE_URL).flushdb()
        bo.say(type="here", number=ticket.number, doing="note")
        until_people(ann, ticket, Bo="note")
        ann.close()
        bo.close()
