"""A customer's tier changes, and the promises of their open cases with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from accounts.choices import Tier
from accounts.models import Customer, User
from helpdesk.lib import clock
from helpdesk.lib.errors import NotAllowed
from tests.crowd import all_at_once
from tests.times import shanghai
from tickets import actors
from tickets.actions.status import change_status
from tickets.actions.tiers import change_tier
from tickets.choices import EventKind, Status, TimerKind
from tickets.models import Event, SlaPolicy, SlaTarget, Ticket, Timer

MakeTicket = Callable[..., Ticket]


@pytest.fixture
def vip(policy: SlaPolicy) -> SlaPolicy:
    """Solved within two working hours, first replies within ten minutes."""
    made = SlaPolicy.objects.create(name="VIP", tiers=[Tier.VIP], position=1)
    for kind, minutes in ((TimerKind.FIRST_RESPONSE, 10), (TimerKind.RESOLUTION, 120)):
        SlaTarget.objects.create(policy=made, kind=kind, minutes=minutes)
    return made


@pytest.fixture
def opened(make_ticket: MakeTicket) -> Ticket:
    with clock.frozen(shanghai(2, 10)):
        return make_ticket()


def due(ticket: Ticket, kind: TimerKind = TimerKind.RESOLUTION) -> datetime | None:
    return Timer.objects.get(ticket=ticket, kind=kind).due_at


def changes(ticket: Ticket) -> list[tuple[str, str]]:
    rows = Event.objects.filter(ticket=ticket, kind=EventKind.TIMER_CHANGED, data__why="tier_changed")
    return [(row.data["timer"], row.actor_name) for row in rows.order_by("pk")]


def test_it_works(vip: SlaPolicy, opened: Ticket, make_ticket: MakeTicket, lead: User) -> None:
    with clock.frozen(shanghai(2, 10, 30)):
        other = make_ticket()
        change_tier(opened.customer, tier=Tier.VIP, by=actors.staff(lead))
    assert Customer.objects.get().tier == Tier.VIP
    assert (due(opened), due(other)) == (shanghai(2, 12), shanghai(2, 12, 30)), "counted from the start"
    assert Ticket.objects.get(pk=other.pk).due_at == shanghai(2, 10, 40)
    assert changes(opened) == [("first_response", "Lea"), ("resolution", "Lea")]
    with clock.frozen(shanghai(2, 10, 40)):
        change_tier(opened.customer, tier=Tier.STANDARD, by=actors.staff(lead))
    assert due(opened) == shanghai(2, 18)


def test_what_is_over_keeps_the_promise_it_was_given(vip: SlaPolicy, opened: Ticket, lead: User) -> None:
    change_status(opened, to=Status.SOLVED, by=actors.staff(lead))
    change_tier(opened.customer, tier=Tier.VIP, by=actors.staff(lead))
    assert changes(opened) == []
    assert Timer.objects.get(ticket=opened, kind=TimerKind.RESOLUTION).policy != vip


def test_other_peoples_cases_stay(
    vip: SlaPolicy, make_ticket: MakeTicket, member: Customer, lead: User
) -> None:
    mine, theirs = make_ticket(), make_ticket(customer=member)
    change_tier(mine.customer, tier=Tier.VIP, by=actors.staff(lead))
    assert changes(theirs) == []


def test_the_same_again_is_no_change(vip: SlaPolicy, opened: Ticket, lead: User) -> None:
    for _ in range(2):
        change_tier(opened.customer, tier=Tier.VIP, by=actors.staff(lead))
    assert len(changes(opened)) == 2


@pytest.mark.parametrize("who", ["agent", "officer"])
def test_refused(request: pytest.FixtureRequest, opened: Ticket, who: str) -> None:
    with pytest.raises(NotAllowed):
        change_tier(opened.customer, tier=Tier.VIP, by=actors.staff(request.getfixturevalue(who)))
    assert Customer.objects.get().tier == Tier.STANDARD


@pytest.mark.django_db(transaction=True)
def test_two_at_once(vip: SlaPolicy, make_ticket: MakeTicket, lead: User) -> None:
    """Whoever is last has said it, and every case says the same."""
    tickets = [make_ticket() for _ in range(3)]
    customer, by = tickets[0].customer, actors.staff(lead)
    acts = [lambda: change_tier(customer, tier=Tier.VIP, by=by)]
    acts.append(lambda: change_tier(customer, tier=Tier.STANDARD, by=by))
    assert all_at_once(acts) == [None, None]
    is_vip = Customer.objects.get().tier == Tier.VIP
    held = Timer.objects.filter(kind=TimerKind.RESOLUTION).values_list("policy_id", flat=True)
    assert {pk == vip.pk for pk in held} == {is_vip}
