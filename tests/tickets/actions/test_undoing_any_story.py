"""An act and its undoing leave a case as though neither had been, clocks included: in the midst of any story.

Played on the stage of ``test_any_story``, whose invariants hold here too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import rule

from accounts.models import Brand, Customer, Team, User
from helpdesk.lib import clock
from tests.tickets.actions.test_any_story import Desk, Story, play
from tickets.actions.assignment import move_to_team
from tickets.actions.merging import merge
from tickets.actions.status import change_status
from tickets.actions.tickets import mark_complaint, set_category, set_priority, set_tags
from tickets.actions.timers import run_of
from tickets.actions.undoing import undo
from tickets.choices import ActorKind, Priority, Status, TimerState
from tickets.models import Event, Ticket, Timer
from tickets.queries.calendars import hours_of
from tickets.rules.sla import due_at, used_at
from tickets.rules.undoing import UNDOABLE

COLUMNS = (
    *("status", "priority", "category_id", "team_id", "assignee_id", "is_complaint", "merged_into_id"),
    *("solved_at", "closed_at", "reopen_count", "first_response_at", "tags"),
)
Act = Callable[[Desk, Ticket, Ticket], object]


def status(to: Status) -> Act:
    return lambda desk, ticket, other: change_status(ticket, to=to, by=desk.by)


def priority(to: Priority) -> Act:
    return lambda desk, ticket, other: set_priority(ticket, priority=to, by=desk.by)


def category(place: int) -> Act:
    return lambda desk, ticket, other: set_category(ticket, category=desk.categories[place], by=desk.by)


def team(place: int) -> Act:
    return lambda desk, ticket, other: move_to_team(ticket, team=desk.teams[place], by=desk.by)


ACTS: dict[str, Act] = {
    **{f"status {to}": status(to) for to in Status},
    **{f"priority {to.slug}": priority(to) for to in (Priority.LOW, Priority.URGENT)},
    **{f"category {place}": category(place) for place in (0, 1)},
    **{f"team {place}": team(place) for place in (0, 1)},
    "complaint": lambda desk, ticket, other: mark_complaint(
        ticket, is_complaint=not ticket.is_complaint, by=desk.by
    ),
    "tags": lambda desk, ticket, other: set_tags(ticket, tags=["late"], by=desk.by),
    "merge": lambda desk, ticket, other: merge(ticket, into=other, by=desk.by),
}


class UndoStory(Story):
    #: While somebody undoes something: the last event before.
    undoing = 0

    @rule(
        which=st.integers(0, 2),
        other=st.integers(0, 2),
        act=st.sampled_from([*sorted(ACTS), *["merge"] * 5]),
        seconds=st.sampled_from([0, 7, 300, 40_000, 300_000]),
    )
    def done_and_undone(self, which: int, other: int, act: str, seconds: int) -> None:
        one, two = self.case(which), self.case(other)
        as_if_never = self.without(seconds)
        done = None
        with self.acting():
            last = Event.objects.latest("pk").pk
            ACTS[act](self.desk, one, two)
            done = Event.objects.filter(pk__gt=last, kind__in=UNDOABLE).order_by("pk").first()
        self.time_passes(seconds)
        if done is None or not Event.objects.filter(pk=done.pk).exists():
            return
        with self.undone():
            undo(done, by=self.desk.by)
        found = self.all_of_it()
        assert found == as_if_never, (act, done.data, found, as_if_never)

    @rule(back=st.integers(0, 12))
    def something_older_is_undone(self, back: int) -> None:
        """Refused or not: the clocks stay right."""
        acts = Event.objects.filter(ticket__in=self.tickets, kind__in=UNDOABLE, actor_kind=ActorKind.STAFF)
        with self.undone():
            for event in acts.order_by("-pk")[back : back + 1]:
                undo(event, by=self.desk.by)

    def without(self, seconds: int) -> dict[int, Any]:
        self.now += timedelta(seconds=seconds)
        try:
            return self.all_of_it()
        finally:
            self.now -= timedelta(seconds=seconds)

    def all_of_it(self) -> dict[int, Any]:
        """Every case with its clocks as they stand at this moment."""
        found: dict[int, Any] = {}
        with clock.frozen(self.now):
            for ticket in Ticket.objects.filter(pk__in=self.tickets):
                timers = Timer.objects.filter(ticket=ticket).select_related("calendar")
                stands = [self.stands(timer) for timer in timers if timer.state != TimerState.CANCELLED]
                found[ticket.pk] = ([getattr(ticket, name) for name in COLUMNS], sorted(stands))
        return found

    def stands(self, timer: Timer) -> tuple[Any, ...]:
        hours = hours_of(timer)
        due = due_at(hours, run_of(timer))
        broken = timer.breached_at is not None or (due is not None and due < self.now)
        return (
            *(timer.kind, timer.state, timer.policy_id, timer.target_seconds, timer.calendar_id or 0),
            *(sorted(timer.pauses_on), broken),
            # The book counts in whole seconds.
            Nearly(used_at(hours, run_of(timer), self.now)),
        )

    def book(self, timer: Timer) -> None:
        """What an undoing put back is as its book said it was: reckoned anew from there."""
        if self.undoing and Event.objects.filter(pk__gt=self.undoing, data__timer_id=timer.pk).exists():
            self.used[timer.pk] = timer.used_seconds + self.since(timer)
            self.rounded[timer.pk] += 1
            return
        super().book(timer)

    @contextmanager
    def undone(self) -> Iterator[None]:
        self.undoing = Event.objects.latest("pk").pk
        with self.acting():
            yield
        self.undoing = 0


class Nearly(float):
    def __eq__(self, other: object) -> bool:
        return isinstance(other, float) and abs(float(self) - float(other)) <= 3

    __hash__ = float.__hash__


@pytest.fixture
def desk(
    brand: Brand, customer: Customer, agent: User, lead: User, manager: User, team: Team, other_team: Team
) -> Desk:
    agent.teams.add(other_team)
    return Desk(brand, customer, agent, manager, [team, other_team])


@pytest.fixture
def story(desk: Desk) -> Iterator[UndoStory]:
    class Told(UndoStory):
        pass

    Told.desk = desk
    told = Told()
    told.somebody_writes()
    yield told
    told.teardown()


def test_a_clock_under_a_former_version_of_its_policy(story: UndoStory) -> None:
    story.status(which=0, to=Status.SOLVED)
    story.the_present_policies_are_applied(versions=True)
    story.they_reply(which=0, text="When will it arrive?")
    story.done_and_undone(which=0, other=0, act="complaint", seconds=0)
    story.each_due_time_can_be_explained()


def test_a_promise_that_was_taken_up_and_dropped_again_and_again(story: UndoStory) -> None:
    """The law's clock counts as though it had never stopped: what its book says of later moments counts no more."""
    story.done_and_undone(which=0, other=0, act="complaint", seconds=0)
    story.done_and_undone(which=0, other=0, act="complaint", seconds=300)
    story.complaint(which=0, is_complaint=True)
    story.each_due_time_can_be_explained()


def test_a_few_stories(desk: Desk) -> None:
    play(desk, stories=8, steps=12, story=UndoStory)


@pytest.mark.long
def test_many_stories(desk: Desk) -> None:
    play(desk, stories=150, steps=30, story=UndoStory)
