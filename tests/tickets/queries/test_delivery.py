"""What became of the mails of a message, told for each person."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import translation

from accounts.models import User
from helpdesk.lib import clock
from tickets import actors
from tickets.actions import outbox
from tickets.actions.bounces import came_back, delayed, delivered
from tickets.actions.correspondence import put_in_copy
from tickets.actions.messages import note, reply
from tickets.choices import MailState
from tickets.models import Message, OutboxMail, Ticket
from tickets.queries.delivery import Delivery, Stage, deliveries_of, error_in_words, is_watched


@pytest.fixture
def said(ticket: Ticket, agent: User) -> Message:
    OutboxMail.objects.all().delete()
    return reply(ticket, body="x", by=actors.staff(agent))


def told(message: Message) -> Delivery:
    [one] = deliveries_of([message])[message.pk]
    return one


def claimed() -> OutboxMail:
    [mail] = outbox.claim()
    return mail


def test_queued_leaving_handed_over_and_further(said: Message) -> None:
    assert told(said).stage == Stage.QUEUED
    mail = claimed()
    assert told(said).stage == Stage.LEAVING
    outbox.mark_sent(mail)
    assert (told(said).stage, told(said).at) == (Stage.HANDED_OVER, OutboxMail.objects.get().sent_at)
    delayed(mail, recipient=mail.to)
    assert told(said).stage == Stage.LATE
    delivered(mail, recipient=mail.to)
    assert told(said).stage == Stage.ARRIVED
    came_back(mail, recipient=mail.to, reason="5.2.2 full", hard=False, permanent=True)
    one = told(said)
    assert (one.stage, one.why, one.is_trouble, one.may_be_retried) == (
        Stage.CAME_BACK,
        "5.2.2 full",
        True,
        False,
    )


def test_held(ticket: Ticket, agent: User, settings: Any) -> None:
    settings.MAIL_UNDO_SECONDS = 10
    message = reply(ticket, body="x", by=actors.staff(agent))
    assert told(message).stage == Stage.HELD
    with clock.frozen(clock.now() + timedelta(seconds=11)):
        assert told(message).stage == Stage.QUEUED


def test_tried(said: Message) -> None:
    outbox.mark_failed(claimed(), error="451 later", permanent=False)
    one = told(said)
    assert (one.stage, one.attempts, one.why) == (Stage.TRIED, 1, "451 later")
    assert one.at == OutboxMail.objects.get().available_at


def test_given_up(said: Message) -> None:
    outbox.mark_failed(claimed(), error="550 no", permanent=True)
    one = told(said)
    assert (one.stage, one.why, one.may_be_retried) == (Stage.FAILED, "550 no", True)


def test_a_line_for_each_person(ticket: Ticket, agent: User) -> None:
    put_in_copy(ticket, email="zhao@example.com", by=actors.staff(agent))
    message = reply(ticket, body="x", by=actors.staff(agent))
    rows = deliveries_of([message])[message.pk]
    assert [(row.to, row.is_copy) for row in rows] == [
        ("wang@example.com", False),
        ("zhao@example.com", True),
    ]


def test_one_question_for_all_and_none_where_nobody_of_us_spoke(
    ticket: Ticket, agent: User, django_assert_num_queries: Any
) -> None:
    by = actors.staff(agent)
    written = [reply(ticket, body="x", by=by) for _number in range(4)]
    first, noted = Message.objects.earliest("pk"), note(ticket, body="x", by=by)
    with django_assert_num_queries(1):
        assert set(deliveries_of([first, *written, noted])) == {message.pk for message in written}
    with django_assert_num_queries(0):
        assert deliveries_of([first]) == {}


def test_watched_while_it_moves(said: Message) -> None:
    assert is_watched(said, [told(said)])
    with clock.frozen(clock.now() + timedelta(minutes=4)):
        assert not is_watched(said, [told(said)]), "no page asks for ever"
    OutboxMail.objects.update(state=MailState.SENT, sent_at=clock.now())
    assert not is_watched(said, [told(said)])


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("550 no", "550 no"),
        ("", ""),
        (
            "dead_address: 2026-03-02T10:00:00+08:00 5.1.1 no such user: x",
            "The address refuses mail since 03/02/2026 10 a.m.: 5.1.1 no such user: x",
        ),
        ("dead_address: odd", "The address refuses mail since odd: "),
    ],
)
def test_errors_in_words(error: str, words: str) -> None:
    with translation.override("en"):
        assert error_in_words(error) == words
