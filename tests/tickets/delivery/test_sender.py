"""Sending over a real connection to a real mail server."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F

from helpdesk.lib import clock
from tests.smtp import MailServer
from tickets.choices import EventKind, MailState
from tickets.delivery.render import render
from tickets.delivery.sender import Line, deliver
from tickets.models import Event, MailDestination, OutboxMail, Ticket


def row(ticket: Ticket) -> OutboxMail:
    return OutboxMail.objects.filter(ticket=ticket).latest("pk")


def test_it_works(ticket: Ticket, smtp: MailServer) -> None:
    assert deliver() == 1
    [received] = smtp.received
    mail = row(ticket)
    assert received.recipients == ["wang@example.com"]
    assert received.sender == "help@btp.test"
    assert received.message["Message-ID"] == mail.internet_message_id
    assert (mail.state, mail.attempts, mail.last_error) == (MailState.SENT, 1, "")
    assert Event.objects.get(ticket=ticket, kind=EventKind.MAIL_SENT).data == {
        "purpose": "receipt",
        "to": "wang@example.com",
    }


def test_nothing_is_due(smtp: MailServer, db: None) -> None:
    assert deliver() == 0
    assert smtp.connections == 0


def test_one_connection_serves_many_mails(make_ticket: Callable[..., Ticket], smtp: MailServer) -> None:
    for number in range(5):
        make_ticket(subject=f"case {number}")
    assert deliver() == 5
    assert smtp.connections == 1
    assert len({mail.message["Message-ID"] for mail in smtp.received}) == 5


def test_limit(make_ticket: Callable[..., Ticket], smtp: MailServer) -> None:
    for _number in range(3):
        make_ticket()
    assert deliver(limit=2) == 2
    assert deliver() == 1


@pytest.mark.parametrize(
    ("where", "answer", "state"),
    [
        ("rcpt", "550 5.1.1 no such user", MailState.FAILED),
        ("rcpt", "450 4.2.1 mailbox busy", MailState.QUEUED),
        ("rcpt", "421 4.3.2 going down", MailState.QUEUED),
        ("data", "554 5.7.1 refused as spam", MailState.FAILED),
        ("data", "451 4.3.0 try later", MailState.QUEUED),
        ("data", "421 4.3.2 going down", MailState.QUEUED),
    ],
)
def test_refusals(
    make_ticket: Callable[..., Ticket],
    smtp: MailServer,
    customer: Any,
    member: Any,
    where: str,
    answer: str,
    state: MailState,
) -> None:
    refused, other = make_ticket(), make_ticket(customer=member)
    answers = smtp.rcpt_answers if where == "rcpt" else smtp.data_answers
    answers[customer.email] = answer
    assert deliver() == 1
    mail = row(refused)
    assert mail.state == state
    assert mail.last_error == answer
    assert row(other).state == MailState.SENT, "one refusal must not keep the next mail from leaving"
    failed = Event.objects.filter(ticket=refused, kind=EventKind.MAIL_FAILED)
    assert failed.exists() == (state == MailState.FAILED)


def test_a_transient_refusal_is_tried_again_with_the_same_message_id(
    ticket: Ticket, smtp: MailServer, customer: Any
) -> None:
    smtp.rcpt_answers[customer.email] = "450 busy"
    deliver()
    message_id = row(ticket).internet_message_id
    smtp.rcpt_answers.clear()
    assert deliver() == 0, "not at once"
    with clock.frozen(clock.now() + timedelta(minutes=1)):
        assert deliver() == 1
    assert smtp.received[0].message["Message-ID"] == message_id
    assert row(ticket).attempts == 2


def test_no_server_stops_the_round(make_ticket: Callable[..., Ticket], settings: Any) -> None:
    make_ticket()
    make_ticket()
    settings.MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # nobody listens here
    assert deliver() == 0
    states = list(OutboxMail.objects.order_by("pk").values_list("state", "attempts"))
    assert states == [(MailState.QUEUED, 1), (MailState.QUEUED, 0)]


def test_not_so_fast(
    make_ticket: Callable[..., Ticket], smtp: MailServer, member: Any, customer: Any
) -> None:
    """A domain that asks us to wait is left alone; others go on."""
    hasty, same_domain, other = make_ticket(), make_ticket(), make_ticket(customer=member)
    smtp.rcpt_answers[customer.email] = "450 4.2.0 Greylisted, come back later"
    assert deliver() == 1
    assert row(other).state == MailState.SENT
    assert (row(hasty).attempts, row(same_domain).attempts) == (1, 0), "the second was not even tried"
    held = MailDestination.objects.get(domain="example.com")
    assert held.last_answer == "450 4.2.0 Greylisted, come back later"
    smtp.rcpt_answers.clear()
    with clock.frozen(clock.now() + timedelta(minutes=4)):
        assert deliver() == 0
    with clock.frozen(clock.now() + timedelta(minutes=5, seconds=3)):
        assert deliver() == 2


def test_busy_is_no_reason_to_leave_the_domain_alone(
    make_ticket: Callable[..., Ticket], smtp: MailServer, customer: Any
) -> None:
    make_ticket()
    make_ticket()
    smtp.rcpt_answers[customer.email] = "450 4.2.1 mailbox busy"
    deliver()
    assert set(OutboxMail.objects.values_list("attempts", flat=True)) == {1}
    assert not MailDestination.objects.filter(paused_until__isnull=False).exists()


def test_a_limited_domain_among_others(
    make_ticket: Callable[..., Ticket], smtp: MailServer, member: Any, settings: Any
) -> None:
    settings.MAIL_PER_DOMAIN_PER_MINUTE = 6
    for number in range(5):
        make_ticket(subject=f"case {number}")
    make_ticket(customer=member)
    assert deliver() == 2
    assert [mail.recipients[0].partition("@")[2] for mail in smtp.received] == ["example.com", "demo.test"]
    with clock.frozen(clock.now() + timedelta(seconds=11)):
        assert deliver() == 1


def test_a_claim_that_ran_out_sends_nothing(
    ticket: Ticket, smtp: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slow to connect: another has the mail meanwhile."""
    real = Line.open

    def slowly(line: Line) -> None:
        real(line)
        OutboxMail.objects.update(attempts=F("attempts") + 1)

    monkeypatch.setattr(Line, "open", slowly)
    assert deliver() == 0
    assert smtp.received == []
    assert row(ticket).state == MailState.SENDING


