"""A message becomes a case of its own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Team, User
from helpdesk.lib import clock
from helpdesk.lib.errors import Invalid, NotAllowed
from tests.crowd import all_at_once
from tests.times import shanghai
from tickets import actors
from tickets.actions.merging import merge
from tickets.actions.messages import customer_reply, note, reply
from tickets.actions.splitting import SplitAlready, split_off
from tickets.actions.status import MergedAway
from tickets.actions.tickets import mark_complaint
from tickets.choices import EventKind, LinkKind, Nature
from tickets.models import Category, Event, Message, OutboxMail, Ticket, TicketLink, Timer
from tickets.queries.correspondence import pointers

MakeTicket = Callable[..., Ticket]


@pytest.fixture
def by(agent: User) -> actors.Actor:
    return actors.staff(agent)


@pytest.fixture
def other_category(team: Team) -> Category:
    return Category.objects.create(slug="login", name_zh="登录", name_en="Login", team=team)


@pytest.fixture
def said(make_ticket: MakeTicket) -> Message:
    """Opened on Monday at 10; at 11 about something else, with a file."""
    with clock.frozen(shanghai(2, 10)):
        ticket = make_ticket()
    with clock.frozen(shanghai(2, 11)):
        return customer_reply(
            ticket,
            body="另外，我的账号也登录不上了。",
            by=actors.customer(ticket.customer),
            files=[SimpleUploadedFile("错误.txt", "密码错误".encode(), "text/plain")],
        )


def test_it_works(said: Message, by: actors.Actor, other_category: Category) -> None:
    mails = OutboxMail.objects.count()
    with clock.frozen(shanghai(2, 12)):
        opened = split_off(said, by=by, category=other_category)
    ticket = said.ticket
    [copy] = opened.messages.all()
    assert (opened.customer, opened.brand, opened.category) == (ticket.customer, ticket.brand, other_category)
    assert (copy.body, copy.author_name, copy.created_at) == (said.body, said.author_name, said.created_at)
    [file] = copy.attachments.all()
    assert (file.name, file.file.read().decode()) == ("错误.txt", "密码错误")
    assert file.file.name != said.attachments.get().file.name, "a file of its own"
    assert Message.objects.filter(pk=said.pk, ticket=ticket).exists(), "and it stays where it was"
    assert Timer.objects.get(ticket=opened, kind="first_response").due_at == shanghai(2, 12), "since 11"
    assert OutboxMail.objects.count() == mails, "the customer said it once"
    assert Event.objects.get(kind=EventKind.SPLIT_OFF).data == {"number": opened.number}
    assert Event.objects.get(kind=EventKind.SPLIT_OFF).message == said
    assert Event.objects.get(kind=EventKind.SPLIT_FROM).data == {"number": ticket.number}
    made = TicketLink.objects.get()
    assert (made.ticket, made.other, made.kind) == (opened, ticket, LinkKind.RELATED)


def test_with_a_receipt_and_a_subject(said: Message, by: actors.Actor) -> None:
    opened = split_off(said, by=by, subject="登录", with_receipt=True)
    assert (opened.subject, opened.category) == ("登录", said.ticket.category)
    assert OutboxMail.objects.filter(ticket=opened, purpose="receipt").count() == 1


def test_a_reply_to_a_mail_of_the_new_case_goes_there(said: Message, by: actors.Actor) -> None:
    opened = split_off(said, by=by)
    answer = reply(opened, body="Try again.", by=by)
    sent = OutboxMail.objects.get(message=answer)
    sender = opened.customer.email
    found = pointers(
        tags=[], references=[sent.internet_message_id], subject="Re: 登录", sender=sender, brand=opened.brand
    )
    assert [pointer.ticket_id for pointer in found] == [opened.pk]


def test_a_complaint_stays_one_where_it_is_about_the_same(
    said: Message, by: actors.Actor, other_category: Category
) -> None:
    mark_complaint(said.ticket, is_complaint=True, by=by)
    assert split_off(said, by=by).is_complaint
    later = customer_reply(said.ticket, body="还有一件事", by=actors.customer(said.ticket.customer))
    assert not split_off(later, by=by, category=other_category).is_complaint


def test_what_was_judged_stays_judged(said: Message, by: actors.Actor) -> None:
    Message.objects.filter(pk=said.pk).update(nature=Nature.THANKS, author_name="王夫人")
    copy = split_off(said, by=by).messages.get()
    assert (copy.nature, copy.author_name) == (Nature.THANKS, "王夫人")


def test_once(said: Message, by: actors.Actor) -> None:
    opened = split_off(said, by=by)
    with pytest.raises(SplitAlready, match=opened.display_number):
        split_off(said, by=by)


def test_refusals(said: Message, by: actors.Actor, make_ticket: MakeTicket) -> None:
    for ours in (note(said.ticket, body="x", by=by), reply(said.ticket, body="x", by=by)):
        with pytest.raises(Invalid):
            split_off(ours, by=by)
    with pytest.raises(NotAllowed):
        split_off(said, by=actors.customer(said.ticket.customer))
    merge(said.ticket, into=make_ticket(), by=by)
    with pytest.raises(MergedAway):
        split_off(said, by=by)
    assert not Event.objects.filter(kind=EventKind.SPLIT_OFF).exists()


def test_a_file_that_the_store_lost_keeps_nothing_back(said: Message, by: actors.Actor) -> None:
    stored = said.attachments.get().file
    stored.storage.delete(str(stored.name))
    assert not split_off(said, by=by).messages.get().attachments.exists()


@pytest.mark.django_db(transaction=True)
def test_two_at_once_make_one_case(make_ticket: MakeTicket, by: actors.Actor) -> None:
    said = make_ticket().messages.get()
    results = all_at_once([lambda: split_off(said, by=by), lambda: split_off(said, by=by)])
    assert sorted(isinstance(result, SplitAlready) for result in results) == [False, True]
    assert Ticket.objects.count() == 2
