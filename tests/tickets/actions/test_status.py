"""The life of a ticket, by every actor, along every way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings

from accounts.models import User
from helpdesk.lib import clock
from helpdesk.lib.errors import NotAllowed
from tests.times import shanghai
from tickets import actors
from tickets.actions.status import ReopenWindowOver, change_status, close_solved
from tickets.actors import Actor
from tickets.choices import ActorKind, EventKind, MailPurpose, Status, TimerKind, TimerState
from tickets.models import Event, OutboxMail, Ticket, Timer
from tickets.rules.lifecycle import TRANSITIONS, IllegalTransition

WAYS = [(before, to, kind) for before in Status for to in Status for kind in ActorKind]


def put(ticket: Ticket, status: Status) -> Ticket:
    """As if it had come there; how it comes there is what the test tests."""
    ended = clock.now() if status in (Status.SOLVED, Status.CLOSED) else None
    Ticket.objects.filter(pk=ticket.pk).update(
        status=status, solved_at=ended, closed_at=ended if status == Status.CLOSED else None
    )
    return Ticket.objects.get(pk=ticket.pk)


def states(ticket: Ticket) -> dict[str, str]:
    return dict(Timer.objects.filter(ticket=ticket).values_list("kind", "state"))


@pytest.fixture
def actor_of(ticket: Ticket, agent: User) -> Callable[[ActorKind], Actor]:
    return {
        ActorKind.CUSTOMER: actors.customer(ticket.customer),
        ActorKind.STAFF: actors.staff(agent),
        ActorKind.SYSTEM: actors.system("test"),
    }.__getitem__


@pytest.mark.parametrize(("before", "to", "kind"), WAYS)
def test_every_way(
    ticket: Ticket, actor_of: Callable[[ActorKind], Actor], before: Status, to: Status, kind: ActorKind
) -> None:
    ticket = put(ticket, before)
    legal = kind in TRANSITIONS.get((before, to), frozenset())
    if before == to or legal:
        after = change_status(ticket, to=to, by=actor_of(kind))
        assert after.status == Ticket.objects.get(pk=ticket.pk).status == to
    else:
        with pytest.raises(IllegalTransition):
            change_status(ticket, to=to, by=actor_of(kind))
        assert Ticket.objects.get(pk=ticket.pk).status == before
    changes = Event.objects.filter(ticket=ticket, kind=EventKind.STATUS_CHANGED)
    assert changes.count() == (1 if legal else 0)


def test_it_works(ticket: Ticket, agent: User) -> None:
    change_status(ticket, to=Status.OPEN, by=actors.staff(agent))
    event = Event.objects.get(ticket=ticket, kind=EventKind.STATUS_CHANGED)
    assert event.data == {"from": "new", "to": "open"}
    assert (event.actor_kind, event.actor, event.actor_name) == (ActorKind.STAFF, agent, "Ann")


def test_who_only_watches_changes_nothing(ticket: Ticket, officer: User) -> None:
    with pytest.raises(NotAllowed):
        change_status(ticket, to=Status.OPEN, by=actors.staff(officer))


def test_solving_ends_the_clocks_and_tells_the_customer(ticket: Ticket, agent: User) -> None:
    change_status(ticket, to=Status.SOLVED, by=actors.staff(agent))
    ticket = Ticket.objects.get(pk=ticket.pk)
    assert ticket.solved_at is not None
    assert ticket.due_at is None
    assert states(ticket) == {
        TimerKind.FIRST_RESPONSE: TimerState.CANCELLED,
        TimerKind.RESOLUTION: TimerState.DONE,
    }
    assert OutboxMail.objects.filter(ticket=ticket, purpose=MailPurpose.SOLVED).count() == 1


def test_what_customers_solve_themselves_needs_no_mail(ticket: Ticket) -> None:
    change_status(ticket, to=Status.SOLVED, by=actors.customer(ticket.customer))
    assert not OutboxMail.objects.filter(ticket=ticket, purpose=MailPurpose.SOLVED).exists()


def test_closing_needs_no_mail_and_keeps_when_it_was_solved(ticket: Ticket, agent: User) -> None:
    with clock.frozen(shanghai(2, 10)):
        change_status(ticket, to=Status.SOLVED, by=actors.staff(agent))
    with clock.frozen(shanghai(3, 10)):
        change_status(ticket, to=Status.CLOSED, by=actors.staff(agent))
    ticket = Ticket.objects.get(pk=ticket.pk)
    assert (ticket.solved_at, ticket.closed_at) == (shanghai(2, 10), shanghai(3, 10))
    assert OutboxMail.objects.filter(ticket=ticket).count() == 2


def test_pending_stops_the_clocks_and_open_starts_them(ticket: Ticket, agent: User) -> None:
    change_status(ticket, to=Status.PENDING, by=actors.staff(agent))
    assert set(states(ticket).values()) == {TimerState.PAUSED}
    change_status(ticket, to=Status.OPEN, by=actors.staff(agent))
    assert set(states(ticket).values()) == {TimerState.RUNNING}


def test_on_hold_is_our_time(ticket: Ticket, agent: User) -> None:
    change_status(ticket, to=Status.ON_HOLD, by=actors.staff(agent))
    assert set(states(ticket).values()) == {TimerState.RUNNING}
    change_status(ticket, to=Status.PENDING, by=actors.staff(agent))
    change_status(ticket, to=Status.ON_HOLD, by=actors.staff(agent))
    assert set(states(ticket).values()) == {TimerState.RUNNING}


@pytest.mark.parametrize("status", [Status.SOLVED, Status.CLOSED])
def test_the_window(ticket: Ticket, agent: User, status: Status) -> None:
    with clock.frozen(shanghai(2, 10)) as ended:
        ticket = put(ticket, status)
    with clock.frozen(ended + timedelta(days=settings.REOPEN_DAYS, seconds=1)):
        for by in (actors.staff(agent), actors.customer(ticket.customer)):
            with pytest.raises(ReopenWindowOver):
                change_status(ticket, to=Status.OPEN, by=by)
    with clock.frozen(ended + timedelta(days=settings.REOPEN_DAYS)):
        assert change_status(ticket, to=Status.OPEN, by=actors.customer(ticket.customer)).reopen_count == 1


def test_waiting_for_the_close_does_not_stretch_the_window(ticket: Ticket) -> None:
    with clock.frozen(shanghai(2, 10)) as solved:
        ticket = put(ticket, Status.SOLVED)
    with clock.frozen(solved + timedelta(days=settings.REOPEN_DAYS - 1)):
        change_status(ticket, to=Status.CLOSED, by=actors.customer(ticket.customer))
    with clock.frozen(solved + timedelta(days=settings.REOPEN_DAYS + 1)), pytest.raises(ReopenWindowOver):
        change_status(ticket, to=Status.OPEN, by=actors.customer(ticket.customer))


class TestCloseSolved:
    def test_it_works(self, make_ticket: Callable[..., Ticket], agent: User) -> None:
        early, late, open_one = make_ticket(), make_ticket(), make_ticket()
        for ticket, day in ((early, 2), (late, 3)):
            with clock.frozen(shanghai(day, 10)):
                change_status(ticket, to=Status.SOLVED, by=actors.staff(agent))
        with clock.frozen(shanghai(3, 9) + timedelta(days=settings.AUTO_CLOSE_DAYS)):
            assert close_solved() == 1
            assert close_solved() == 0
        found = [Ticket.objects.get(pk=ticket.pk).status for ticket in (early, late, open_one)]
        assert found == [Status.CLOSED, Status.SOLVED, Status.NEW]
        event = Event.objects.filter(ticket=early, kind=EventKind.STATUS_CHANGED).latest("pk")
        assert (event.actor_kind, event.data) == (ActorKind.SYSTEM, {"from": "solved", "to": "closed"})

    def test_no_more_than_asked(self, make_ticket: Callable[..., Ticket], agent: User) -> None:
        for _number in range(3):
            put(make_ticket(), Status.SOLVED)
        with clock.frozen(clock.now() + timedelta(days=settings.AUTO_CLOSE_DAYS, seconds=1)):
            assert [close_solved(limit=2), close_solved(limit=2), close_solved(limit=2)] == [2, 1, 0]
