"""What happens to a ticket is told to those who follow it, in the ways they chose."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from helpdesk.lib import clock
from tests.times import shanghai
from tickets import actors
from tickets.actions import assignment, messages
from tickets.actions.due_soon import remind
from tickets.actions.notices import gather, mark_read
from tickets.choices import EventKind, MailPurpose, NoticeKind
from tickets.models import Event, Notice, OutboxMail, Ticket
from tickets.queries.notices import unread, unread_count


def told(person: User) -> list[str]:
    return [notice.kind for notice in Notice.objects.filter(person=person).order_by("pk")]


def customer(ticket: Ticket) -> Any:
    return actors.customer(ticket.customer)


@pytest.fixture
def mine(ticket: Ticket, agent: User) -> Ticket:
    return assignment.take(ticket, by=actors.staff(agent))


def test_the_assignee_hears_of_the_customers_answer(mine: Ticket, agent: User) -> None:
    messages.customer_reply(mine, body="Where is my money?", by=customer(mine))
    assert told(agent) == [NoticeKind.REPLIED]
    assert unread_count(agent) == 1


def test_nobody_hears_of_what_they_did_themselves(mine: Ticket, agent: User) -> None:
    messages.reply(mine, body="Soon.", by=actors.staff(agent))
    messages.note(mine, body="I looked.", by=actors.staff(agent))
    assert told(agent) == []


def test_thanks_are_no_news(mine: Ticket, agent: User) -> None:
    messages.customer_reply(mine, body="Thank you!", by=customer(mine))
    assert told(agent) == []


def test_watchers_hear_once(mine: Ticket, agent: User, lead: User) -> None:
    assignment.watch(mine, user=lead, by=actors.staff(lead))
    assignment.watch(mine, user=agent, by=actors.staff(agent))
    messages.customer_reply(mine, body="Where is my money?", by=customer(mine))
    assert told(lead) == [NoticeKind.WATCHED]
    assert told(agent) == [NoticeKind.REPLIED]


def test_given_by_another(ticket: Ticket, agent: User, lead: User) -> None:
    assignment.assign(ticket, to=agent, by=actors.staff(lead))
    assert told(agent) == [NoticeKind.ASSIGNED]


def test_what_somebody_switched_off_is_not_written(mine: Ticket, agent: User) -> None:
    User.objects.filter(pk=agent.pk).update(notice_choices={"replied": {"page": False, "mail": False}})
    messages.customer_reply(mine, body="Where is my money?", by=customer(mine))
    assert told(agent) == []


def test_by_mail_where_it_was_chosen(mine: Ticket, agent: User) -> None:
    User.objects.filter(pk=agent.pk).update(notice_choices={"replied": {"page": True, "mail": True}})
    messages.customer_reply(mine, body="Where is my money?", by=customer(mine))
    gather()
    mail = OutboxMail.objects.get(to=agent.email)
    assert mail.purpose == MailPurpose.NOTICE


def test_not_by_mail_where_it_was_read_already(mine: Ticket, agent: User) -> None:
    User.objects.filter(pk=agent.pk).update(notice_choices={"replied": {"page": True, "mail": True}})
    messages.customer_reply(mine, body="Where is my money?", by=customer(mine))
    mark_read(agent, ticket=mine)
    gather()
    assert not OutboxMail.objects.filter(to=agent.email).exists()
    assert unread_count(agent) == 0


def test_page_only_is_never_gathered(mine: Ticket, agent: User) -> None:
    messages.customer_reply(mine, body="Where is my money?", by=customer(mine))
    assert gather() == 0
    assert Notice.objects.get(person=agent).mailed_at is None


def test_what_is_out_of_sight_is_not_shown(mine: Ticket, agent: User) -> None:
    messages.customer_reply(mine, body="Where is my money?", by=customer(mine))
    Ticket.objects.filter(pk=mine.pk).update(assignee=None)
    agent.brands.clear()
    assert list(unread(User.objects.get(pk=agent.pk))) == []


class TestDueSoon:
    def at(self, minutes: int, mine: Ticket) -> int:
        mine.refresh_from_db()
        assert mine.due_at is not None
        with clock.frozen(mine.due_at - timedelta(minutes=minutes)):
            return remind()

    def test_the_assignee_is_reminded_once(self, mine: Ticket, agent: User) -> None:
        assert self.at(45, mine) == 0
        assert self.at(29, mine) == 1
        assert self.at(20, mine) == 0
        assert told(agent) == [NoticeKind.DUE_SOON]
        assert Event.objects.filter(ticket=mine, kind=EventKind.DUE_SOON).count() == 1

    def test_many_are_walked_through_in_parts(
        self, make_ticket: Callable[..., Ticket], mine: Ticket, agent: User
    ) -> None:
        """Several are due at one moment; each is held only while it is told of."""
        made = [make_ticket() for _ in range(4)]
        Ticket.objects.filter(pk__in=[ticket.pk for ticket in made]).update(
            assignee=agent, due_at=mine.due_at
        )
        for ticket in made:
            ticket.timers.filter(kind=mine.timers.get(due_at=mine.due_at).kind).update(due_at=mine.due_at)
        assert mine.due_at is not None
        with clock.frozen(mine.due_at - timedelta(minutes=20)):
            assert remind(batch=2) == 5
            with CaptureQueriesContext(connection) as asked:
                assert remind(batch=2) == 0
        assert not any(" FOR " in query["sql"] for query in asked)
        assert Event.objects.filter(kind=EventKind.DUE_SOON).count() == 5

    def test_a_new_time_is_a_new_reminder(self, mine: Ticket, agent: User) -> None:
        assert self.at(29, mine) == 1
        later = shanghai(20, 10)
        mine.timers.filter(due_at=mine.due_at).update(due_at=later)
        Ticket.objects.filter(pk=mine.pk).update(due_at=later)
        assert self.at(29, mine) == 1

    def test_who_does_not_want_it_leaves_no_trace(self, mine: Ticket, agent: User) -> None:
        User.objects.filter(pk=agent.pk).update(notice_choices={"due_soon": {"page": False}})
        assert self.at(29, mine) == 0
        assert not Event.objects.filter(kind=EventKind.DUE_SOON).exists()

    def test_what_nobody_has_reminds_nobody(self, ticket: Ticket) -> None:
        assert self.at(29, ticket) == 0
