"""Acts on the ticket's page: undone, looked at beforehand, linked, split off, followed up, colleagues called."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import Team, User
from helpdesk.lib import clock
from tests.tickets.workspace.conftest import LogIn
from tickets import actors
from tickets.actions.assignment import move_to_team, take
from tickets.actions.linking import link
from tickets.actions.merging import merge
from tickets.actions.splitting import split_off
from tickets.actions.status import change_status
from tickets.actions.tickets import set_priority
from tickets.choices import EventKind, LinkKind, Priority, Status
from tickets.models import Category, Event, Message, OutboxMail, Ticket, TicketLink

HTMX = {"HX-Request": "true"}
MakeTicket = Callable[..., Ticket]


@pytest.fixture
def by(agent: User) -> actors.Actor:
    return actors.staff(agent)


@pytest.fixture
def other(make_ticket: MakeTicket) -> Ticket:
    return make_ticket(subject="The other one")


@pytest.fixture
def unseen(make_ticket: MakeTicket, other_team: object) -> Ticket:
    made = make_ticket(subject="Not for Ann")
    Ticket.objects.filter(pk=made.pk).update(team=other_team)
    return made


def address(ticket: Ticket, rest: str = "") -> str:
    return f"/admin/tickets/{ticket.number}/{rest}"


def undo_address(ticket: Ticket) -> str:
    return f"/admin/acts/{Event.objects.filter(ticket=ticket).latest('pk').pk}/undo/"


def page_of(client: Client, ticket: Ticket) -> str:
    return client.get(address(ticket)).content.decode()


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


class TestUndo:
    @pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
    def test_it_works(self, desk: Client, ticket: Ticket, headers: dict[str, str]) -> None:
        """Without JavaScript it is a message with a form; with htmx the same comes with the changed page."""
        posted = {"value": "urgent", "was": "normal"}
        answer = desk.post(
            address(ticket, "set/priority/"), posted, headers=headers, follow=True
        ).content.decode()
        [(way, said)] = re.findall(
            r'ws-done"><span>([^<]+)</span><form class="ws-undo" method="post" action="([^"]+)"', answer
        )
        assert way == "Priority: normal → urgent"
        answer = desk.post(said, headers=headers, follow=True).content.decode()
        assert "Undone. Priority: urgent → normal" in answer
        assert fresh(ticket).priority == Priority.NORMAL

    def test_what_changed_since_says_by_whom(
        self, desk: Client, ticket: Ticket, by: actors.Actor, second_agent: User
    ) -> None:
        set_priority(ticket, priority=Priority.HIGH, by=by)
        way = undo_address(ticket)
        set_priority(ticket, priority=Priority.LOW, by=actors.staff(second_agent))
        answer = desk.post(way, headers=HTMX)
        assert answer.status_code == 409
        assert "Not undone: Bo changed the priority since." in answer.content.decode()

    def test_only_for_some_minutes(self, desk: Client, ticket: Ticket, by: actors.Actor) -> None:
        with clock.frozen(clock.now() - timedelta(minutes=11)):
            take(ticket, by=by)
        way = f"/admin/acts/{Event.objects.get(kind=EventKind.ASSIGNED).pk}/undo/"
        assert "ws-undo" not in page_of(desk, ticket)
        assert desk.post(way).status_code == 409
        assert fresh(ticket).assignee == by.user

    def test_in_the_timeline_what_nobody_changed_since(
        self, desk: Client, ticket: Ticket, by: actors.Actor, second_agent: User
    ) -> None:
        set_priority(ticket, priority=Priority.HIGH, by=by)
        set_priority(ticket, priority=Priority.LOW, by=actors.staff(second_agent))
        take(ticket, by=by)
        page = page_of(desk, ticket)
        ways = re.findall(r'action="/admin/acts/(\d+)/undo/"[^>]*?( data-mine)?>', page)
        kinds = [(Event.objects.get(pk=int(pk)).kind, bool(mine)) for pk, mine in ways]
        assert kinds == [(EventKind.PRIORITY_CHANGED, False), (EventKind.ASSIGNED, True)]

    @pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
    def test_a_case_that_one_sent_out_of_ones_sight(
        self, desk: Client, ticket: Ticket, team: Team, other_team: Team, headers: dict[str, str]
    ) -> None:
        """By its team, or by a category that leads to one. The way back stands in the queue, and leads to the case."""
        freeze = Category.objects.create(slug="freeze", name_zh="冻结", name_en="Freeze", team=other_team)
        for what, value, was in (
            ("category", freeze.pk, ticket.category_id),
            ("team", other_team.pk, ticket.team_id),
        ):
            desk.post(address(ticket, f"set/{what}/"), {"value": value, "was": was}, headers=headers)
            [way] = re.findall(
                r'action="(/admin/acts/\d+/undo/)"', desk.get("/admin/queue/").content.decode()
            )
            answer = desk.post(way, headers=headers)
            assert address(ticket) in (answer.get("HX-Redirect"), answer.get("Location"))
            assert "Undone. " in page_of(desk, ticket)
            assert fresh(ticket).team == team

    def test_a_case_that_others_sent_on_since(
        self, desk: Client, ticket: Ticket, team: Team, other_team: Team, manager: User
    ) -> None:
        desk.post(address(ticket, "set/team/"), {"value": other_team.pk, "was": team.pk})
        way = undo_address(ticket)
        third = Team.objects.create(slug="third", name_zh="三", name_en="Third")
        move_to_team(ticket, team=third, by=actors.staff(manager))
        page = desk.post(way, follow=True).content.decode()
        assert "Not undone: Max changed the team since." in page
        assert fresh(ticket).team == third

    def test_not_on_a_case_that_one_does_not_see(
        self, log_in: LogIn, ticket: Ticket, by: actors.Actor, other_team_agent: User
    ) -> None:
        take(ticket, by=by)
        assert log_in(other_team_agent).post(undo_address(ticket)).status_code == 404


class TestMerging:
    def test_looked_at_beforehand(self, desk: Client, ticket: Ticket, other: Ticket) -> None:
        before = Event.objects.count()
        answer = desk.post(address(ticket, "merge/"), {"into": other.number, "step": "look"}).content.decode()
        assert "1 message of the customer stays readable here." in answer
        assert (fresh(ticket).merged_into, Event.objects.count()) == (None, before), "nothing is written"

    @pytest.mark.parametrize("way", ["unmerge", "undo"])
    def test_not_undone_with_one_that_is_out_of_sight(
        self, desk: Client, ticket: Ticket, other: Ticket, by: actors.Actor, other_team: object, way: str
    ) -> None:
        """The case that went is seen; the one that would change with it is not."""
        merge(ticket, into=other, by=by)
        act = Event.objects.get(kind=EventKind.MERGED)
        Ticket.objects.filter(pk=other.pk).update(team=other_team)
        where = address(ticket, "unmerge/") if way == "unmerge" else f"/admin/acts/{act.pk}/undo/"
        assert desk.post(where).status_code == 409
        assert fresh(ticket).merged_into_id == other.pk

    def test_as_a_duplicate_and_undone(self, desk: Client, ticket: Ticket, other: Ticket) -> None:
        answer = desk.post(address(ticket, "merge/"), {"into": other.number, "duplicate": "yes"}, follow=True)
        assert TicketLink.objects.get().kind == LinkKind.DUPLICATE
        [way] = re.findall(r'ws-done">.+?action="([^"]+)"', answer.content.decode())
        desk.post(way)
        assert fresh(ticket).merged_into is None

    def test_undone_at_any_time_from_the_case_that_went(
        self, desk: Client, ticket: Ticket, other: Ticket, by: actors.Actor
    ) -> None:
        with clock.frozen(clock.now() - timedelta(days=2)):
            merge(ticket, into=other, by=by)
        assert "Undo the merging" in page_of(desk, ticket)
        answer = desk.post(address(ticket, "unmerge/"), follow=True).content.decode()
        assert "The case goes on by itself again" in answer
        assert desk.post(address(ticket, "unmerge/")).status_code == 409


class TestLinks:
    def test_by_number_and_removed(self, desk: Client, ticket: Ticket, other: Ticket) -> None:
        desk.post(address(ticket, "links/add/"), {"typed": other.display_number, "kind": "caused_by"})
        page = page_of(desk, ticket)
        assert "The other one" in page
        assert "is the cause of" in page_of(desk, other)
        desk.post(address(other, "links/remove/"), {"number": ticket.number}, headers=HTMX)
        assert not TicketLink.objects.exists()

    @pytest.mark.parametrize("typed", ["", "nonsense", "unseen"])
    def test_only_what_one_sees(self, desk: Client, ticket: Ticket, unseen: Ticket, typed: str) -> None:
        typed = unseen.number if typed == "unseen" else typed
        answer = desk.post(address(ticket, "links/add/"), {"typed": typed, "kind": "related"})
        assert answer.status_code == 422
        words = "You see no case with this number." if typed else "Say which case."
        assert re.search(f'id="ws-link-error"[^>]*>{words}', answer.content.decode())
        assert not TicketLink.objects.exists()

    def test_found_by_words(self, desk: Client, ticket: Ticket, other: Ticket, unseen: Ticket) -> None:
        answer = desk.get(address(ticket, "links/find/"), {"typed": "other"}).content.decode()
        assert f'value="{other.number}"' in answer
        assert "No case" in desk.get(address(ticket, "links/find/"), {"typed": "Ann"}).content.decode()
        assert desk.get(address(ticket, "links/find/"), {"typed": ""}).content.decode().strip() == ""

    def test_what_one_does_not_see_is_not_shown(
        self, desk: Client, ticket: Ticket, unseen: Ticket, by: actors.Actor
    ) -> None:
        link(ticket, unseen, kind=LinkKind.RELATED, by=by)
        page = page_of(desk, ticket)
        assert "Not for Ann" not in page
        assert address(unseen) not in page

    def test_solved_with_the_one_that_caused_them(
        self, desk: Client, ticket: Ticket, other: Ticket, by: actors.Actor, make_ticket: MakeTicket
    ) -> None:
        related = make_ticket(subject="Only related")
        link(other, ticket, kind=LinkKind.CAUSED_BY, by=by)
        link(related, ticket, kind=LinkKind.RELATED, by=by)
        assert "Are these too?" not in page_of(desk, ticket)
        change_status(ticket, to=Status.SOLVED, by=by)
        assert "Are these too?" in page_of(desk, ticket)
        numbers = {"number": [other.number, related.number]}
        answer = desk.post(address(ticket, "links/solve/"), numbers, follow=True)
        assert "1 linked case solved." in answer.content.decode()
        assert (fresh(other).status, fresh(related).status) == (Status.SOLVED, Status.NEW)

    def test_ended_as_a_duplicate(self, desk: Client, ticket: Ticket, other: Ticket) -> None:
        posted = {"typed": other.number, "kind": "related", "end": "yes"}
        answer = desk.post(address(ticket, "links/add/"), posted, headers=HTMX)
        assert answer["HX-Redirect"] == address(other)
        assert fresh(ticket).merged_into == other


class TestSplit:
    def test_it_works(self, desk: Client, ticket: Ticket) -> None:
        said = ticket.messages.get()
        form = desk.get(address(ticket, f"messages/{said.pk}/split/")).content.decode()
        assert said.body in form
        posted = {"subject": "Something else", "category": str(ticket.category_id)}
        answer = desk.post(address(ticket, f"messages/{said.pk}/split/"), posted, follow=True)
        opened = Ticket.objects.latest("pk")
        assert answer.redirect_chain == [(address(opened), 302)]
        assert opened.subject == "Something else"
        assert not OutboxMail.objects.filter(ticket=opened).exists()
        assert re.search(f'went on in <a href="{address(opened)}">', page_of(desk, ticket))

    def test_a_second_time_it_says_where(self, desk: Client, ticket: Ticket, by: actors.Actor) -> None:
        said = ticket.messages.get()
        opened = split_off(said, by=by)
        answer = desk.post(address(ticket, f"messages/{said.pk}/split/"), {"subject": "kept"})
        assert answer.status_code == 409
        assert opened.display_number in answer.content.decode()
        assert 'value="kept"' in answer.content.decode()

    def test_not_by_the_number_of_another_case(self, desk: Client, ticket: Ticket, other: Ticket) -> None:
        foreign = Message.objects.get(ticket=other)
        assert desk.get(address(ticket, f"messages/{foreign.pk}/split/")).status_code == 404


def test_a_follow_up_with_one_click(desk: Client, ticket: Ticket, by: actors.Actor) -> None:
    assert desk.post(address(ticket, "follow-up/")).status_code == 409
    change_status(ticket, to=Status.SOLVED, by=by)
    change_status(ticket, to=Status.CLOSED, by=by)
    assert "Open a follow-up case" in page_of(desk, ticket)
    answer = desk.post(address(ticket, "follow-up/"), follow=True)
    opened = Ticket.objects.get(follow_up_of=ticket)
    assert answer.redirect_chain == [(address(opened), 302)]
    assert opened.assignee == by.user


class TestMentions:
    def test_who_can_be_called(
        self, desk: Client, ticket: Ticket, lead: User, other_team_agent: User
    ) -> None:
        found = desk.get(address(ticket, "people/")).json()["people"]
        assert found == [{"name": "Lea", "role": "team lead"}]

    def test_the_author_reads_whom_it_did_not_reach(
        self, desk: Client, ticket: Ticket, lead: User, other_team_agent: User
    ) -> None:
        posted = {"kind": "note", "body": "@Otto @Lea"}
        answer = desk.post(address(ticket, "reply/"), posted, headers=HTMX).content.decode()
        assert "Not told: Otto. They may not see this case." in answer
        assert "called Lea by name" in answer
