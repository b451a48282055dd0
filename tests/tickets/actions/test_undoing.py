"""What somebody did is undone, as far as nobody changed it since. More of clocks: ``test_undoing_any_story``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import Brand, Team, User
from helpdesk.lib import clock
from helpdesk.lib.errors import NotAllowed
from tests.crowd import all_at_once
from tests.times import shanghai
from tickets import actors
from tickets.actions import escalation, undoing
from tickets.actions.assignment import assign, move_to_team, take, unwatch, watch
from tickets.actions.categories import confirm_category
from tickets.actions.changed_since import NotUndoable, TooOld
from tickets.actions.correspondence import put_in_copy, remove_participant
from tickets.actions.linking import link, unlink
from tickets.actions.messages import customer_reply, reply
from tickets.actions.status import MergedAway, change_status
from tickets.actions.tickets import mark_complaint, set_category, set_priority, set_tags
from tickets.actions.undoing import undo
from tickets.choices import EventKind, LinkKind, MailState, Priority, Status, TimerKind, TimerState
from tickets.models import Category, Event, OutboxMail, Participant, Ticket, TicketLink, Timer
from tickets.queries.clocks import explained, of_ticket
from tickets.rules.undoing import UNDOABLE

pytestmark = pytest.mark.usefixtures("in_english")
MakeTicket = Callable[..., Ticket]
Act = Callable[[Ticket, actors.Actor], object]


@pytest.fixture
def by(agent: User) -> actors.Actor:
    return actors.staff(agent)


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def last(ticket: Ticket, *kinds: EventKind) -> Event:
    return Event.objects.filter(ticket=ticket, kind__in=kinds or UNDOABLE).latest("pk")


def as_it_is(ticket: Ticket) -> dict[str, Any]:
    """The ticket and all that hangs on it, without what counts changes."""
    row = Ticket.objects.filter(pk=ticket.pk).values().get()
    counting = {"version", "updated_at"}
    return {
        **{name: value for name, value in row.items() if name not in counting},
        "watchers": set(ticket.watchers.values_list("pk", flat=True)),
        "in copy": set(
            Participant.objects.filter(ticket=ticket, removed_at=None).values_list("email", flat=True)
        ),
        "links": set(TicketLink.objects.values_list("ticket", "other", "kind")),
        "clocks": set(
            Timer.objects.filter(ticket=ticket)
            .exclude(state=TimerState.CANCELLED)
            .values_list("kind", "state", "due_at", "policy", "target_seconds")
        ),
    }


ACTS: dict[str, Act] = {
    "take": lambda ticket, by: take(ticket, by=by),
    "solve": lambda ticket, by: change_status(ticket, to=Status.SOLVED, by=by),
    "wait": lambda ticket, by: change_status(ticket, to=Status.PENDING, by=by),
    "priority": lambda ticket, by: set_priority(ticket, priority=Priority.URGENT, by=by),
    "tags": lambda ticket, by: set_tags(ticket, tags=["b"], by=by),
    "complaint": lambda ticket, by: mark_complaint(ticket, is_complaint=True, by=by),
    "watch": lambda ticket, by: watch(ticket, user=User.objects.get(name=by.name), by=by),
    "copy": lambda ticket, by: put_in_copy(ticket, email="zhao@example.com", by=by),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_it_works(make_ticket: MakeTicket, by: actors.Actor, act: Act) -> None:
    """Done at one moment and undone five minutes later."""
    with clock.frozen(shanghai(2, 10)):
        ticket = make_ticket()
        before = as_it_is(ticket)
    with clock.frozen(shanghai(2, 10, 20)):
        act(ticket, by)
        done = last(ticket)
        assert as_it_is(ticket) != before
    with clock.frozen(shanghai(2, 10, 25)):
        told = undo(done, by=by)
        assert as_it_is(ticket) == before
        assert {event.ticket_id for event in told} == {ticket.pk}
        assert told[0].kind in (done.kind, EventKind.WATCHER_REMOVED, EventKind.PARTICIPANT_REMOVED)
        with pytest.raises(NotUndoable):
            undo(done, by=by)
        assert all(row.explanation.agrees for row in explained(fresh(ticket), of_ticket(ticket)))


def test_every_kind_that_is_offered_has_its_way_back() -> None:
    assert {*undoing._OF_ONE, *undoing._OF_TWO} == UNDOABLE


class TestChangedSince:
    def test_by_somebody(self, ticket: Ticket, by: actors.Actor, second_agent: User) -> None:
        set_priority(ticket, priority=Priority.HIGH, by=by)
        done = last(ticket)
        set_priority(ticket, priority=Priority.LOW, by=actors.staff(second_agent))
        set_priority(ticket, priority=Priority.HIGH, by=actors.staff(second_agent))
        with pytest.raises(NotUndoable, match="Bo changed the priority since"):
            undo(done, by=by)
        assert fresh(ticket).priority == Priority.HIGH

    def test_another_thing(self, ticket: Ticket, by: actors.Actor, second_agent: User) -> None:
        set_priority(ticket, priority=Priority.HIGH, by=by)
        done = last(ticket)
        set_tags(ticket, tags=["x"], by=actors.staff(second_agent))
        undo(done, by=by)
        assert (fresh(ticket).priority, fresh(ticket).tags) == (Priority.NORMAL, ["x"])

    def test_a_reply_that_took_the_case(self, ticket: Ticket, by: actors.Actor, second_agent: User) -> None:
        take(ticket, by=by)
        assign(ticket, to=None, by=by)
        done = last(ticket)
        reply(ticket, body="x", by=actors.staff(second_agent))
        with pytest.raises(NotUndoable, match="meanwhile somebody changed the assignee"):
            undo(done, by=by)

    def test_other_tags(self, ticket: Ticket, by: actors.Actor, second_agent: User) -> None:
        set_tags(ticket, tags=["a", "b"], by=by)
        set_tags(ticket, tags=["b", "c"], by=by)
        done = last(ticket)
        set_tags(ticket, tags=["b", "c", "d"], by=actors.staff(second_agent))
        undo(done, by=by)
        assert set(fresh(ticket).tags) == {"a", "b", "d"}

    def test_the_same_tag(self, ticket: Ticket, by: actors.Actor, second_agent: User) -> None:
        set_tags(ticket, tags=["a"], by=by)
        done = last(ticket)
        set_tags(ticket, tags=[], by=actors.staff(second_agent))
        with pytest.raises(NotUndoable, match="Bo changed the tags since"):
            undo(done, by=by)


class TestWhatCannotBe:
    def test_what_the_desk_did_itself(self, ticket: Ticket, by: actors.Actor) -> None:
        set_priority(ticket, priority=Priority.HIGH, by=actors.system("sla"))
        with pytest.raises(NotUndoable):
            undo(last(ticket), by=by)

    def test_what_a_reply_did(self, ticket: Ticket, by: actors.Actor) -> None:
        reply(ticket, body="x", by=by)
        with pytest.raises(NotUndoable):
            undo(last(ticket, EventKind.STATUS_CHANGED), by=by)
        with pytest.raises(NotUndoable):
            undo(last(ticket, EventKind.REPLIED), by=by)

    def test_what_was_told_without_ids(self, ticket: Ticket, by: actors.Actor) -> None:
        take(ticket, by=by)
        done = last(ticket)
        done.data = {"from": None, "to": "Ann"}
        with pytest.raises(TooOld):
            undo(done, by=by)

    def test_on_a_case_that_went_elsewhere(
        self, ticket: Ticket, make_ticket: MakeTicket, by: actors.Actor
    ) -> None:
        from tickets.actions.merging import merge

        set_tags(ticket, tags=["a"], by=by)
        done = last(ticket)
        merge(ticket, into=make_ticket(), by=by)
        with pytest.raises(MergedAway):
            undo(done, by=by)

    def test_by_customers(self, ticket: Ticket, by: actors.Actor) -> None:
        set_tags(ticket, tags=["a"], by=by)
        with pytest.raises(NotAllowed):
            undo(last(ticket), by=actors.customer(ticket.customer))


def test_a_breach_that_was_mended_and_came_back_stands(make_ticket: MakeTicket, by: actors.Actor) -> None:
    """Low priority has twice the time: given by mistake, the promise is broken again, and stays so."""
    with clock.frozen(shanghai(2, 10)):
        ticket = make_ticket()
    with clock.frozen(shanghai(2, 11, 30)):
        set_priority(ticket, priority=Priority.URGENT, by=by)
        assert first_reply(ticket).breached_at == shanghai(2, 11)
        set_priority(ticket, priority=Priority.LOW, by=by)
        assert first_reply(ticket).breached_at is None
        undo(last(ticket, EventKind.PRIORITY_CHANGED), by=by)
        broken = first_reply(ticket).breached_at
        assert broken is not None
    with clock.frozen(shanghai(2, 11, 40)):
        set_priority(ticket, priority=Priority.HIGH, by=by)
        undo(last(ticket, EventKind.PRIORITY_CHANGED), by=by)
        assert first_reply(ticket).breached_at == broken
        assert fresh(ticket).is_breached


@pytest.mark.parametrize("priority", [Priority.LOW, Priority.URGENT])
def test_a_promise_that_was_over_is_over_since_then(
    make_ticket: MakeTicket, by: actors.Actor, priority: Priority
) -> None:
    """Noted or not: no sweep came by, and with low priority it was not over."""
    with clock.frozen(shanghai(2, 10)):
        ticket = make_ticket()
    with clock.frozen(shanghai(2, 11, 30)):
        set_priority(ticket, priority=priority, by=by)
        undo(last(ticket, EventKind.PRIORITY_CHANGED), by=by)
        assert first_reply(ticket).due_at == shanghai(2, 11)
    with clock.frozen(shanghai(2, 11, 31)):
        escalation.sweep()
    assert first_reply(ticket).breached_at == shanghai(2, 11)


def first_reply(ticket: Ticket) -> Timer:
    return Timer.objects.get(ticket=ticket, kind=TimerKind.FIRST_RESPONSE)


class TestWhoHasIt:
    def test_ones_own_taking_away(self, ticket: Ticket, lead: User, agent: User, second_agent: User) -> None:
        assign(ticket, to=agent, by=actors.staff(lead))
        assign(ticket, to=second_agent, by=actors.staff(lead))
        undo(last(ticket), by=actors.staff(lead))
        assert fresh(ticket).assignee == agent

    def test_a_leads_word_by_an_agent(
        self, ticket: Ticket, lead: User, agent: User, second_agent: User
    ) -> None:
        assign(ticket, to=second_agent, by=actors.staff(lead))
        with pytest.raises(NotAllowed):
            undo(last(ticket), by=actors.staff(agent))
        assert fresh(ticket).assignee == second_agent

    def test_a_team_with_whom_it_took_away(
        self, ticket: Ticket, other_team: Team, by: actors.Actor, second_agent: User
    ) -> None:
        """An agent hands on the case of another: undone, that one has it again."""
        take(ticket, by=actors.staff(second_agent))
        before = as_it_is(ticket)
        move_to_team(ticket, team=other_team, by=by)
        undo(last(ticket, EventKind.TEAM_CHANGED), by=by)
        assert as_it_is(ticket) == before

    def test_unless_somebody_has_it_since(
        self,
        ticket: Ticket,
        team: Team,
        other_team: Team,
        by: actors.Actor,
        second_agent: User,
        other_team_agent: User,
    ) -> None:
        other_team_agent.teams.add(team)
        take(ticket, by=actors.staff(second_agent))
        move_to_team(ticket, team=other_team, by=by)
        done = last(ticket, EventKind.TEAM_CHANGED)
        take(ticket, by=actors.staff(other_team_agent))
        undo(done, by=by)
        assert (fresh(ticket).team, fresh(ticket).assignee) == (team, other_team_agent)

    def test_a_team_where_there_was_none(self, make_ticket: MakeTicket, team: Team, by: actors.Actor) -> None:
        ticket = make_ticket(category=None)
        Ticket.objects.filter(pk=ticket.pk).update(team=None)
        move_to_team(fresh(ticket), team=team, by=by)
        undo(last(ticket), by=by)
        assert fresh(ticket).team is None


class TestCategory:
    def test_none_before(self, make_ticket: MakeTicket, category: Category, by: actors.Actor) -> None:
        ticket = make_ticket(category=None)
        set_category(ticket, category=category, by=by)
        undo(last(ticket, EventKind.CATEGORY_CHANGED), by=by)
        assert fresh(ticket).category is None

    def test_one_that_was_only_confirmed(self, ticket: Ticket, by: actors.Actor, category: Category) -> None:
        confirm_category(ticket, category=category, by=by)
        with pytest.raises(NotUndoable):
            undo(last(ticket, EventKind.CATEGORY_CHANGED), by=by)

    def test_the_complaint_that_it_brought(self, ticket: Ticket, by: actors.Actor, team: Team) -> None:
        complaints = Category.objects.create(
            slug="complaint", name_zh="投诉", name_en="Complaint", team=team, is_complaint=True
        )
        set_category(ticket, category=complaints, by=by)
        assert fresh(ticket).is_complaint
        undo(last(ticket), by=by)
        assert not fresh(ticket).is_complaint

    def test_one_that_is_gone(self, ticket: Ticket, by: actors.Actor, category: Category, team: Team) -> None:
        other = Category.objects.create(slug="other", name_zh="其他", name_en="Other", team=team)
        set_category(ticket, category=other, by=by)
        Category.objects.filter(pk=category.pk).update(slug="renamed")
        with pytest.raises(NotUndoable, match="no longer there"):
            undo(last(ticket), by=by)


class TestStatus:
    def test_solved_the_mail_is_kept_back(self, ticket: Ticket, by: actors.Actor, settings: Any) -> None:
        settings.MAIL_UNDO_SECONDS = 10
        change_status(ticket, to=Status.SOLVED, by=by)
        mail = OutboxMail.objects.get(purpose="solved")
        assert mail.available_at > clock.now(), "it waits as a reply does"
        undo(last(ticket), by=by)
        assert not OutboxMail.objects.filter(purpose="solved").exists()
        assert fresh(ticket).status == Status.NEW

    def test_one_that_left_has_left(self, ticket: Ticket, by: actors.Actor) -> None:
        change_status(ticket, to=Status.SOLVED, by=by)
        OutboxMail.objects.filter(purpose="solved").update(state=MailState.SENT)
        undo(last(ticket), by=by)
        assert OutboxMail.objects.filter(purpose="solved").count() == 1

    def test_opened_again_by_mistake(self, make_ticket: MakeTicket, by: actors.Actor) -> None:
        with clock.frozen(shanghai(2, 10)):
            ticket = make_ticket()
            change_status(ticket, to=Status.SOLVED, by=by)
        with clock.frozen(shanghai(2, 11)):
            change_status(ticket, to=Status.CLOSED, by=by)
        with clock.frozen(shanghai(2, 12)):
            change_status(ticket, to=Status.OPEN, by=by)
            undo(last(ticket), by=by)
        again = fresh(ticket)
        assert (again.status, again.solved_at, again.closed_at) == (
            Status.CLOSED,
            shanghai(2, 10),
            shanghai(2, 11),
        )
        assert again.reopen_count == 0
        assert OutboxMail.objects.filter(purpose="solved").count() == 1, "told once"

    def test_not_over_what_the_customer_wrote(self, ticket: Ticket, by: actors.Actor) -> None:
        change_status(ticket, to=Status.SOLVED, by=by)
        change_status(ticket, to=Status.OPEN, by=by)
        done = last(ticket)
        customer_reply(ticket, body="Where is it?", by=actors.customer(ticket.customer))
        with pytest.raises(NotUndoable, match="the customer wrote since"):
            undo(done, by=by)


class TestPeopleAndLinks:
    def test_no_longer_watching(self, ticket: Ticket, by: actors.Actor, lead: User) -> None:
        watch(ticket, user=lead, by=by)
        unwatch(ticket, user=lead, by=by)
        undo(last(ticket), by=by)
        assert list(ticket.watchers.all()) == [lead]

    def test_out_of_copy(self, ticket: Ticket, by: actors.Actor) -> None:
        put_in_copy(ticket, email="zhao@example.com", by=by)
        remove_participant(ticket, email="zhao@example.com", by=by)
        undo(last(ticket), by=by)
        assert Participant.objects.get(ticket=ticket).removed_at is None

    @pytest.mark.parametrize("side", [0, 1])
    def test_a_link_from_either_side(
        self, ticket: Ticket, make_ticket: MakeTicket, by: actors.Actor, side: int
    ) -> None:
        other = make_ticket()
        link(ticket, other, kind=LinkKind.CAUSED_BY, by=by)
        told = undo(last((ticket, other)[side]), by=by)
        assert not TicketLink.objects.exists()
        assert {event.ticket_id for event in told} == {ticket.pk, other.pk}
        undo(last((ticket, other)[side]), by=by)
        made = TicketLink.objects.get()
        assert (made.ticket, made.other, made.kind) == (ticket, other, LinkKind.CAUSED_BY)

    def test_not_a_link_to_a_case_out_of_sight(
        self, ticket: Ticket, make_ticket: MakeTicket, by: actors.Actor, lead: User, other_team: Team
    ) -> None:
        other = make_ticket()
        link(ticket, other, kind=LinkKind.RELATED, by=actors.staff(lead))
        told = last(ticket, EventKind.LINKED)
        Ticket.objects.filter(pk=other.pk).update(team=other_team)
        with pytest.raises(NotUndoable):
            undo(told, by=by)
        assert TicketLink.objects.exists()

    def test_a_link_that_says_something_else_by_now(
        self, ticket: Ticket, make_ticket: MakeTicket, by: actors.Actor
    ) -> None:
        other = make_ticket()
        link(ticket, other, kind=LinkKind.RELATED, by=by)
        done = last(ticket)
        link(ticket, other, kind=LinkKind.DUPLICATE, by=by)
        with pytest.raises(NotUndoable):
            undo(done, by=by)
        unlink(ticket, other, by=by)
        with pytest.raises(NotUndoable):
            undo(done, by=by)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_undo_it_once(
    make_ticket: MakeTicket, agent: User, second_agent: User, brand: Brand
) -> None:
    ticket = make_ticket()
    set_tags(ticket, tags=["a"], by=actors.staff(agent))
    done = last(ticket)
    results = all_at_once(
        [lambda: undo(done, by=actors.staff(agent)), lambda: undo(done, by=actors.staff(second_agent))]
    )
    assert sorted(isinstance(result, NotUndoable) for result in results) == [False, True]
    assert Event.objects.filter(ticket=ticket, kind=EventKind.TAGS_CHANGED).count() == 2
