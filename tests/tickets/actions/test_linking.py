"""How one case stands to another; ending one as a duplicate; following up on one that is closed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from accounts.models import Customer, User
from helpdesk.lib.errors import Invalid, NotAllowed
from tests.crowd import all_at_once
from tickets import actors
from tickets.actions import linking
from tickets.actions.duplicates import end_as_duplicate
from tickets.actions.following_up import NotClosed, open_follow_up
from tickets.actions.linking import link, unlink
from tickets.actions.status import change_status
from tickets.choices import EventKind, LinkKind, Status, Visibility
from tickets.models import Event, OutboxMail, Ticket, TicketLink
from tickets.queries.linked import linked_to

MakeTicket = Callable[..., Ticket]


@pytest.fixture
def by(agent: User) -> actors.Actor:
    return actors.staff(agent)


@pytest.fixture
def other(make_ticket: MakeTicket) -> Ticket:
    return make_ticket(subject="other")


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def told(ticket: Ticket, kind: EventKind) -> list[dict[str, object]]:
    return list(Event.objects.filter(ticket=ticket, kind=kind).order_by("pk").values_list("data", flat=True))


class TestLink:
    def test_it_works(self, ticket: Ticket, other: Ticket, by: actors.Actor) -> None:
        made = link(ticket, other, kind=LinkKind.CAUSED_BY, by=by)
        assert (made.ticket, made.other, made.kind, made.by) == (ticket, other, "caused_by", by.user)
        common = {"how": "caused_by"}
        assert told(ticket, EventKind.LINKED) == [{"number": other.number, "main": True, **common}]
        assert told(other, EventKind.LINKED) == [{"number": ticket.number, "main": False, **common}]

    @pytest.mark.parametrize("kind", LinkKind)
    def test_the_same_again_is_no_change(
        self, ticket: Ticket, other: Ticket, by: actors.Actor, kind: LinkKind
    ) -> None:
        made = link(ticket, other, kind=kind, by=by)
        assert link(ticket, other, kind=kind, by=by) == made
        assert len(told(ticket, EventKind.LINKED)) == 1

    def test_related_has_no_direction_and_others_have(
        self, ticket: Ticket, other: Ticket, by: actors.Actor
    ) -> None:
        made = link(ticket, other, kind=LinkKind.RELATED, by=by)
        assert link(other, ticket, kind=LinkKind.RELATED, by=by) == made
        link(ticket, other, kind=LinkKind.CAUSED_BY, by=by)
        turned = link(other, ticket, kind=LinkKind.CAUSED_BY, by=by)
        assert TicketLink.objects.get() == turned
        assert turned.ticket == other
        assert len(told(ticket, EventKind.UNLINKED)) == 2

    def test_from_either_side_it_is_removed(self, ticket: Ticket, other: Ticket, by: actors.Actor) -> None:
        link(ticket, other, kind=LinkKind.RELATED, by=by)
        unlink(other, ticket, by=by)
        unlink(other, ticket, by=by)
        assert not TicketLink.objects.exists()
        assert len(told(ticket, EventKind.UNLINKED)) == len(told(other, EventKind.UNLINKED)) == 1

    def test_refusals(
        self,
        ticket: Ticket,
        other: Ticket,
        by: actors.Actor,
        monkeypatch: pytest.MonkeyPatch,
        make_ticket: MakeTicket,
    ) -> None:
        with pytest.raises(Invalid):
            link(ticket, ticket, kind=LinkKind.RELATED, by=by)
        with pytest.raises(NotAllowed):
            link(ticket, other, kind=LinkKind.RELATED, by=actors.customer(ticket.customer))
        monkeypatch.setattr(linking, "MAX_LINKS", 1)
        link(ticket, other, kind=LinkKind.RELATED, by=by)
        with pytest.raises(Invalid):
            link(make_ticket(), other, kind=LinkKind.RELATED, by=by)

    def test_what_one_does_not_see_is_not_shown(
        self, ticket: Ticket, other: Ticket, by: actors.Actor, agent: User, other_team_agent: User, lead: User
    ) -> None:
        link(ticket, other, kind=LinkKind.DUPLICATE, by=by)
        [row] = linked_to(lead, other)
        assert (row.ticket, row.kind, row.main, row.ends_with_this) == (ticket, "duplicate", False, True)
        assert linked_to(agent, ticket)[0].main
        assert linked_to(other_team_agent, ticket) == []


@pytest.mark.django_db(transaction=True)
def test_both_directions_at_once_make_one_link(make_ticket: MakeTicket, by: actors.Actor) -> None:
    one, two = make_ticket(), make_ticket(subject="two")
    results = all_at_once(
        [
            lambda: link(one, two, kind=LinkKind.RELATED, by=by),
            lambda: link(two, one, kind=LinkKind.RELATED, by=by),
        ]
    )
    assert results[0] == results[1] == TicketLink.objects.get()


class TestDuplicate:
    def test_of_one_customer_it_is_merged(self, ticket: Ticket, other: Ticket, by: actors.Actor) -> None:
        mails = OutboxMail.objects.count()
        assert end_as_duplicate(ticket, of=other, by=by)
        assert fresh(ticket).merged_into == other
        assert TicketLink.objects.get().kind == LinkKind.DUPLICATE
        assert OutboxMail.objects.count() == mails

    def test_of_another_it_is_solved_with_a_note(
        self, ticket: Ticket, make_ticket: MakeTicket, member: Customer, by: actors.Actor
    ) -> None:
        theirs = make_ticket(customer=member)
        assert not end_as_duplicate(ticket, of=theirs, by=by)
        ended = fresh(ticket)
        assert (ended.status, ended.merged_into) == (Status.SOLVED, None)
        said = ended.messages.latest("pk")
        assert (said.visibility, theirs.display_number in said.body) == (Visibility.INTERNAL, True)

    def test_of_one_that_is_over(self, ticket: Ticket, other: Ticket, by: actors.Actor) -> None:
        change_status(other, to=Status.SOLVED, by=by)
        assert not end_as_duplicate(ticket, of=other, by=by)
        assert fresh(ticket).status == Status.SOLVED


class TestFollowUp:
    def test_it_works(self, ticket: Ticket, by: actors.Actor) -> None:
        change_status(ticket, to=Status.SOLVED, by=by)
        change_status(ticket, to=Status.CLOSED, by=by)
        mails = OutboxMail.objects.count()
        opened = open_follow_up(ticket, by=by)
        assert (opened.follow_up_of, opened.customer, opened.subject) == (
            ticket,
            ticket.customer,
            ticket.subject,
        )
        assert fresh(opened).assignee == by.user
        [begun] = opened.messages.all()
        assert (begun.visibility, begun.author, begun.author_kind) == ("internal", by.user, "staff")
        assert fresh(opened).last_customer_message_at is None
        assert OutboxMail.objects.count() == mails
        assert told(ticket, EventKind.FOLLOW_UP_OPENED) == [{"number": opened.number}]

    def test_refusals(self, ticket: Ticket, by: actors.Actor) -> None:
        with pytest.raises(NotClosed):
            open_follow_up(ticket, by=by)
        with pytest.raises(NotAllowed):
            open_follow_up(ticket, by=actors.customer(ticket.customer))
