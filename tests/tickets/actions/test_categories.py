from __future__ import annotations

import pytest

from accounts.models import User
from helpdesk.lib.errors import Conflict, NotAllowed
from tests.tickets.lessons import category_of
from tickets import actors
from tickets.actions.categories import confirm_category
from tickets.choices import EventKind
from tickets.models import Category, Event, Ticket


def test_it_works(ticket: Ticket, category: Category, agent: User) -> None:
    """Once said is enough."""
    for _turn in range(2):
        confirm_category(ticket, category=category, by=actors.staff(agent))
    event = Event.objects.get(ticket=ticket, kind=EventKind.CATEGORY_CHANGED)
    assert event.data == {"from": "withdrawal", "to": "withdrawal"}
    assert event.actor == agent


def test_what_it_is_no_longer_cannot_be_confirmed(ticket: Ticket, agent: User) -> None:
    with pytest.raises(Conflict):
        confirm_category(ticket, category=category_of("login"), by=actors.staff(agent))
    assert not Event.objects.filter(ticket=ticket, kind=EventKind.CATEGORY_CHANGED).exists()


def test_who_does_not_work_tickets_confirms_nothing(
    ticket: Ticket, category: Category, officer: User
) -> None:
    with pytest.raises(NotAllowed):
        confirm_category(ticket, category=category, by=actors.staff(officer))