@pytest.mark.parametrize(
    "to", ["", "nobody", "a@b, c@d.example", '"a b"@example.com', "a@b\r\nRCPT TO:<c@d.e>"]
)
def test_what_is_no_address_stops_no_other(
    make_ticket: Callable[..., Ticket], smtp: MailServer, to: str
) -> None:
    broken, fine = make_ticket(), make_ticket()
    OutboxMail.objects.filter(ticket=broken).update(to=to)
    assert deliver() == 1
    assert row(broken).state == MailState.FAILED
    assert row(fine).state == MailState.SENT


def test_what_nobody_foresaw_stops_no_other(
    make_ticket: Callable[..., Ticket], smtp: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, fine = make_ticket(), make_ticket()
    real = Line.send

    def odd(line: Line, message: Any) -> None:
        if message.extra_headers["Message-ID"] == row(broken).internet_message_id:
            raise TypeError("a library's fault")
        real(line, message)

    monkeypatch.setattr(Line, "send", odd)
    assert deliver() == 1
    assert (row(broken).state, row(broken).last_error) == (MailState.QUEUED, "TypeError: a library's fault")
    assert row(fine).state == MailState.SENT


def test_a_server_that_hangs_up(make_ticket: Callable[..., Ticket], smtp: MailServer, member: Any) -> None:
    first, second = make_ticket(), make_ticket(customer=member)
    smtp.hang_up_on.add("wang@example.com")
    assert deliver() == 1
    assert row(first).state == MailState.QUEUED
    assert row(second).state == MailState.SENT
    assert smtp.connections == 2


def test_a_sender_that_is_refused_is_our_trouble_not_the_mails(ticket: Ticket, smtp: MailServer) -> None:
    smtp.mail_answer = "553 5.7.1 sender address rejected: not owned by user"
    assert deliver() == 0
    assert row(ticket).state == MailState.QUEUED


def test_an_address_that_is_none_fails_for_good(ticket: Ticket, smtp: MailServer) -> None:
    OutboxMail.objects.update(to="a@b\r\nBcc: other@example.com")
    assert deliver() == 0
    assert row(ticket).state == MailState.FAILED
    assert smtp.received == []


def test_a_mail_that_cannot_be_rendered_stops_no_other(
    make_ticket: Callable[..., Ticket], smtp: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, fine = make_ticket(), make_ticket()

    def render_all_but_one(mail: OutboxMail) -> Any:
        if mail.ticket_id == broken.pk:
            raise LookupError("no words")
        return render(mail)

    monkeypatch.setattr("tickets.delivery.sender.render", render_all_but_one)
    assert deliver() == 1
    assert row(fine).state == MailState.SENT
    assert row(broken).state == MailState.QUEUED
    assert row(broken).last_error == "LookupError: no words"


def test_time_is_up(make_ticket: Callable[..., Ticket], smtp: MailServer) -> None:
    make_ticket()
    assert deliver(seconds=0) == 0
    assert OutboxMail.objects.get().attempts == 0, "what is not begun is not claimed"
