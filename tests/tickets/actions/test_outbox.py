"""Claiming, settling and retrying outgoing mail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings

from accounts.models import User
from helpdesk.lib import clock
from helpdesk.lib.errors import NotAllowed
from tests.crowd import all_at_once
from tickets import actors
from tickets.actions import outbox
from tickets.actions.messages import reply
from tickets.choices import EventKind, MailPurpose, MailState
from tickets.models import Event, OutboxMail, Ticket
from tickets.models.outbox import message_id_for

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)


def mail() -> OutboxMail:
    return OutboxMail.objects.get()


def test_it_works(ticket: Ticket) -> None:
    [claimed] = outbox.claim()
    assert (claimed.state, claimed.attempts) == (MailState.SENDING, 1)
    assert mail().available_at > clock.now() + timedelta(seconds=settings.OUTBOX_LEASE_SECONDS - 5)
    outbox.mark_sent(claimed)
    assert mail().state == MailState.SENT
    assert mail().sent_at is not None
    assert outbox.claim() == []


def test_one_cause_one_row(ticket: Ticket) -> None:
    first = mail()
    OutboxMail.objects.queue(
        cause=first.cause,
        purpose=MailPurpose.REPLY,
        brand=ticket.brand,
        to="other@example.com",
        language="en",
    )
    assert mail().to == first.to


def test_message_ids_are_keyed(ticket: Ticket, settings: pytest.FixtureRequest) -> None:
    ours = message_id_for("receipt:1", ticket.brand)
    assert ours == message_id_for("receipt:1", ticket.brand)
    assert ours.endswith("@btp.test>")
    settings.SECRET_KEY = "another"  # type: ignore[attr-defined]
    assert message_id_for("receipt:1", ticket.brand) != ours


def test_a_mail_that_waits_is_not_claimed(ticket: Ticket) -> None:
    OutboxMail.objects.update(available_at=NOW + timedelta(hours=1))
    with clock.frozen(NOW):
        assert outbox.claim() == []
    with clock.frozen(NOW + timedelta(hours=1)):
        assert len(outbox.claim()) == 1


def test_oldest_first_and_no_more_than_asked(make_ticket: Callable[..., Ticket]) -> None:
    tickets = [make_ticket() for _number in range(3)]
    assert [claimed.ticket for claimed in outbox.claim(limit=2)] == tickets[:2]


def test_pauses_grow_for_two_days_and_then_it_fails_visibly(ticket: Ticket) -> None:
    pauses, began = [], clock.now()
    now = began
    for attempt in range(1, 100):
        with clock.frozen(now):
            [claimed] = outbox.claim()
            assert claimed.attempts == attempt
            outbox.mark_failed(claimed, error="451 later", permanent=False)
        if mail().state == MailState.FAILED:
            break
        pauses.append(mail().available_at - now)
        now = mail().available_at
    assert timedelta(seconds=30) <= pauses[0] <= timedelta(seconds=38)
    assert timedelta(minutes=1) <= pauses[1] <= timedelta(seconds=75)
    assert max(pauses) <= timedelta(hours=7, minutes=30)
    assert now - began == timedelta(days=2), "the last try is at the very end"
    assert 14 < attempt < 22
    assert mail().last_error == "451 later"
    event = Event.objects.get(kind=EventKind.MAIL_FAILED)
    assert event.data == {"purpose": "receipt", "to": "wang@example.com", "error": "451 later"}


def test_refused_for_good(ticket: Ticket) -> None:
    [claimed] = outbox.claim()
    outbox.mark_failed(claimed, error="550 " + "x" * 1000, permanent=True)
    assert mail().state == MailState.FAILED
    assert len(mail().last_error) == 500


def taken_over(now: datetime) -> tuple[OutboxMail, OutboxMail]:
    """The first sender went silent; the lease ran out; a second one has the mail."""
    with clock.frozen(now):
        [slow] = outbox.claim()
    with clock.frozen(now + timedelta(seconds=settings.OUTBOX_LEASE_SECONDS)):
        [quick] = outbox.claim()
    assert quick.internet_message_id == slow.internet_message_id
    return slow, quick


def test_a_late_failure_does_not_unsay_what_was_sent(ticket: Ticket) -> None:
    slow, quick = taken_over(clock.now())
    outbox.mark_sent(quick)
    outbox.mark_failed(slow, error="timeout", permanent=False)
    assert mail().state == MailState.SENT
    outbox.mark_failed(slow, error="550", permanent=True)
    assert mail().state == MailState.SENT


def test_a_late_failure_does_not_release_anothers_claim(ticket: Ticket) -> None:
    slow, _quick = taken_over(clock.now())
    outbox.mark_failed(slow, error="timeout", permanent=False)
    assert mail().state == MailState.SENDING


def test_a_late_success_counts_and_is_told_once(ticket: Ticket) -> None:
    slow, quick = taken_over(clock.now())
    outbox.mark_sent(slow)
    outbox.mark_sent(quick)
    assert mail().state == MailState.SENT
    assert Event.objects.filter(kind=EventKind.MAIL_SENT).count() == 1


def test_tried_again_by_hand_it_has_two_days_anew(ticket: Ticket, administrator: User) -> None:
    [claimed] = outbox.claim()
    outbox.mark_failed(claimed, error="550 no", permanent=True)
    with clock.frozen(clock.now() + timedelta(days=9)):
        outbox.retry(mail(), by=actors.staff(administrator))
        [again] = outbox.claim()
        outbox.mark_failed(again, error="451 later", permanent=False)
    assert mail().state == MailState.QUEUED


def test_who_works_on_tickets_may_have_our_words_tried_again(
    ticket: Ticket, agent: User, officer: User
) -> None:
    OutboxMail.objects.all().delete()
    reply(ticket, body="x", by=actors.staff(agent))
    [claimed] = outbox.claim()
    outbox.mark_failed(claimed, error="550 no", permanent=True)
    with pytest.raises(NotAllowed):
        outbox.retry(mail(), by=actors.staff(officer))
    outbox.retry(mail(), by=actors.staff(agent))
    assert mail().state == MailState.QUEUED


def test_the_talk_begins_only_with_a_claim_that_holds(ticket: Ticket) -> None:
    slow, quick = taken_over(clock.now())
    assert not outbox.begin(slow)
    assert outbox.begin(quick)
    assert mail().talking_since is not None
    outbox.mark_sent(quick)
    assert mail().talking_since is None


def test_the_talk_renews_the_lease(ticket: Ticket) -> None:
    with clock.frozen(NOW):
        OutboxMail.objects.update(available_at=NOW)
        [claimed] = outbox.claim()
    with clock.frozen(NOW + timedelta(seconds=settings.OUTBOX_LEASE_SECONDS - 1)):
        assert outbox.begin(claimed)
    with clock.frozen(NOW + timedelta(seconds=settings.OUTBOX_LEASE_SECONDS + 1)):
        assert outbox.claim() == []


def test_a_talk_that_a_kill_broke_off_is_known_to_the_next(ticket: Ticket) -> None:
    with clock.frozen(NOW):
        OutboxMail.objects.update(available_at=NOW)
        [killed] = outbox.claim()
        outbox.begin(killed)
    with clock.frozen(NOW + timedelta(seconds=settings.OUTBOX_LEASE_SECONDS + 1)):
        [again] = outbox.claim()
    assert again.talking_since == NOW


def test_retry(ticket: Ticket, administrator: User, agent: User) -> None:
    [claimed] = outbox.claim()
    outbox.mark_failed(claimed, error="550 no", permanent=True)
    with pytest.raises(NotAllowed):
        outbox.retry(mail(), by=actors.staff(agent))
    outbox.retry(mail(), by=actors.staff(administrator))
    [again] = outbox.claim()
    assert again.attempts == 1
    assert again.internet_message_id == claimed.internet_message_id


def test_retry_leaves_what_was_sent_alone(ticket: Ticket, administrator: User) -> None:
    [claimed] = outbox.claim()
    outbox.mark_sent(claimed)
    outbox.retry(mail(), by=actors.staff(administrator))
    assert mail().state == MailState.SENT


@pytest.mark.django_db(transaction=True)
def test_two_senders_never_claim_the_same(make_ticket: Callable[..., Ticket]) -> None:
    for _number in range(20):
        make_ticket()
    claimed: list[int] = []

    def sender() -> None:
        while mails := outbox.claim(limit=2):
            claimed.extend(mail.pk for mail in mails)

    all_at_once([sender] * 4)
    assert sorted(claimed) == sorted(OutboxMail.objects.values_list("pk", flat=True))
