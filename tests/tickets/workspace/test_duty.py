"""My duty, the switch in the top bar, team today, and what take next answers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Brand, Team, User
from accounts.rules.capabilities import Role
from tests.cast import person
from tests.tickets.workspace.conftest import LogIn
from tickets import actors
from tickets.actions.assignment import take
from tickets.models import Ticket

Make = Callable[..., Ticket]
DUTY, SET, TEAM, NEXT = "/admin/duty/", "/admin/duty/set/", "/admin/team-today/", "/admin/queue/take-next/"


def test_the_switch_shows_how_it_stands(desk: Client, agent: User, make_ticket: Make) -> None:
    assert ">On duty<" in desk.get("/admin/queue/").content.decode()
    take(make_ticket(), by=actors.staff(agent))
    page = desk.get(DUTY).content.decode()
    assert "Go off duty and hand back 1 case" in page
    page = desk.post(SET, {"to": "off"}, follow=True).content.decode()
    assert "Off duty. 1 case was handed back." in page
    assert ">Off duty<" in page, "the frame that was kept is not shown any more"
    response = desk.post(SET, {"to": "on", "next": "/admin/queue/?view=all"})
    assert response["Location"] == "/admin/queue/?view=all"
    agent.refresh_from_db()
    assert agent.is_on_duty


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.test/admin/", "//evil.test/admin/", "/accounts/logout/", "x"]
)
def test_back_to_this_desk_only(desk: Client, elsewhere: str) -> None:
    assert desk.post(SET, {"to": "on", "next": elsewhere})["Location"] == "/admin/queue/"


def test_an_empty_form_changes_nothing(desk: Client, agent: User) -> None:
    desk.post(SET)
    agent.refresh_from_db()
    assert agent.is_on_duty


def test_who_watches_has_no_switch(log_in: LogIn, officer: User) -> None:
    assert "du-switch" not in log_in(officer).get("/admin/queue/").content.decode()


class TestTakeNext:
    def test_off_duty_shows_the_button(self, desk: Client, ticket: Ticket) -> None:
        desk.post(SET, {"to": "off"})
        page = desk.post(NEXT, follow=True).content.decode()
        assert "You are off duty, so no cases are given to you." in page
        assert ">Go on duty</button>" in page

    def test_at_capacity(self, desk: Client, agent: User, make_ticket: Make) -> None:
        User.objects.filter(pk=agent.pk).update(capacity=1)
        make_ticket()
        make_ticket()
        desk.post(NEXT)
        page = desk.post(NEXT, follow=True).content.decode()
        assert "You have 1 open cases, of at most 1." in page
        for _number in range(2):
            take(make_ticket(), by=actors.staff(agent))
        for response in (desk.post(NEXT, follow=True), desk.get(DUTY)):
            assert "You have 3 open cases, of at most 1." in response.content.decode()

    def test_very_many(
        self, desk: Client, agent: User, make_ticket: Make, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("tickets.queries.workers.MOST_COUNTED", 1)
        User.objects.filter(pk=agent.pk).update(capacity=1)
        for _number in range(2):
            take(make_ticket(), by=actors.staff(agent))
        assert "You have 1+ open cases, of at most 1." in desk.get(DUTY).content.decode()

    def test_nothing_that_one_can_do(self, desk: Client, agent: User, ticket: Ticket) -> None:
        User.objects.filter(pk=agent.pk).update(speaks=["en"])
        page = desk.post(NEXT, follow=True).content.decode()
        assert "for another team, language or skill" in page


class TestTeamToday:
    def test_it_works(
        self, log_in: LogIn, lead: User, agent: User, other_team_agent: User, make_ticket: Make
    ) -> None:
        oldest = take(make_ticket(), by=actors.staff(agent))
        take(make_ticket(), by=actors.staff(agent))
        make_ticket()
        page = log_in(lead).get(TEAM).content.decode()
        for words in (
            "Funds",
            "2 on duty",
            "1 wait for somebody",
            "Ann",
            "2 of 20 open",
            oldest.display_number,
        ):
            assert words in page, words
        assert "Otto" not in page

    def test_agents_do_not_see_it(self, desk: Client) -> None:
        assert desk.get(TEAM).status_code == 403

    def test_change(self, log_in: LogIn, lead: User, agent: User) -> None:
        client, address = log_in(lead), f"{TEAM}{agent.pk}/"
        client.post(
            address,
            {"act": "terms", "capacity": "7", "speaks": ["en"], "skills": "Cards，chargebacks, cards"},
        )
        client.post(address, {"act": "off"})
        agent.refresh_from_db()
        assert (agent.capacity, agent.speaks, agent.skills) == (7, ["en"], ["cards", "chargebacks"])
        assert not agent.is_on_duty

    def test_nonsense_stays_in_the_form(self, log_in: LogIn, lead: User, agent: User) -> None:
        typed = {"act": "terms", "capacity": "many", "skills": "cards"}
        response = log_in(lead).post(f"{TEAM}{agent.pk}/", typed)
        page = response.content.decode()
        assert response.status_code == 422
        assert "Write a number from 0 to 1000." in page
        assert 'value="many"' in page

    def test_hand_over(self, log_in: LogIn, lead: User, agent: User, make_ticket: Make) -> None:
        take(make_ticket(), by=actors.staff(agent))
        page = log_in(lead).post(f"{TEAM}{agent.pk}/", {"act": "hand_over"}, follow=True).content.decode()
        assert "1 case of Ann went back to its team." in page
        assert not Ticket.objects.filter(assignee=agent).exists()

    def test_strangers_people_are_not_found(self, log_in: LogIn, lead: User, other_team_agent: User) -> None:
        assert log_in(lead).post(f"{TEAM}{other_team_agent.pk}/", {"act": "off"}).status_code == 404
        other_team_agent.refresh_from_db()
        assert other_team_agent.is_on_duty

    def test_queries_do_not_grow_with_people(
        self,
        log_in: LogIn,
        lead: User,
        brand: Brand,
        team: Team,
        make_ticket: Make,
        django_assert_max_num_queries: DjangoAssertNumQueries,
    ) -> None:
        client = log_in(lead)
        for number in range(12):
            who = person(Role.AGENT, f"A{number}", brands=[brand], teams=[team])
            take(make_ticket(), by=actors.staff(who))
        client.get(TEAM)
        # session, person, brands, teams; teams shown, people, their brands and teams, loads, oldest, waiting, skills
        with django_assert_max_num_queries(14):
            assert client.get(TEAM).status_code == 200
