"""Two cases about the same trouble become one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import translation

from accounts.models import Brand, User
from helpdesk.lib import clock
from helpdesk.lib.errors import Invalid, NotAllowed
from tests.crowd import all_at_once
from tests.times import shanghai
from tickets import actors
from tickets.actions.assignment import assign, move_to_team, take
from tickets.actions.changed_since import NotUndoable, TooOld
from tickets.actions.merging import NotMerged, merge, unmerge
from tickets.actions.messages import customer_reply, reply
from tickets.actions.status import MergedAway, change_status
from tickets.actions.tickets import mark_complaint, set_category, set_priority, set_tags
from tickets.actions.undoing import undo
from tickets.choices import Complaints, Counting, EventKind, Priority, Status, TimerKind, TimerState
from tickets.models import Event, OutboxMail, SlaPolicy, SlaTarget, Ticket, Timer
from tickets.queries.clocks import explained, of_ticket

MakeTicket = Callable[..., Ticket]


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


@pytest.fixture
def by(agent: User) -> actors.Actor:
    return actors.staff(agent)


@pytest.fixture
def pair(make_ticket: MakeTicket) -> tuple[Ticket, Ticket]:
    """Opened on Monday at 10 and at 12."""
    with clock.frozen(shanghai(2, 10)):
        first = make_ticket()
    with clock.frozen(shanghai(2, 12)):
        return first, make_ticket(subject="again")


def test_it_works(pair: tuple[Ticket, Ticket], by: actors.Actor) -> None:
    first, second = pair
    mails = OutboxMail.objects.count()
    with clock.frozen(shanghai(2, 12, 30)):
        merge(second, into=first, by=by)
    gone, stays = fresh(second), fresh(first)
    assert (gone.status, gone.merged_into, gone.due_at) == (Status.CLOSED, stays, None)
    assert (stays.status, stays.merged_into) == (Status.NEW, None)
    assert Event.objects.get(ticket=gone, kind=EventKind.MERGED).data == {
        "number": stays.number,
        "was": "new",
    }
    told = Event.objects.get(ticket=stays, kind=EventKind.MERGED_HERE)
    assert told.data == {"number": gone.number, "complaint": False}
    assert OutboxMail.objects.count() == mails, "nobody is told that their case is solved"
    assert set(gone.timers.values_list("state", flat=True)) == {TimerState.CANCELLED}


def test_it_gains_nobody_time(pair: tuple[Ticket, Ticket], by: actors.Actor) -> None:
    """The older promise stays, whichever case goes."""
    first, second = pair
    with clock.frozen(shanghai(2, 12, 30)):
        merge(first, into=second, by=by)
    solution = Timer.objects.get(ticket=second, kind=TimerKind.RESOLUTION)
    assert solution.due_at == shanghai(2, 18), "as the case opened at 10 had it"
    changed = Event.objects.filter(ticket=second, kind=EventKind.TIMER_CHANGED)
    assert {event.data["why"] for event in changed} == {"merged"}
    assert fresh(second).is_breached, "the first reply was owed at 11"


def test_a_later_promise_is_not_taken_over(pair: tuple[Ticket, Ticket], by: actors.Actor) -> None:
    first, second = pair
    with clock.frozen(shanghai(2, 12, 30)):
        merge(second, into=first, by=by)
    assert Timer.objects.get(ticket=first, kind=TimerKind.RESOLUTION).due_at == shanghai(2, 18)
    assert not Event.objects.filter(ticket=first, kind=EventKind.TIMER_CHANGED).exists()


def test_what_the_customer_says_on_it_is_said_there(pair: tuple[Ticket, Ticket], by: actors.Actor) -> None:
    first, second = pair
    merge(second, into=first, by=by)
    message = customer_reply(second, body="Hello? Where is it?", by=actors.customer(second.customer))
    assert message.ticket == first
    assert fresh(second).status == Status.CLOSED


def test_however_often_it_was_merged_on(
    pair: tuple[Ticket, Ticket], make_ticket: MakeTicket, by: actors.Actor
) -> None:
    first, second = pair
    third = make_ticket(subject="third")
    merge(second, into=first, by=by)
    merge(first, into=third, by=by)
    message = customer_reply(second, body="Hello? Where is it?", by=actors.customer(second.customer))
    assert message.ticket == third


def test_it_is_over_for_staff(pair: tuple[Ticket, Ticket], by: actors.Actor) -> None:
    first, second = pair
    merge(second, into=first, by=by)
    with pytest.raises(MergedAway, match=first.display_number):
        reply(second, body="x", by=by)
    with pytest.raises(MergedAway):
        change_status(second, to=Status.OPEN, by=by)


def test_refusals(
    pair: tuple[Ticket, Ticket], make_ticket: MakeTicket, by: actors.Actor, other_brand: Brand
) -> None:
    first, second = pair
    with pytest.raises(Invalid):
        merge(first, into=first, by=by)
    with pytest.raises(Invalid):
        merge(first, into=make_ticket(brand=other_brand), by=by)
    change_status(second, to=Status.SOLVED, by=by)
    with pytest.raises(Invalid):
        merge(first, into=second, by=by)
    merge(second, into=first, by=by)
    with pytest.raises(Invalid):
        merge(second, into=make_ticket(), by=by)
    with pytest.raises(Invalid):
        merge(make_ticket(), into=second, by=by)


def test_not_another_customers(
    ticket: Ticket, make_ticket: MakeTicket, by: actors.Actor, member: object
) -> None:
    with pytest.raises(Invalid):
        merge(ticket, into=make_ticket(customer=member), by=by)


def test_not_by_customers(pair: tuple[Ticket, Ticket]) -> None:
    with pytest.raises(NotAllowed):
        merge(pair[0], into=pair[1], by=actors.customer(pair[0].customer))


@pytest.mark.django_db(transaction=True)
def test_both_directions_at_once_make_no_circle(make_ticket: MakeTicket, by: actors.Actor) -> None:
    one, other = make_ticket(), make_ticket(subject="other", priority=Priority.HIGH)

    def attempt(ticket: Ticket, into: Ticket) -> bool:
        try:
            merge(ticket, into=into, by=by)
        except Invalid:
            return False
        return True

    done = all_at_once([lambda: attempt(one, other), lambda: attempt(other, one)])
    assert sorted(done) == [False, True]
    assert Ticket.objects.exclude(merged_into=None).count() == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda ticket, by: set_priority(ticket, priority=Priority.URGENT, by=by),
        lambda ticket, by: set_category(ticket, category=ticket.category, by=by),
        lambda ticket, by: set_tags(ticket, tags=["late"], by=by),
        lambda ticket, by: mark_complaint(ticket, is_complaint=True, by=by),
        lambda ticket, by: take(ticket, by=by),
        lambda ticket, by: assign(ticket, to=None, by=by),
        lambda ticket, by: move_to_team(ticket, team=ticket.team, by=by),
    ],
    ids=["priority", "category", "tags", "complaint", "take", "assign", "team"],
)
def test_what_it_is_and_who_has_it_is_said_there_too(
    pair: tuple[Ticket, Ticket], by: actors.Actor, change: Callable[[Ticket, actors.Actor], object]
) -> None:
    first, second = pair
    merge(second, into=first, by=by)
    before = Ticket.objects.values().get(pk=second.pk)
    with pytest.raises(MergedAway) as refused:
        change(second, by)
    assert first.display_number in str(refused.value.message)
    assert Ticket.objects.values().get(pk=second.pk) == before


@pytest.fixture
def next_reply(policy: SlaPolicy) -> SlaTarget:
    """Within two working hours."""
    return SlaTarget.objects.create(policy=policy, kind=TimerKind.NEXT_RESPONSE, minutes=120)


def test_what_was_asked_there_is_owed_an_answer_here(
    pair: tuple[Ticket, Ticket], next_reply: SlaTarget, by: actors.Actor
) -> None:
    """The case that stays was answered; whoever opened the other one has not been."""
    first, second = pair
    with clock.frozen(shanghai(2, 10, 30)):
        reply(first, body="We look into it.", by=by)
    with clock.frozen(shanghai(2, 12, 30)):
        merge(second, into=first, by=by)
    owed = Timer.objects.get(ticket=first, kind=TimerKind.NEXT_RESPONSE)
    assert owed.due_at == shanghai(2, 13), "an hour after it was asked, as the case opened at 12 had it"
    with clock.frozen(shanghai(2, 12, 45)):
        assert all(told.explanation.agrees for told in explained(first, of_ticket(first)))
        reply(first, body="There it is.", by=by)
    owed.refresh_from_db()
    assert (owed.state, owed.breached_at) == (TimerState.DONE, None)


def test_nothing_was_asked_there(
    pair: tuple[Ticket, Ticket], next_reply: SlaTarget, by: actors.Actor
) -> None:
    first, second = pair
    with clock.frozen(shanghai(2, 12, 15)):
        reply(first, body="We look into it.", by=by)
        reply(second, body="We look into it.", by=by)
        merge(second, into=first, by=by)
    assert not Timer.objects.filter(ticket=first, kind=TimerKind.NEXT_RESPONSE).exists()


def test_a_complaint_stays_one(pair: tuple[Ticket, Ticket], policy: SlaPolicy, by: actors.Actor) -> None:
    """And what the law promises for it is promised still."""
    law = SlaPolicy.objects.create(
        name="Law", is_statutory=True, complaints=Complaints.ONLY, pauses_on=[], position=5
    )
    SlaTarget.objects.create(
        policy=law, kind=TimerKind.RESOLUTION, minutes=15 * 24 * 60, counting=Counting.ELAPSED
    )
    first, second = pair
    with clock.frozen(shanghai(2, 13)):
        mark_complaint(first, is_complaint=True, by=by)
        merge(first, into=second, by=by)
    assert fresh(second).is_complaint
    assert Timer.objects.get(ticket=second, is_statutory=True).due_at == shanghai(17, 10)


class TestUnmerge:
    def test_it_works(self, pair: tuple[Ticket, Ticket], by: actors.Actor, policy: SlaPolicy) -> None:
        """The time since counts, as though they had never been one."""
        first, second = pair
        with clock.frozen(shanghai(2, 12, 15)):
            set_priority(second, priority=Priority.HIGH, by=by)
            change_status(second, to=Status.OPEN, by=by)
        before = [as_it_was(ticket) for ticket in pair]
        with clock.frozen(shanghai(2, 12, 30)):
            merge(first, into=second, by=by)
        with clock.frozen(shanghai(2, 12, 50)):
            unmerge(first, by=by)
            assert [as_it_was(ticket) for ticket in pair] == before
            for ticket in pair:
                rows = explained(fresh(ticket), of_ticket(ticket))
                assert all(told.explanation.agrees for told in rows)
        assert Event.objects.get(kind=EventKind.UNMERGED).data == {"number": second.number, "said": 0}
        assert Event.objects.get(kind=EventKind.UNMERGED_HERE).data == {"number": first.number}

    def test_what_was_said_meanwhile_stays_where_it_was_said(
        self, pair: tuple[Ticket, Ticket], by: actors.Actor
    ) -> None:
        first, second = pair
        merge(second, into=first, by=by)
        said = customer_reply(second, body="Where is it?", by=actors.customer(second.customer))
        unmerge(second, by=by)
        said.refresh_from_db()
        assert said.ticket == first
        assert Event.objects.get(kind=EventKind.UNMERGED).data["said"] == 1
        later = customer_reply(second, body="And now?", by=actors.customer(second.customer))
        assert later.ticket == second

    def test_a_complaint_goes_with_the_case_that_is_one(
        self, pair: tuple[Ticket, Ticket], by: actors.Actor
    ) -> None:
        first, second = pair
        mark_complaint(first, is_complaint=True, by=by)
        merge(first, into=second, by=by)
        unmerge(first, by=by)
        assert (fresh(first).is_complaint, fresh(second).is_complaint) == (True, False)

    def test_unless_somebody_said_so_since(self, pair: tuple[Ticket, Ticket], by: actors.Actor) -> None:
        first, second = pair
        mark_complaint(first, is_complaint=True, by=by)
        merge(first, into=second, by=by)
        mark_complaint(second, is_complaint=False, by=by)
        mark_complaint(second, is_complaint=True, by=by)
        unmerge(first, by=by)
        assert fresh(second).is_complaint

    def test_a_closed_one_is_closed_again(self, pair: tuple[Ticket, Ticket], by: actors.Actor) -> None:
        first, second = pair
        with clock.frozen(shanghai(2, 13)):
            change_status(first, to=Status.SOLVED, by=by)
        with clock.frozen(shanghai(3, 13)):
            change_status(first, to=Status.CLOSED, by=by)
        before = as_it_was(first)
        merge(first, into=second, by=by)
        unmerge(first, by=by)
        assert as_it_was(first) == before

    def test_from_either_timeline(self, pair: tuple[Ticket, Ticket], by: actors.Actor) -> None:
        first, second = pair
        for kind in (EventKind.MERGED, EventKind.MERGED_HERE):
            merge(second, into=first, by=by)
            told = undo(Event.objects.filter(kind=kind).latest("pk"), by=by)
            assert fresh(second).merged_into is None
            assert {event.kind for event in told} >= {EventKind.UNMERGED, EventKind.UNMERGED_HERE}

    def test_an_earlier_merging_is_not_meant(self, pair: tuple[Ticket, Ticket], by: actors.Actor) -> None:
        first, second = pair
        merge(second, into=first, by=by)
        earlier = Event.objects.get(kind=EventKind.MERGED)
        unmerge(second, by=by)
        merge(second, into=first, by=by)
        with pytest.raises(NotMerged):
            undo(earlier, by=by)
        assert fresh(second).merged_into == first

    def test_refusals(self, pair: tuple[Ticket, Ticket], make_ticket: MakeTicket, by: actors.Actor) -> None:
        first, second = pair
        with pytest.raises(NotMerged):
            unmerge(second, by=by)
        merge(second, into=first, by=by)
        with pytest.raises(NotAllowed):
            unmerge(second, by=actors.customer(second.customer))
        merge(first, into=make_ticket(), by=by)
        with translation.override("en"), pytest.raises(NotUndoable, match="was itself merged into another"):
            unmerge(second, by=by)
        Event.objects.filter(kind=EventKind.MERGED, ticket=first).update(data={"number": "X"})
        with pytest.raises(TooOld):
            unmerge(first, by=by)


def as_it_was(ticket: Ticket) -> dict[str, object]:
    """But for breaches that nobody had noted yet."""
    row = Ticket.objects.filter(pk=ticket.pk).values().get()
    clocks = Timer.objects.filter(ticket=ticket).exclude(state=TimerState.CANCELLED)
    facts = ("kind", "state", "policy", "target_seconds", "due_at", "calendar")
    counting = ("version", "updated_at", "is_breached")
    return {
        **{name: value for name, value in row.items() if name not in counting},
        "clocks": sorted(map(str, clocks.values_list(*facts))),
    }


@pytest.mark.django_db(transaction=True)
def test_merged_on_and_unmerged_at_once(make_ticket: MakeTicket, by: actors.Actor) -> None:
    """One of the two is first; the other acts on what it left. Nobody waits for ever, nothing is half done."""
    one, two, three = make_ticket(), make_ticket(subject="two"), make_ticket(subject="three")
    merge(one, into=two, by=by)
    results = all_at_once([lambda: unmerge(one, by=by), lambda: merge(two, into=three, by=by)])
    unmerged = fresh(one).merged_into_id is None
    assert isinstance(results[0], NotUndoable) != unmerged
    assert fresh(two).merged_into == three
    assert {fresh(one).status} == ({Status.NEW} if unmerged else {Status.CLOSED})
