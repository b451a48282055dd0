"""A socket lives on only while nothing changes that decided who may have it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.backends.cached_db import SessionStore
from django.contrib.sessions.models import Session
from pytest_django import DjangoAssertNumQueries

from accounts.models import Brand, Customer, Team, User
from accounts.rules.capabilities import Role
from helpdesk.lib import clock
from tests.cast import person
from tests.realtime import RealtimeProcess, Socket, open_socket, process, session_of
from tickets.realtime.connection import Close
from tickets.realtime.viewers import Viewer, no_longer, viewer_of

__all__ = ["open_socket", "process"]


def viewer(user: User) -> Viewer:
    found = viewer_of(session_of(user))
    assert found is not None
    return found


def password(user: User) -> None:
    user.set_password("another horse battery")
    user.save()


def set_to(**values: Any) -> Callable[[User], object]:
    return lambda user: User.objects.filter(pk=user.pk).update(**values)


GONE: dict[str, Callable[[User], object]] = {
    "logged out": lambda user: Session.objects.all().delete(),
    "run out": lambda user: Session.objects.update(expire_date=clock.now() - timedelta(seconds=1)),
    "deactivated": set_to(is_active=False),
    "a customer now": set_to(role=Role.CUSTOMER),
    "another password": password,
}
CHANGED: dict[str, Callable[[User], object]] = {
    "another role": set_to(role=Role.LEAD),
    "out of the brand": lambda user: user.brands.clear(),
    "into another team": lambda user: user.teams.add(Team.objects.get(slug="risk")),
    "another name": set_to(name="Anna"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("what", GONE)
def test_gone(agent: User, what: str) -> None:
    one = viewer(agent)
    assert no_longer([one]) == (set(), set())
    GONE[what](agent)
    assert no_longer([one]) == ({one}, set())


@pytest.mark.django_db
@pytest.mark.parametrize("what", CHANGED)
def test_changed(agent: User, other_team: Team, what: str) -> None:
    one = viewer(agent)
    CHANGED[what](agent)
    assert no_longer([one]) == (set(), {one})


@pytest.mark.django_db
def test_any_number_costs_four_queries(
    brand: Brand, team: Team, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    viewers = [viewer(person(Role.AGENT, f"A{n}", brands=[brand], teams=[team])) for n in range(4)]
    with django_assert_num_queries(4):
        assert no_longer(viewers) == (set(), set())


@pytest.mark.django_db
def test_staff_without_their_second_factor_see_nothing(agent: User, settings: Any) -> None:
    session = session_of(agent)
    settings.STAFF_MFA_REQUIRED = True
    assert viewer_of(session) is None


@pytest.mark.django_db
def test_looking_leaves_the_session_as_it_is(agent: User, member: Customer) -> None:
    """Even one that no longer holds: the pages end it, and tell its owner."""
    session = session_of(agent)
    password(agent)
    assert viewer_of(session) is None
    assert SessionStore(session).exists(session)


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_sockets_are_closed_within_a_minute(
    process: RealtimeProcess, agent: User, second_agent: User, lead: User, manager: User
) -> None:
    sessions = {user: session_of(user) for user in (agent, second_agent, lead, manager)}
    sockets = {user: Socket(process.port, session) for user, session in sessions.items()}
    for socket in sockets.values():
        socket.of("hello")
    SessionStore(sessions[agent]).flush()
    set_to(is_active=False)(second_agent)
    set_to(role=Role.AGENT)(lead)
    assert sockets[agent].until_closed(60) == Close.LOGGED_OUT
    assert sockets[second_agent].until_closed(5) == Close.LOGGED_OUT
    assert sockets[lead].until_closed(5) == Close.CHANGED
    sockets[manager].hear(1)
    assert sockets[manager].closed is None
    for socket in sockets.values():
        socket.close()
