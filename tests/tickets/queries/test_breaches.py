"""Why promises were broken, out of the log of their tickets. The causes themselves are the rules'."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from accounts.models import Team, User
from helpdesk.lib import clock
from tests.times import shanghai
from tickets import actors
from tickets.actions import escalation
from tickets.actions.assignment import move_to_team, take
from tickets.actions.messages import customer_reply, reply
from tickets.actions.status import change_status
from tickets.actions.tickets import set_priority
from tickets.choices import BreachCause, EventKind, Priority, Status, TimerKind
from tickets.models import Event, Ticket, Timer

MakeTicket = Callable[..., Ticket]


@pytest.fixture
def opened(make_ticket: MakeTicket) -> Ticket:
    """First reply due on Monday at 11, a solution at 18."""
    with clock.frozen(shanghai(2, 10)):
        return make_ticket()


@pytest.fixture
def by(agent: User) -> actors.Actor:
    return actors.staff(agent)


def cause(ticket: Ticket, kind: TimerKind = TimerKind.RESOLUTION) -> str:
    return Timer.objects.get(ticket=ticket, kind=kind).breach_cause


def sweep_at(at: datetime) -> None:
    with clock.frozen(at):
        escalation.sweep()


def test_nobody(opened: Ticket) -> None:
    sweep_at(shanghai(2, 19))
    assert cause(opened) == cause(opened, TimerKind.FIRST_RESPONSE) == BreachCause.NOBODY
    events = Event.objects.filter(ticket=opened, kind=EventKind.BREACHED)
    assert {event.data["cause"] for event in events} == {"nobody"}


def test_nobody_though_the_late_answer_takes_it(opened: Ticket, by: actors.Actor) -> None:
    """No sweep came by: the reply itself finds the promise broken."""
    with clock.frozen(shanghai(2, 11, 30)):
        reply(opened, body="sorry", by=by)
    assert cause(opened, TimerKind.FIRST_RESPONSE) == BreachCause.NOBODY


def test_who_answers_first_has_it(opened: Ticket, by: actors.Actor) -> None:
    with clock.frozen(shanghai(2, 10, 30)):
        reply(opened, body="We look into it.", by=by)
    sweep_at(shanghai(2, 19))
    assert cause(opened) == BreachCause.ANSWERED_LATE


def test_taken_late(opened: Ticket, by: actors.Actor) -> None:
    with clock.frozen(shanghai(2, 17)):
        take(opened, by=by)
    sweep_at(shanghai(2, 19))
    assert cause(opened) == BreachCause.TAKEN_LATE


def test_handed_around(opened: Ticket, team: Team, other_team: Team, by: actors.Actor) -> None:
    with clock.frozen(shanghai(2, 11)):
        take(opened, by=by)
        move_to_team(opened, team=other_team, by=by)
        move_to_team(opened, team=team, by=by)
        take(opened, by=by)
    sweep_at(shanghai(2, 19))
    assert cause(opened) == BreachCause.HANDED_AROUND


def test_third_party(opened: Ticket, by: actors.Actor) -> None:
    with clock.frozen(shanghai(2, 10)):
        take(opened, by=by)
        change_status(opened, to=Status.ON_HOLD, by=by)
    with clock.frozen(shanghai(2, 16)):
        change_status(opened, to=Status.OPEN, by=by)
    sweep_at(shanghai(2, 19))
    assert cause(opened) == BreachCause.THIRD_PARTY


def test_shortened(opened: Ticket, by: actors.Actor) -> None:
    with clock.frozen(shanghai(2, 10)):
        take(opened, by=by)
    with clock.frozen(shanghai(2, 15)):
        set_priority(opened, priority=Priority.URGENT, by=by)
    sweep_at(shanghai(2, 16))
    assert cause(opened) == BreachCause.SHORTENED


def test_reopened(opened: Ticket, by: actors.Actor) -> None:
    with clock.frozen(shanghai(2, 11)):
        reply(opened, body="Done.", by=by, then=Status.SOLVED)
    with clock.frozen(shanghai(3, 10)):
        customer_reply(opened, body="No, it has not arrived.", by=actors.customer(opened.customer))
    sweep_at(shanghai(4, 17))
    assert cause(opened) == BreachCause.REOPENED
