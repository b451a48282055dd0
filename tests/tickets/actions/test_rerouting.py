"""A case goes where its new category says, and back when that is undone."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.choices import AssignmentMode
from accounts.models import Team, User
from helpdesk.lib import clock
from tests.tickets.actions.test_routing import Make, quick, rule, told
from tests.times import shanghai
from tickets import actors
from tickets.actions import giving
from tickets.actions.assignment import assign, move_to_team
from tickets.actions.changes import Changes, change
from tickets.actions.tickets import set_category
from tickets.actions.undoing import undo
from tickets.actions.undoing_acts import undo_all
from tickets.choices import EventKind, Priority, TimerState
from tickets.models import Category, Event, SlaPolicy, Ticket, Timer
from tickets.queries.own_events import events_since, last_event

__all__ = ["quick"]


@pytest.fixture
def freeze(policy: SlaPolicy, other_team: Team) -> Category:
    return Category.objects.create(slug="freeze", name_zh="冻结", name_en="Freeze", team=other_team)


class TestCategory:
    def test_a_new_category_finds_its_team(
        self, ticket: Ticket, freeze: Category, agent: User, other_team: Team
    ) -> None:
        set_category(ticket, category=freeze, by=actors.staff(agent))
        ticket.refresh_from_db()
        assert ticket.team == other_team
        moved = Event.objects.get(ticket=ticket, kind=EventKind.TEAM_CHANGED)
        assert (moved.actor_name, moved.data) == ("routing", {"from": "funds", "to": "risk"})
        assert told(ticket) == [], "no rule did it"

    def test_the_first_category_by_a_rule(
        self, make_ticket: Make, freeze: Category, agent: User, team: Team
    ) -> None:
        made = rule("freezes", words="到账", team=team, tags=["x"], priority=Priority.HIGH)
        made.categories.add(freeze)
        ticket = make_ticket(category=None)
        assert ticket.team is None
        set_category(ticket, category=freeze, by=actors.staff(agent))
        ticket.refresh_from_db()
        assert ticket.team == team
        assert (ticket.tags, ticket.priority) == ([], Priority.NORMAL), "as they were"
        assert told(ticket) == [{"rule": made.pk, "name": "freezes", "team": "funds"}]

    def test_a_team_that_somebody_chose_stays(self, ticket: Ticket, freeze: Category, agent: User) -> None:
        third = Team.objects.create(slug="third", name_zh="三", name_en="Third")
        move_to_team(ticket, team=third, by=actors.staff(agent))
        set_category(ticket, category=freeze, by=actors.staff(agent))
        ticket.refresh_from_db()
        assert ticket.team == third

    def test_whoever_has_it_keeps_it(self, ticket: Ticket, freeze: Category, agent: User, team: Team) -> None:
        assign(ticket, to=agent, by=actors.staff(agent))
        set_category(ticket, category=freeze, by=actors.staff(agent))
        ticket.refresh_from_db()
        assert (ticket.team, ticket.assignee) == (team, agent)

    def test_again_and_again_while_only_routing_moved_it(
        self, ticket: Ticket, freeze: Category, category: Category, agent: User, team: Team
    ) -> None:
        for again in (freeze, category):
            set_category(ticket, category=again, by=actors.staff(agent))
        ticket.refresh_from_db()
        assert ticket.team == team

    def test_the_policy_follows_the_rules(
        self, ticket: Ticket, freeze: Category, agent: User, quick: SlaPolicy, category: Category
    ) -> None:
        made = rule("freezes", policy=quick)
        made.categories.add(freeze)
        set_category(ticket, category=freeze, by=actors.staff(agent))
        ticket.refresh_from_db()
        assert ticket.chosen_policy == quick
        assert told(ticket) == [{"rule": made.pk, "name": "freezes", "policy": "Quick"}]
        set_category(ticket, category=category, by=actors.staff(agent))
        ticket.refresh_from_db()
        assert ticket.chosen_policy is None

    def test_whoever_takes_it_in_the_same_act_keeps_it(
        self, ticket: Ticket, freeze: Category, agent: User, team: Team
    ) -> None:
        change(ticket, Changes(category=freeze, assignee=agent), by=actors.staff(agent))
        ticket.refresh_from_db()
        assert (ticket.category, ticket.team, ticket.assignee) == (freeze, team, agent)


class TestUndone:
    @pytest.fixture
    def by(self, agent: User) -> actors.Actor:
        return actors.staff(agent)

    @pytest.fixture
    def freezes(self, freeze: Category, quick: SlaPolicy) -> None:
        rule("freezes", policy=quick).categories.add(freeze)

    def undo_the_category(self, ticket: Ticket, by: actors.Actor) -> None:
        undo(Event.objects.filter(ticket=ticket, kind=EventKind.CATEGORY_CHANGED).latest("pk"), by=by)
        ticket.refresh_from_db()

    @pytest.mark.usefixtures("freezes")
    def test_it_works(self, make_ticket: Make, freeze: Category, by: actors.Actor) -> None:
        with clock.frozen(shanghai(2, 10)):
            ticket = make_ticket()
        before = as_it_was(ticket)
        with clock.frozen(shanghai(2, 11)):
            set_category(ticket, category=freeze, by=by)
            elsewhere = as_it_was(ticket)
            self.undo_the_category(ticket, by)
            assert as_it_was(ticket) == before
        back = Event.objects.filter(ticket=ticket, kind=EventKind.TEAM_CHANGED).latest("pk")
        assert (back.actor_name, back.data) == ("routing", {"from": "risk", "to": "funds"})
        with clock.frozen(shanghai(2, 11, 5)):
            self.undo_the_category(ticket, by)
            assert as_it_was(ticket) == elsewhere, "an undoing can be undone in its turn"

    def test_a_case_of_no_team_is_again_of_none(
        self, make_ticket: Make, freeze: Category, by: actors.Actor
    ) -> None:
        ticket = make_ticket(category=None)
        set_category(ticket, category=freeze, by=by)
        self.undo_the_category(ticket, by)
        assert (ticket.category, ticket.team) == (None, None)

    def test_the_next_category_still_finds_its_team(
        self, ticket: Ticket, freeze: Category, other_team: Team, by: actors.Actor
    ) -> None:
        set_category(ticket, category=freeze, by=by)
        self.undo_the_category(ticket, by)
        set_category(ticket, category=freeze, by=by)
        ticket.refresh_from_db()
        assert ticket.team == other_team, "nobody moved it by hand"

    @pytest.mark.usefixtures("freezes")
    def test_a_team_that_somebody_chose_since_stays(
        self, make_ticket: Make, freeze: Category, by: actors.Actor
    ) -> None:
        """Then the clocks go by what holds there."""
        ticket, third = make_ticket(), Team.objects.create(slug="third", name_zh="三", name_en="Third")
        set_category(ticket, category=freeze, by=by)
        move_to_team(ticket, team=third, by=by)
        self.undo_the_category(ticket, by)
        assert (ticket.team, ticket.chosen_policy) == (third, None)
        assert {timer.policy.name for timer in going(ticket)} == {"Standard"}

    def test_it_stays_with_whoever_took_it_since(
        self, ticket: Ticket, freeze: Category, other_team: Team, other_team_agent: User, by: actors.Actor
    ) -> None:
        set_category(ticket, category=freeze, by=by)
        assign(ticket, to=other_team_agent, by=actors.staff(other_team_agent))
        self.undo_the_category(ticket, by)
        assert (ticket.team, ticket.assignee) == (other_team, other_team_agent)

    def test_whom_the_desk_gave_it_lose_it(
        self,
        ticket: Ticket,
        freeze: Category,
        team: Team,
        other_team: Team,
        other_team_agent: User,
        by: actors.Actor,
    ) -> None:
        Team.objects.filter(pk=other_team.pk).update(assignment=AssignmentMode.ROUND_ROBIN)
        set_category(ticket, category=freeze, by=by)
        assert giving.assign_waiting() == 1
        assert Ticket.objects.get().assignee == other_team_agent
        self.undo_the_category(ticket, by)
        assert (ticket.team, ticket.assignee) == (team, None)

    def test_a_team_that_is_no_more(
        self, ticket: Ticket, freeze: Category, team: Team, other_team: Team, by: actors.Actor
    ) -> None:
        set_category(ticket, category=freeze, by=by)
        Team.objects.filter(pk=team.pk).update(is_active=False)
        self.undo_the_category(ticket, by)
        assert ticket.team == other_team

    def test_with_another_team_in_the_same_act(
        self, ticket: Ticket, freeze: Category, team: Team, by: actors.Actor
    ) -> None:
        third = Team.objects.create(slug="third", name_zh="三", name_en="Third")
        last = last_event(ticket)
        change(ticket, Changes(category=freeze, team=third), by=by)
        undo_all(events_since(ticket, last, by=by), by=by)
        ticket.refresh_from_db()
        assert ticket.team == team


def going(ticket: Ticket) -> list[Timer]:
    return list(Timer.objects.filter(ticket=ticket, state=TimerState.RUNNING))


def as_it_was(ticket: Ticket) -> dict[str, Any]:
    row = Ticket.objects.values("category", "team", "assignee", "chosen_policy", "due_at").get(pk=ticket.pk)
    clocks = [(timer.kind, timer.policy_id, timer.target_seconds, timer.due_at) for timer in going(ticket)]
    return row | {"clocks": sorted(clocks)}
