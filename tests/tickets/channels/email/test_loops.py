"""Machines that answer machines: however they go about it, we fall silent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Brand, User
from helpdesk.lib import clock
from tests.cast import LONG_AGO
from tests.mails import arrive, mail, mailbox_of
from tickets import actors
from tickets.actions import messages
from tickets.actions.correspondence import put_in_copy
from tickets.choices import AsideReason, Channel, IncomingState, MailOutcome, Status
from tickets.models import IncomingMail, Message, OutboxMail, Ticket
from tickets.queries.reply_addresses import reply_address

pytestmark = pytest.mark.usefixtures("mailbox")
ROUNDS = 40
Answer = Callable[[OutboxMail, int], dict[str, Any]]


def in_thread(ours: OutboxMail, turn: int) -> dict[str, Any]:
    assert ours.ticket is not None
    return {
        "sender": "desk@other.test",
        "to": reply_address(ours.ticket),
        "subject": f"Re: [{ours.ticket.display_number}]",
        "text": f"Thank you. Your number is {turn}.\n\n> We have received your message.\n",
        "headers": {"In-Reply-To": ours.internet_message_id},
    }


def anew(ours: OutboxMail, turn: int) -> dict[str, Any]:
    return {"sender": "desk@other.test", "subject": f"Your request {turn}"}


def anew_from_an_address_for_each(ours: OutboxMail, turn: int) -> dict[str, Any]:
    return {"sender": f"desk+id{turn}@other.test", "subject": f"Your request {turn}"}


def with_our_number_only(ours: OutboxMail, turn: int) -> dict[str, Any]:
    assert ours.ticket is not None
    return {"sender": "desk@other.test", "subject": f"{turn} about [{ours.ticket.display_number}]"}


@pytest.mark.parametrize("answers", [in_thread, anew, anew_from_an_address_for_each, with_our_number_only])
def test_a_robot_that_answers_every_mail_of_ours(answers: Answer) -> None:
    arrive(mail(sender="desk@other.test", subject="We have received your message"))
    answered = 0
    for turn in range(ROUNDS):
        waiting = list(OutboxMail.objects.order_by("pk")[answered:])
        if not waiting:
            break
        for ours in waiting:
            answered += 1
            values = answers(ours, turn)
            to = values.get("to", "help@btp.test")
            arrive(mail(**values), to=[to])
    assert OutboxMail.objects.count() <= 2
    assert not IncomingMail.objects.filter(state=IncomingState.STORED).exists()


def test_a_robot_that_talks_on_by_itself(settings: Any) -> None:
    """Without a header that tells: what is too many goes to the box, and we say two things."""
    for turn_of_hour in range(3):
        with clock.frozen(LONG_AGO + timedelta(minutes=30 * turn_of_hour)):
            for turn in range(60):
                arrive(mail(sender="desk@other.test", subject=f"Alarm {turn_of_hour} {turn}"))
    taken = IncomingMail.objects.filter(outcome=MailOutcome.OPENED).count()
    assert taken == settings.MAIL_RATE_PER_SENDER, "and none while it goes on at that rate"
    assert IncomingMail.objects.filter(aside_reason=AsideReason.TOO_MANY).count() == 180 - taken
    assert OutboxMail.objects.count() == 2


def test_robots_in_copy_make_no_mail(agent: User) -> None:
    """Each of them answers our reply as people would; that moves the case once, and sends nothing."""
    ticket = arrive(mail()).ticket
    assert ticket is not None
    for name in ("a", "b", "c"):
        put_in_copy(ticket, email=f"{name}@robots.test", by=actors.staff(agent))
    messages.reply(ticket, body="您好", by=actors.staff(agent))
    before = OutboxMail.objects.count()
    for turn in range(20):
        for name in ("a", "b", "c"):
            arrive(
                mail(
                    sender=f"{name}@robots.test", subject=f"[{ticket.display_number}]", text=f"Got it {turn}"
                )
            )
    assert OutboxMail.objects.count() == before
    ticket.refresh_from_db()
    assert ticket.status == Status.OPEN


def test_absent_people_by_the_hundred_move_nothing(agent: User, settings: Any) -> None:
    ticket = arrive(mail()).ticket
    assert ticket is not None
    ours = OutboxMail.objects.get(message=messages.reply(ticket, body="您好", by=actors.staff(agent)))
    ticket.refresh_from_db()
    before = (ticket.status, ticket.due_at, ticket.last_customer_message_at)
    for turn in range(ROUNDS):
        headers = {"Auto-Submitted": "auto-replied", "In-Reply-To": ours.internet_message_id}
        arrive(mail(subject="Automatic reply", text=f"Away {turn}", headers=headers), envelope_sender="")
    ticket.refresh_from_db()
    assert (ticket.status, ticket.due_at, ticket.last_customer_message_at) == before
    logged = Message.objects.filter(ticket=ticket, channel=Channel.EMAIL).count() - 1
    assert logged < settings.MAIL_RATE_PER_SENDER


def test_two_brands_of_this_desk(other_brand: Brand) -> None:
    """Somebody gave one brand's address as theirs to the other: its receipt arrives here, and ends here."""
    mailbox_of(other_brand)
    for sender, to in (("help@btp.test", "help@bobao.test"), ("help+x1@bobao.test", "help@btp.test")):
        row = arrive(mail(sender=sender, to=to), to=[to])
        assert (row.state, row.aside_reason) == (IncomingState.SET_ASIDE, AsideReason.OURSELVES)
    assert not Ticket.objects.exists()


def test_a_report_about_a_report() -> None:
    """To the null sender nothing is ever sent; a report that names no mail of ours waits in the box."""
    for turn in range(10):
        report = mail(
            sender="mailer-daemon@mx.test",
            subject="Undelivered Mail Returned to Sender",
            text=f"<mailer-daemon@mx{turn}.test>: user unknown",
            headers={"Auto-Submitted": "auto-replied"},
        )
        assert arrive(report, envelope_sender="").aside_reason == AsideReason.REPORT
    assert not OutboxMail.objects.exists()
    assert not Ticket.objects.exists()


def test_a_list_that_we_are_on(brand: Brand) -> None:
    for turn in range(5):
        listed = {"List-Id": "<all.partner.test>", "List-Post": "<mailto:all@partner.test>"}
        row = arrive(mail(sender=f"m{turn}@partner.test", to="all@partner.test", headers=listed))
        assert row.aside_reason == AsideReason.LIST
    assert not OutboxMail.objects.exists()
