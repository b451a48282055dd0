"""Who works on a ticket."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from threading import Thread

import pytest
from django.db import transaction

from accounts.models import Brand, Team, User
from accounts.rules.capabilities import Role
from helpdesk.lib.errors import Invalid, NotAllowed
from tests.cast import person
from tests.crowd import all_at_once
from tests.times import shanghai
from tests.worker import wait_until_somebody_waits
from tickets import actors
from tickets.actions.assignment import TakenAlready, assign, move_to_team, take, unwatch, watch
from tickets.actions.links import revoke_links, send_link
from tickets.actions.rows import lock
from tickets.actions.taking import take_next
from tickets.choices import EventKind, MailPurpose, Status
from tickets.models import Event, OutboxMail, Ticket, TrackingLink

MakeTicket = Callable[..., Ticket]


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def data_of(ticket: Ticket, kind: EventKind) -> list[dict[str, object]]:
    """Without the ids beside names: they are what undoing goes by."""
    rows = Event.objects.filter(ticket=ticket, kind=kind).order_by("pk").values_list("data", flat=True)
    return [{key: value for key, value in data.items() if not key.endswith("_id")} for data in rows]


class TestAssign:
    def test_it_works(self, ticket: Ticket, lead: User, agent: User) -> None:
        assign(ticket, to=agent, by=actors.staff(lead))
        assert fresh(ticket).assignee == agent
        assert data_of(ticket, EventKind.ASSIGNED) == [{"from": None, "to": "Ann"}]

    def test_agents_take_what_nobody_has_and_lay_down_what_is_theirs(
        self, ticket: Ticket, agent: User
    ) -> None:
        assign(ticket, to=agent, by=actors.staff(agent))
        assign(ticket, to=None, by=actors.staff(agent))
        assert fresh(ticket).assignee is None
        assert data_of(ticket, EventKind.ASSIGNED) == [
            {"from": None, "to": "Ann"},
            {"from": "Ann", "to": None},
        ]

    def test_giving_away_is_the_leads(
        self, ticket: Ticket, agent: User, second_agent: User, lead: User
    ) -> None:
        with pytest.raises(NotAllowed):
            assign(ticket, to=second_agent, by=actors.staff(agent))
        assign(ticket, to=second_agent, by=actors.staff(lead))
        for to in (agent, None):
            with pytest.raises(NotAllowed):
                assign(ticket, to=to, by=actors.staff(agent))
        assert fresh(ticket).assignee == second_agent

    def test_only_to_those_who_can_work_on_it(
        self,
        ticket: Ticket,
        lead: User,
        officer: User,
        other_brand_agent: User,
        other_team_agent: User,
        agent: User,
    ) -> None:
        agent.is_active = False
        agent.save()
        for user in (officer, other_brand_agent, other_team_agent, agent):
            with pytest.raises(Invalid) as refused:
                assign(ticket, to=user, by=actors.staff(lead))
            assert list(refused.value.fields) == ["assignee"]
        assert fresh(ticket).assignee is None

    def test_the_same_is_no_change(self, ticket: Ticket, agent: User) -> None:
        assign(ticket, to=agent, by=actors.staff(agent))
        version = fresh(ticket).version
        assign(ticket, to=agent, by=actors.staff(agent))
        assert fresh(ticket).version == version

    def test_customers_assign_nothing(self, ticket: Ticket, agent: User) -> None:
        with pytest.raises(NotAllowed):
            assign(ticket, to=agent, by=actors.customer(ticket.customer))


class TestTake:
    def test_it_works(self, ticket: Ticket, agent: User) -> None:
        assert take(ticket, by=actors.staff(agent)).assignee == agent
        assert take(ticket, by=actors.staff(agent)).assignee == agent, "again is no harm"

    def test_somebody_was_faster(self, ticket: Ticket, agent: User, second_agent: User, lead: User) -> None:
        take(ticket, by=actors.staff(agent))
        for slower in (second_agent, lead):
            with pytest.raises(TakenAlready, match="Ann"):
                take(ticket, by=actors.staff(slower))

    @pytest.mark.django_db(transaction=True)
    def test_at_once(self, ticket: Ticket, agent: User, second_agent: User) -> None:
        people = (agent, second_agent)
        results = all_at_once([partial(take, ticket, by=actors.staff(who)) for who in people])
        [refused] = [result for result in results if isinstance(result, Exception)]
        assert isinstance(refused, TakenAlready)
        taken_by = fresh(ticket).assignee
        assert taken_by in people
        assert taken_by.display_name in str(refused)

    @pytest.mark.django_db(transaction=True)
    def test_a_lead_who_is_slower_does_not_take_it_away(
        self, ticket: Ticket, agent: User, lead: User
    ) -> None:
        """The row is waited for; what it is joined to must not be from before the wait."""
        with transaction.atomic():
            lock(ticket)
            waiting = Thread(
                target=lambda: answers.extend(all_at_once([lambda: take(ticket, by=actors.staff(lead))]))
            )
            answers: list[object] = []
            waiting.start()
            wait_until_somebody_waits()
            take(ticket, by=actors.staff(agent))
        waiting.join()
        assert isinstance(answers[0], TakenAlready)
        assert fresh(ticket).assignee == agent


class TestTakeNext:
    def test_the_most_urgent_promise_first(self, make_ticket: MakeTicket, agent: User) -> None:
        later, sooner, never = make_ticket(), make_ticket(), make_ticket()
        Ticket.objects.filter(pk=later.pk).update(due_at=shanghai(3, 10))
        Ticket.objects.filter(pk=sooner.pk).update(due_at=shanghai(2, 10))
        Ticket.objects.filter(pk=never.pk).update(due_at=None)
        assert [take_next(agent) for _turn in range(4)] == [sooner, later, never, None]

    def test_only_what_waits_for_us(self, make_ticket: MakeTicket, agent: User) -> None:
        for status in (Status.PENDING, Status.ON_HOLD, Status.SOLVED, Status.CLOSED):
            Ticket.objects.filter(pk=make_ticket().pk).update(status=status)
        assert take_next(agent) is None

    def test_only_ones_own_brands_and_teams(
        self, ticket: Ticket, other_team_agent: User, other_brand_agent: User, agent: User
    ) -> None:
        assert take_next(other_team_agent) is None
        assert take_next(other_brand_agent) is None
        assert take_next(agent) == ticket

    def test_not_for_those_who_only_watch(self, ticket: Ticket, officer: User) -> None:
        with pytest.raises(NotAllowed):
            take_next(officer)

    @pytest.mark.django_db(transaction=True)
    def test_twenty_people_ten_tickets(self, make_ticket: MakeTicket, brand: Brand, team: Team) -> None:
        tickets = [make_ticket() for _number in range(10)]
        people = [person(Role.AGENT, f"Agent{number}", brands=[brand], teams=[team]) for number in range(20)]
        taken = all_at_once([partial(take_next, who) for who in people])
        assert not [result for result in taken if isinstance(result, Exception)]
        assert sorted(ticket.pk for ticket in taken if ticket) == [ticket.pk for ticket in tickets]
        assert sum(ticket is None for ticket in taken) == 10
        for who, got in zip(people, taken, strict=True):
            assert list(Ticket.objects.filter(assignee=who)) == ([got] if got else [])


class TestTeam:
    def test_it_works(self, ticket: Ticket, other_team: Team, agent: User) -> None:
        move_to_team(ticket, team=other_team, by=actors.staff(agent))
        assert fresh(ticket).team == other_team
        assert data_of(ticket, EventKind.TEAM_CHANGED) == [{"from": "funds", "to": "risk"}]

    def test_who_does_not_belong_there_lays_it_down(
        self, ticket: Ticket, other_team: Team, agent: User
    ) -> None:
        take(ticket, by=actors.staff(agent))
        move_to_team(ticket, team=other_team, by=actors.staff(agent))
        assert fresh(ticket).assignee is None
        assert data_of(ticket, EventKind.ASSIGNED)[-1] == {"from": "Ann", "to": None}

    def test_who_belongs_to_both_keeps_it(self, ticket: Ticket, other_team: Team, agent: User) -> None:
        agent.teams.add(other_team)
        take(ticket, by=actors.staff(agent))
        move_to_team(ticket, team=other_team, by=actors.staff(agent))
        assert fresh(ticket).assignee == agent

    def test_the_same_is_no_change(self, ticket: Ticket, team: Team, agent: User) -> None:
        move_to_team(ticket, team=team, by=actors.staff(agent))
        assert data_of(ticket, EventKind.TEAM_CHANGED) == []

    def test_customers_move_nothing(self, ticket: Ticket, other_team: Team) -> None:
        with pytest.raises(NotAllowed):
            move_to_team(ticket, team=other_team, by=actors.customer(ticket.customer))


class TestWatch:
    def test_it_works(self, ticket: Ticket, agent: User, lead: User) -> None:
        for _time in range(2):
            watch(ticket, user=lead, by=actors.staff(agent))
        assert list(ticket.watchers.all()) == [lead]
        assert data_of(ticket, EventKind.WATCHER_ADDED) == [{"who": "Lea"}]
        for _time in range(2):
            unwatch(ticket, user=lead, by=actors.staff(agent))
        assert not ticket.watchers.exists()
        assert data_of(ticket, EventKind.WATCHER_REMOVED) == [{"who": "Lea"}]

    def test_only_those_who_may_see_it(self, ticket: Ticket, agent: User, other_brand_agent: User) -> None:
        with pytest.raises(Invalid):
            watch(ticket, user=other_brand_agent, by=actors.staff(agent))

    def test_not_by_customers(self, ticket: Ticket, agent: User) -> None:
        for verb in (watch, unwatch):
            with pytest.raises(NotAllowed):
                verb(ticket, user=agent, by=actors.customer(ticket.customer))


class TestLinks:
    def test_revoked_at_once(self, ticket: Ticket, agent: User) -> None:
        assert revoke_links(ticket, by=actors.staff(agent)) == 1
        assert not TrackingLink.objects.usable().exists()
        assert data_of(ticket, EventKind.LINK_REVOKED) == [{"count": 1}]
        assert revoke_links(ticket, by=actors.staff(agent)) == 0
        assert len(data_of(ticket, EventKind.LINK_REVOKED)) == 1

    def test_a_fresh_one_goes_to_the_address_on_the_case(self, ticket: Ticket, agent: User) -> None:
        revoke_links(ticket, by=actors.staff(agent))
        send_link(ticket, by=actors.system("portal"))
        assert TrackingLink.objects.usable().filter(ticket=ticket).count() == 1
        assert OutboxMail.objects.get(purpose=MailPurpose.LINK).to == ticket.customer.email

    def test_customers_revoke_nothing(self, ticket: Ticket) -> None:
        with pytest.raises(NotAllowed):
            revoke_links(ticket, by=actors.customer(ticket.customer))
