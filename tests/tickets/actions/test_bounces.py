"""What other servers report of our mail, and what is never believed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import User
from helpdesk.lib import clock
from helpdesk.lib.errors import NotAllowed
from tests.smtp import MailServer
from tickets import actors
from tickets.actions import outbox
from tickets.actions.bounces import came_back, clear, delayed, delivered
from tickets.actions.messages import reply
from tickets.choices import EventKind, MailState
from tickets.delivery.sender import deliver
from tickets.models import DeadAddress, Event, OutboxMail, Ticket
from tickets.queries.outbox import mail_of

REASON = "550 5.1.1 user unknown"


@pytest.fixture
def sent(ticket: Ticket) -> OutboxMail:
    [mail] = outbox.claim()
    outbox.mark_sent(mail)
    return row(mail)


def row(mail: OutboxMail) -> OutboxMail:
    return OutboxMail.objects.get(pk=mail.pk)


def back(mail: OutboxMail, **how: Any) -> bool:
    told = {"recipient": "Wang@Example.com", "reason": REASON, "hard": True, "permanent": True}
    return came_back(mail, **{**told, **how})


class TestCameBack:
    def test_it_works(self, sent: OutboxMail) -> None:
        assert back(sent)
        mail = row(sent)
        assert (mail.state, mail.last_error) == (MailState.BOUNCED, REASON)
        assert mail.bounced_at is not None
        event = Event.objects.get(kind=EventKind.MAIL_BOUNCED)
        assert event.data == {"purpose": "receipt", "to": "wang@example.com", "error": REASON}
        dead = DeadAddress.objects.get()
        assert (dead.email, dead.reason, dead.mail) == ("wang@example.com", REASON, mail)

    def test_told_once(self, sent: OutboxMail) -> None:
        assert back(sent)
        assert back(sent, reason="again")
        assert Event.objects.filter(kind=EventKind.MAIL_BOUNCED).count() == 1
        assert row(sent).last_error == REASON

    @pytest.mark.parametrize(("hard", "permanent"), [(False, True), (False, False), (True, False)])
    def test_a_full_mailbox_is_written_to_again(self, sent: OutboxMail, hard: bool, permanent: bool) -> None:
        assert back(sent, hard=hard, permanent=permanent)
        assert row(sent).state == MailState.BOUNCED
        assert not DeadAddress.objects.exists()

    @pytest.mark.parametrize("recipient", ["other@example.com", "", "wang@example.com.evil.test"])
    def test_a_report_about_somebody_else_changes_nothing(self, sent: OutboxMail, recipient: str) -> None:
        assert not back(sent, recipient=recipient)
        assert row(sent).state == MailState.SENT
        assert not DeadAddress.objects.exists()

    def test_a_mail_that_never_left_cannot_come_back(self, ticket: Ticket) -> None:
        mail = OutboxMail.objects.get()
        assert not back(mail)
        [claimed] = outbox.claim()
        assert not back(claimed), "nor one that is claimed, and of which nobody told the server yet"
        outbox.mark_failed(claimed, error="550", permanent=True)
        assert not back(mail)
        assert row(mail).state == MailState.FAILED

    def test_one_whose_sender_was_killed_may(self, ticket: Ticket) -> None:
        [claimed] = outbox.claim()
        outbox.begin(claimed)
        assert back(claimed)
        outbox.mark_sent(claimed)
        assert row(claimed).state == MailState.BOUNCED, "who is late with the good news does not unsay it"

    def test_it_is_not_tried_again(self, sent: OutboxMail, administrator: User) -> None:
        back(sent)
        outbox.retry(row(sent), by=actors.staff(administrator))
        assert row(sent).state == MailState.BOUNCED, "its Message-ID was taken once"


class TestOnTheWay:
    def test_late_then_there(self, sent: OutboxMail) -> None:
        assert delayed(sent, recipient=sent.to)
        first = row(sent).delayed_at
        assert first is not None
        assert delayed(sent, recipient=sent.to)
        assert row(sent).delayed_at == first
        assert delivered(sent, recipient=sent.to)
        assert row(sent).delivered_at is not None
        assert row(sent).state == MailState.SENT

    def test_of_somebody_else(self, sent: OutboxMail) -> None:
        assert not delayed(sent, recipient="other@example.com")
        assert not delivered(sent, recipient="other@example.com")
        assert (row(sent).delayed_at, row(sent).delivered_at) == (None, None)


class TestDeadAddress:
    def test_it_is_not_written_to(self, sent: OutboxMail, agent: User, smtp: MailServer) -> None:
        back(sent)
        assert sent.ticket is not None
        reply(sent.ticket, body="x", by=actors.staff(agent))
        assert deliver() == 0
        assert (smtp.received, smtp.connections) == ([], 0)
        mail = OutboxMail.objects.latest("pk")
        assert mail.state == MailState.FAILED
        assert mail.last_error.startswith("dead_address: ")
        assert REASON in mail.last_error
        assert Event.objects.filter(kind=EventKind.MAIL_FAILED).count() == 1

    def test_not_even_with_a_password_link(self, db: None, smtp: MailServer) -> None:
        DeadAddress.objects.create(email="gone@example.com", reason="5.1.1")
        OutboxMail.objects.queue(
            cause="mail:1",
            purpose="ready_made",
            brand=None,
            to="Gone@Example.com",
            language="en",
            context={"subject": "reset", "text": "link"},
        )
        assert deliver() == 0
        assert OutboxMail.objects.get().state == MailState.FAILED

    def test_the_server_says_so_at_once(self, ticket: Ticket, smtp: MailServer) -> None:
        smtp.rcpt_answers["wang@example.com"] = REASON
        deliver()
        assert DeadAddress.objects.get().reason == REASON

    def test_cleared(self, sent: OutboxMail, agent: User, officer: User, smtp: MailServer) -> None:
        back(sent)
        assert sent.ticket is not None
        reply(sent.ticket, body="old", by=actors.staff(agent))
        deliver()
        old = OutboxMail.objects.latest("pk")
        OutboxMail.objects.filter(pk=old.pk).update(created_at=clock.now() - timedelta(days=2, minutes=1))
        reply(sent.ticket, body="new", by=actors.staff(agent))
        deliver()
        with pytest.raises(NotAllowed):
            clear("wang@example.com", by=actors.staff(officer))
        assert clear("WANG@example.com", by=actors.staff(agent)) == 1
        assert not DeadAddress.objects.exists()
        assert deliver() == 1
        assert "new" in smtp.received[0].part("plain")
        assert row(old).state == MailState.FAILED, "its news are stale"
        assert row(sent).state == MailState.BOUNCED


class TestMailOf:
    def test_it_works(self, sent: OutboxMail, make_ticket: Callable[..., Ticket]) -> None:
        make_ticket()
        assert mail_of(["<made-up@btp.test>", sent.internet_message_id]) == sent

    @pytest.mark.parametrize("ids", [[], ["<made-up@btp.test>"], [""]])
    def test_none_of_ours(self, sent: OutboxMail, ids: list[str]) -> None:
        assert mail_of(ids) is None

    def test_no_more_are_asked_for_than_a_report_may_name(self, sent: OutboxMail) -> None:
        assert mail_of([f"<{n}@x>" for n in range(50)] + [sent.internet_message_id]) is None
