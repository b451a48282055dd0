"""How far somebody has read, and what makes a ticket unread again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Customer, User
from tickets import actors
from tickets.actions import assignment, messages, reading, tickets
from tickets.choices import Priority
from tickets.models import Event, Ticket, TicketRead
from tickets.queries.inbox import Question, find, unread_of
from tickets.rules.queue import read_filters

Make = Callable[..., Ticket]


def is_unread(user: User, ticket: Ticket) -> bool:
    """By the mark of a row and by the filter, which say the same."""
    marked = ticket.pk in unread_of(user.pk, [ticket.pk])
    for word, expected in (("yes", marked), ("no", not marked)):
        question = Question(filters=read_filters({"unread": [word], "status": ["any"]}))
        assert find(user, question).filter(pk=ticket.pk).exists() == expected
    return marked


def test_it_works(agent: User, second_agent: User, customer: Customer, ticket: Ticket) -> None:
    assert is_unread(agent, ticket), "nobody has opened it"
    reading.opened(ticket, by=agent)
    assert not is_unread(agent, ticket)
    assert is_unread(second_agent, ticket), "each reads for themselves"
    messages.customer_reply(ticket, body="?", by=actors.customer(customer))
    assert is_unread(agent, ticket)


def test_one_does_not_tell_oneself(agent: User, ticket: Ticket) -> None:
    reading.opened(ticket, by=agent)
    messages.note(ticket, body="mine", by=actors.staff(agent))
    assert not is_unread(agent, ticket)


def test_a_colleagues_note_is_news_a_changed_priority_is_none(
    agent: User, second_agent: User, ticket: Ticket
) -> None:
    reading.opened(ticket, by=agent)
    tickets.set_priority(ticket, priority=Priority.HIGH, by=actors.staff(second_agent))
    assert not is_unread(agent, ticket)
    messages.note(ticket, body="look", by=actors.staff(second_agent))
    assert is_unread(agent, ticket)


def test_being_given_a_ticket_is_news_for_whom_it_is_given(
    agent: User, second_agent: User, lead: User, ticket: Ticket
) -> None:
    for person in (agent, second_agent):
        reading.opened(ticket, by=person)
    assignment.assign(ticket, to=agent, by=actors.staff(lead))
    assert is_unread(agent, ticket)
    assert not is_unread(second_agent, ticket)


def test_unread_again_whoever_spoke_last(agent: User, ticket: Ticket) -> None:
    reading.opened(ticket, by=agent)
    reading.mark_unread(agent, [ticket.pk])
    assert is_unread(agent, ticket)
    reading.opened(ticket, by=agent)
    assert not is_unread(agent, ticket)


def test_the_ticket_itself_is_not_touched(agent: User, ticket: Ticket) -> None:
    before = Ticket.objects.values().get(pk=ticket.pk), Event.objects.count()
    with CaptureQueriesContext(connection) as ran:
        reading.opened(ticket, by=agent)
    assert len(ran) == 1
    assert (Ticket.objects.values().get(pk=ticket.pk), Event.objects.count()) == before


def test_reading_never_goes_back(agent: User, ticket: Ticket) -> None:
    """An older page that is opened late takes nothing back."""
    reading.opened(ticket, by=agent)
    newest = Event.objects.filter(ticket=ticket).latest("pk").pk
    TicketRead.objects.update(event_id=newest + 5)
    reading.opened(ticket, by=agent)
    assert TicketRead.objects.get().event_id == newest + 5


@pytest.mark.parametrize("mark", [reading.mark_read, reading.mark_unread])
def test_many_at_once_are_one_statement(agent: User, make_ticket: Make, mark: Callable[..., None]) -> None:
    made = [make_ticket().pk for _ in range(3)]
    with CaptureQueriesContext(connection) as ran:
        mark(agent, [*made, made[0]])
    assert len([query for query in ran if query["sql"].startswith(("INSERT", "\nINSERT"))]) == 1
    assert TicketRead.objects.filter(person=agent, ticket__in=made).count() == 3
    mark(agent, [])
