"""Telling members of staff: at once where it is urgent, else when their hours and digest allow."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time
from typing import Any

import pytest
from django.db import transaction

from accounts.models import User
from helpdesk.lib import clock
from tests.tickets.told import quiet, tell_of
from tests.times import shanghai
from tickets.events import tell
from tickets.models import Notice, OutboxMail, Ticket


def test_it_works(ticket: Ticket, agent: User) -> None:
    with clock.frozen(shanghai(2, 10)):
        [notice] = tell_of(ticket, agent)
    assert (notice.person, notice.ticket, notice.is_urgent) == (agent, ticket, False)
    assert (notice.created_at, notice.ready_at) == (shanghai(2, 10), shanghai(2, 10))
    assert notice.mailed_at is None
    assert not OutboxMail.objects.filter(to=agent.email).exists(), "the gatherer makes the mail"


def test_each_is_told_of_an_event_once(ticket: Ticket, agent: User, lead: User) -> None:
    [first, _second] = tell_of(ticket, agent, lead)
    tell([(first.event, agent), (first.event, lead)], urgent=True)
    assert Notice.objects.count() == 2
    assert not Notice.objects.filter(is_urgent=True).exists()


def test_many_in_one_statement(
    ticket: Ticket, agent: User, lead: User, django_assert_num_queries: Any
) -> None:
    event = tell_of(ticket, agent)[0].event
    with django_assert_num_queries(1):
        tell([(event, agent), (event, lead)], urgent=False)


def test_quiet_hours_over_midnight(ticket: Ticket, agent: User) -> None:
    quiet(agent, quiet_from=time(22), quiet_until=time(7))
    with clock.frozen(shanghai(2, 23)):
        [notice] = tell_of(ticket, agent)
    assert notice.ready_at == shanghai(3, 7)


def test_the_persons_own_zone(ticket: Ticket, agent: User) -> None:
    """23:00 in Shanghai is three in the afternoon in London."""
    quiet(agent, quiet_from=time(22), quiet_until=time(7), time_zone="Europe/London")
    with clock.frozen(shanghai(2, 23)):
        [notice] = tell_of(ticket, agent)
    assert notice.ready_at == shanghai(2, 23)


def test_digest(ticket: Ticket, agent: User) -> None:
    quiet(agent, digest_minutes=60)
    with clock.frozen(shanghai(2, 10, 5)):
        [first] = tell_of(ticket, agent)
    with clock.frozen(shanghai(2, 10, 50)):
        [second] = tell_of(ticket, agent)
    assert first.ready_at == second.ready_at, "what comes up within one span is told together"
    assert shanghai(2, 10, 50) < first.ready_at <= shanghai(2, 11, 50)


def test_an_emergency_keeps_to_no_hours(ticket: Ticket, agent: User) -> None:
    quiet(agent, quiet_from=time(22), quiet_until=time(7), digest_minutes=1440)
    with clock.frozen(shanghai(2, 23)):
        [notice] = tell_of(ticket, agent, urgent=True)
    assert (notice.ready_at, notice.is_urgent) == (shanghai(2, 23), True)


@pytest.mark.parametrize(
    "changes", [{"time_zone": "Mars/Olympus"}, {"time_zone": "../x"}, {"time_zone": "Asia"}]
)
def test_hours_that_make_no_sense_hold_up_nothing(
    ticket: Ticket, agent: User, changes: dict[str, str]
) -> None:
    quiet(agent, quiet_from=time(22), quiet_until=time(7), **changes)
    with clock.frozen(shanghai(2, 23)):
        [notice] = tell_of(ticket, agent)
    assert notice.ready_at == shanghai(2, 23)


@pytest.mark.django_db(transaction=True)
def test_what_is_taken_back_is_not_told(make_ticket: Callable[..., Ticket], agent: User) -> None:
    ticket = make_ticket()
    with transaction.atomic():
        tell_of(ticket, agent)
        transaction.set_rollback(True)
    assert not Notice.objects.exists()
