"""My notices: one's own hours, and what one was told lately."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time

import pytest
from django.test import Client

from accounts.models import Team, User
from helpdesk.lib import clock
from tests.tickets.told import clock_of, quiet, tell_of
from tests.tickets.workspace.conftest import LogIn
from tests.times import shanghai
from tickets.actions.notices import gather
from tickets.choices import TimerState
from tickets.models import Notice, Ticket, Timer

PAGE = "/admin/notices/"
NIGHT = {"time_zone": "Asia/Tokyo", "quiet_from": "22:00", "quiet_until": "07:00", "digest_minutes": "60"}


def read(client: Client) -> str:
    return " ".join(client.get(PAGE).content.decode().split())


def test_it_works(desk: Client, agent: User) -> None:
    response = desk.post(PAGE, NIGHT, follow=True)
    assert "Saved." in response.content.decode()
    agent.refresh_from_db()
    assert (agent.time_zone, agent.digest_minutes) == ("Asia/Tokyo", 60)
    assert (agent.quiet_from, agent.quiet_until) == (time(22), time(7))
    page = read(desk)
    assert '<option value="Asia/Tokyo" selected>' in page
    assert 'name="quiet_from" value="22:00"' in page
    assert '<option value="60" selected>' in page
    assert "Saved." not in page


def test_seconds_as_some_browsers_send_them(desk: Client, agent: User) -> None:
    desk.post(PAGE, {**NIGHT, "quiet_from": "22:00:00"})
    agent.refresh_from_db()
    assert agent.quiet_from == time(22)


def test_it_says_that_emergencies_come_at_once(desk: Client) -> None:
    assert "Emergencies come at once" in read(desk)


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"time_zone": "Mars"}, "time_zone", "Choose a time zone of the list."),
        ({"quiet_from": "late"}, "quiet_from", "Write a time of day such as 22:30."),
        ({"quiet_until": "25:00"}, "quiet_until", "Write a time of day such as 22:30."),
        ({"quiet_from": ""}, "quiet_from", "Say from when it is quiet"),
        ({"quiet_until": ""}, "quiet_until", "Say until when it is quiet"),
        ({"quiet_until": "22:00"}, "quiet_until", "This would be quiet day and night."),
        ({"digest_minutes": "7"}, "digest_minutes", "Choose one of the list."),
        ({"digest_minutes": "9" * 30}, "digest_minutes", "Choose one of the list."),
        ({"digest_minutes": "²"}, "digest_minutes", "Choose one of the list."),
    ],
)
def test_nonsense_is_told_at_its_field_and_nothing_is_lost(
    desk: Client, agent: User, changes: dict[str, str], field: str, words: str
) -> None:
    response = desk.post(PAGE, {**NIGHT, **changes})
    page = " ".join(response.content.decode().split())
    assert response.status_code == 422
    assert f'id="error-{field}">{words}' in page
    for name in {"quiet_from", "quiet_until"} - changes.keys():
        assert f'name="{name}" value="{NIGHT[name]}"' in page
    agent.refresh_from_db()
    assert agent.time_zone == "Asia/Shanghai"


def test_what_waits_follows(desk: Client, ticket: Ticket, agent: User) -> None:
    with clock.frozen(shanghai(2, 23)):
        tell_of(ticket, agent)
        desk.post(PAGE, {**NIGHT, "time_zone": "Asia/Shanghai", "digest_minutes": "0"})
    assert Notice.objects.get().ready_at == shanghai(3, 7)


class TestWhatOneWasTold:
    def test_why_it_waits(self, desk: Client, ticket: Ticket, agent: User) -> None:
        quiet(agent, quiet_from=time(22), quiet_until=time(7))
        with clock.frozen(shanghai(2, 23)):
            tell_of(ticket, agent)
        with clock.frozen(shanghai(3, 1)):
            page = read(desk)
        assert ticket.display_number in page
        assert "waits: after quiet hours, 07:00" in page

    def test_with_the_digest(self, desk: Client, ticket: Ticket, agent: User) -> None:
        quiet(agent, digest_minutes=60)
        with clock.frozen(shanghai(2, 10, 20)):
            [notice] = tell_of(ticket, agent)
            assert notice.ready_at > clock.now()
            assert "waits: with the next digest, " in read(desk)

    def test_mailed(self, desk: Client, ticket: Ticket, agent: User) -> None:
        with clock.frozen(shanghai(2, 10, 20)):
            tell_of(ticket, agent)
            assert "on its way" in read(desk)
            gather()
            assert "mailed 10:20" in read(desk)

    def test_by_ones_own_clock(self, desk: Client, ticket: Ticket, agent: User) -> None:
        quiet(agent, time_zone="Europe/London")
        with clock.frozen(shanghai(2, 18, 20)):
            tell_of(ticket, agent)
            gather()
            assert "mailed 10:20" in read(desk)

    def test_no_longer_needed(self, desk: Client, ticket: Ticket, agent: User) -> None:
        tell_of(ticket, agent)
        Timer.objects.filter(pk=clock_of(ticket).pk).update(state=TimerState.DONE)
        gather()
        assert "no longer needed, so not mailed" in read(desk)

    def test_an_emergency_is_marked(self, desk: Client, ticket: Ticket, agent: User) -> None:
        tell_of(ticket, agent, urgent=True)
        assert ">emergency<" in read(desk)

    def test_nobody_elses_and_nothing_out_of_sight(
        self, desk: Client, make_ticket: Callable[..., Ticket], agent: User, lead: User, other_team: Team
    ) -> None:
        theirs, moved = make_ticket(subject="theirs"), make_ticket(subject="moved")
        tell_of(theirs, lead)
        tell_of(moved, agent)
        Ticket.objects.filter(pk=moved.pk).update(team=other_team)
        page = read(desk)
        assert "theirs" not in page
        assert "moved" not in page
        assert "Nothing yet." in page

    def test_no_more_than_fifty_however_many_queries(
        self,
        desk: Client,
        make_ticket: Callable[..., Ticket],
        agent: User,
        django_assert_max_num_queries: object,
    ) -> None:
        ticket = make_ticket()
        for _number in range(52):
            tell_of(ticket, agent)
        with django_assert_max_num_queries(16):  # type: ignore[operator]
            page = read(desk)
        assert page.count('class="ws-told-what"') == 50


@pytest.mark.parametrize("who", ["agent", "lead", "manager", "officer", "administrator"])
def test_every_member_of_staff_may(who: str, log_in: LogIn, request: pytest.FixtureRequest) -> None:
    client = log_in(request.getfixturevalue(who))
    page = client.get(PAGE)
    assert page.status_code == 200
    assert 'href="/admin/notices/"' in page.content.decode()
    assert client.post(PAGE, NIGHT).status_code == 302


def test_a_customer_may_not(log_in: LogIn, member: object) -> None:
    user: User = member.user  # type: ignore[attr-defined]
    assert log_in(user).get(PAGE).status_code == 403
    assert log_in(user).post(PAGE, NIGHT).status_code == 403
