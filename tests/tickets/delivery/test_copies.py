"""Our words to those in copy: by mail, with nothing that opens the case, and the way back into it."""

from __future__ import annotations

from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern
from typing import Any

import pytest

from accounts.models import Brand, User
from tests.smtp import MailServer
from tickets import actors
from tickets.actions.correspondence import put_in_copy, remove_participant
from tickets.actions.messages import customer_reply, note, reply
from tickets.actions.status import change_status
from tickets.choices import Channel, MailPurpose, Status
from tickets.delivery.render import render
from tickets.delivery.sender import deliver
from tickets.models import (
    IncomingMail,
    Mailbox,
    MailCopy,
    Message,
    OutboxMail,
    Participant,
    Ticket,
    TrackingLink,
)
from tickets.queries.links import token_of
from tickets.queries.mailboxes import addressed
from tickets.queries.reply_addresses import reply_address, ticket_id_of

MakeTicket = Callable[..., Ticket]


@pytest.fixture
def copied(make_ticket: MakeTicket, agent: User) -> Ticket:
    """A case in English with 赵 in copy; the receipt has left already."""
    ticket = make_ticket(language="en", subject="Withdrawal missing")
    OutboxMail.objects.all().delete()
    put_in_copy(ticket, email="zhao@example.com", name="赵", by=actors.staff(agent))
    return ticket


def copies(ticket: Ticket) -> list[OutboxMail]:
    return list(OutboxMail.objects.filter(ticket=ticket, purpose=MailPurpose.COPY).order_by("pk"))


def parsed(row: OutboxMail) -> EmailMessage:
    return message_from_bytes(render(row).message().as_bytes(), policy=modern)


def part(message: EmailMessage, kind: str = "plain") -> str:
    body = message.get_body(preferencelist=(kind,))
    assert body is not None
    return str(body.get_content())


def mailed(ticket: Ticket, address: str, message_id: str, body: str = "And now?") -> Message:
    """The customer writes by mail."""
    message = customer_reply(ticket, body=body, by=actors.customer(ticket.customer), channel=Channel.EMAIL)
    incoming = IncomingMail.objects.create(
        brand=ticket.brand, way="smtp", sha256=message_id[:64], size=1, ticket=ticket
    )
    MailCopy.objects.create(
        message=message,
        incoming=incoming,
        internet_message_id=message_id,
        from_address=address,
        proof="proved",
    )
    return message


class TestCopies:
    def test_it_works(self, copied: Ticket, agent: User) -> None:
        message = reply(copied, body="It is on its way.", by=actors.staff(agent))
        [row] = copies(copied)
        replied = OutboxMail.objects.get(purpose=MailPurpose.REPLY)
        assert (row.to, row.to_name, row.message, row.language) == ("zhao@example.com", "赵", message, "en")
        assert row.cause == f"copy:{replied.cause.partition(':')[2]}:{Participant.objects.get().pk}"
        mail = parsed(row)
        for kind in ("plain", "html"):
            text = part(mail, kind)
            assert "It is on its way." in text
            assert "You were put in copy of this case by Ann." in text
            assert "/t/" not in text
            assert "http://localhost" not in text, "nothing that opens the case"
        assert not any(token_of(link) in part(mail) for link in TrackingLink.objects.all())
        assert mail["Auto-Submitted"] is None
        assert mail["Subject"] == parsed(replied)["Subject"]
        assert mail["Message-ID"] != parsed(replied)["Message-ID"]

    def test_the_envelope_names_one(self, copied: Ticket, agent: User, smtp: MailServer) -> None:
        reply(copied, body="x", by=actors.staff(agent))
        assert deliver() == 2
        assert [mail.recipients for mail in smtp.received] == [["wang@example.com"], ["zhao@example.com"]]
        assert all(mail.message["Cc"] is None for mail in smtp.received)

    def test_the_solving_mail_too(self, copied: Ticket, agent: User) -> None:
        reply(copied, body="Your money is there.", by=actors.staff(agent), then=Status.SOLVED)
        [row] = copies(copied)
        assert row.context == {"of": "solved"}
        text = part(parsed(row))
        assert "We believe this case is solved" in text
        assert "Your money is there." in text

    def test_solved_without_words(self, copied: Ticket, agent: User) -> None:
        change_status(copied, to=Status.SOLVED, by=actors.staff(agent))
        mail = parsed(copies(copied)[0])
        assert "We have marked it as solved." in part(mail)
        assert mail["Auto-Submitted"] == "auto-generated"

    def test_nothing_else_is_copied(self, copied: Ticket, agent: User) -> None:
        note(copied, body="x", by=actors.staff(agent))
        customer_reply(copied, body="x", by=actors.customer(copied.customer))
        assert copies(copied) == []

    @pytest.mark.parametrize(
        "email", ["help@btp.test", "help+tag@btp.test", "WANG@example.com", "x@y.invalid"]
    )
    def test_whom_nothing_goes_to(self, copied: Ticket, agent: User, email: str) -> None:
        """However they came in: an address of ours would be a loop, the customer has it already."""
        Participant.objects.all().delete()
        Participant.objects.create(ticket=copied, email=email)
        reply(copied, body="x", by=actors.staff(agent))
        assert copies(copied) == []

    def test_removed(self, copied: Ticket, agent: User) -> None:
        remove_participant(copied, email="zhao@example.com", by=actors.staff(agent))
        reply(copied, body="x", by=actors.staff(agent))
        assert copies(copied) == []

    def test_a_brand_that_wants_none(self, copied: Ticket, agent: User) -> None:
        Brand.objects.update(copies_to_participants=False)
        reply(Ticket.objects.get(pk=copied.pk), body="x", by=actors.staff(agent))
        assert copies(copied) == []

    def test_a_customer_without_mail(self, copied: Ticket, agent: User) -> None:
        type(copied.customer).objects.filter(pk=copied.customer.pk).update(email="")
        reply(Ticket.objects.get(pk=copied.pk), body="x", by=actors.staff(agent))
        assert [row.to for row in OutboxMail.objects.all()] == ["zhao@example.com"]

    def test_nobody_hears_of_a_case_whose_sender_is_not_proved(self, copied: Ticket, agent: User) -> None:
        Ticket.objects.filter(pk=copied.pk).update(unproved_sender="wang@example.com")
        change_status(Ticket.objects.get(pk=copied.pk), to=Status.SOLVED, by=actors.staff(agent))
        assert copies(copied) == []

    def test_who_put_them_there(self, copied: Ticket, agent: User) -> None:
        from tickets.actions.correspondence import add_participants

        add_participants(copied, [("qian@example.com", "")], by=actors.customer(copied.customer))
        reply(copied, body="x", by=actors.staff(agent))
        assert "in copy of this case by 王小明." in part(parsed(copies(copied)[1]))


class TestWayBack:
    @pytest.fixture(autouse=True)
    def mailbox(self, brand: Brand) -> Mailbox:
        return Mailbox.objects.create(brand=brand, address="help@btp.test")

    def test_every_mail_to_people_outside_says_where_to_answer(self, copied: Ticket, agent: User) -> None:
        reply(copied, body="x", by=actors.staff(agent))
        for row in OutboxMail.objects.all():
            mail = parsed(row)
            [box] = addressed([mail["Reply-To"].addresses[0].addr_spec])
            assert ticket_id_of(box.tag) == copied.pk
            assert mail["Reply-To"].addresses[0].display_name == "BTP Wallet"
            assert mail["From"] == "BTP Wallet <help@btp.test>"
        assert "You may simply answer this mail." in part(parsed(OutboxMail.objects.earliest("pk")))

    def test_a_solved_case_may_be_answered_too(self, copied: Ticket, agent: User) -> None:
        change_status(copied, to=Status.SOLVED, by=actors.staff(agent))
        text = part(parsed(OutboxMail.objects.get(purpose=MailPurpose.SOLVED)))
        assert "Answer this mail, or open the case by the link, by " in text

    def test_without_tags(self, copied: Ticket, agent: User, mailbox: Mailbox) -> None:
        Mailbox.objects.update(takes_tags=False)
        assert reply_address(copied) == "help@btp.test"


class TestThread:
    def test_their_mails_are_part_of_it(self, copied: Ticket, agent: User) -> None:
        mailed(copied, "wang@example.com", "<first@mail.example.com>")
        reply(copied, body="one", by=actors.staff(agent))
        mailed(copied, "wang@example.com", "<second@mail.example.com>")
        reply(copied, body="two", by=actors.staff(agent))
        reply(copied, body="three", by=actors.staff(agent))
        one, two, three = OutboxMail.objects.filter(purpose=MailPurpose.REPLY).order_by("pk")
        assert parsed(one)["In-Reply-To"] == parsed(one)["References"] == "<first@mail.example.com>"
        assert parsed(two)["In-Reply-To"] == "<second@mail.example.com>"
        assert parsed(two)["References"].split() == [
            "<first@mail.example.com>",
            one.internet_message_id,
            "<second@mail.example.com>",
        ]
        assert parsed(three)["In-Reply-To"] == "<second@mail.example.com>", "their newest"
        assert parsed(three)["References"].split()[-1] == two.internet_message_id

    def test_everybody_has_a_thread_of_their_own(self, copied: Ticket, agent: User) -> None:
        mailed(copied, "wang@example.com", "<first@mail.example.com>")
        reply(copied, body="one", by=actors.staff(agent))
        assert parsed(copies(copied)[0])["References"] is None
        mailed(copied, "zhao@example.com", "<zhao@mail.example.com>")
        reply(copied, body="two", by=actors.staff(agent))
        first, second = copies(copied)
        assert parsed(second)["References"].split() == [first.internet_message_id, "<zhao@mail.example.com>"]

    @pytest.mark.parametrize(
        "name",
        [
            "",
            "no brackets@example.com",
            "<a b@example.com>",
            "<a@b>\r\nBcc: <x@y.z>",
            "<ü@example.com>",
            f"<{'a' * 300}@b>",
            "<a@b><c@d>",
        ],
    )
    def test_what_is_no_message_id_does_not_come_into_our_headers(
        self, copied: Ticket, agent: User, name: str
    ) -> None:
        mailed(copied, "wang@example.com", name)
        reply(copied, body="one", by=actors.staff(agent))
        mail = parsed(OutboxMail.objects.get(purpose=MailPurpose.REPLY))
        assert mail["References"] is None
        assert mail["Bcc"] is None

    def test_what_never_left_is_no_part_of_it(self, copied: Ticket, agent: User) -> None:
        reply(copied, body="one", by=actors.staff(agent))
        OutboxMail.objects.update(state="failed")
        reply(copied, body="two", by=actors.staff(agent))
        assert parsed(OutboxMail.objects.filter(purpose=MailPurpose.REPLY).latest("pk"))["References"] is None

    def test_in_answer_to_a_mail_the_subject_says_so(self, make_ticket: MakeTicket, agent: User) -> None:
        ticket = make_ticket(language="en", subject="Missing", channel=Channel.EMAIL)
        reply(ticket, body="one", by=actors.staff(agent))
        subjects: set[Any] = {parsed(row)["Subject"] for row in OutboxMail.objects.all()}
        assert subjects == {f"Re: [{ticket.display_number}] Missing"}


class TestSignature:
    def test_it_works(self, copied: Ticket, agent: User) -> None:
        Brand.objects.update(
            mail_signature_en="Kind regards\nBTP <support> https://btp.example/help",
            mail_signature_zh="此致\nB特派",
        )
        reply(copied, body="x", by=actors.staff(agent))
        row = OutboxMail.objects.earliest("pk")
        mail = parsed(row)
        assert "\n-- \nKind regards\nBTP <support> https://btp.example/help\n" in part(mail)
        html = part(mail, "html")
        assert "Kind regards<br>" in html
        assert "BTP &lt;support&gt;" in html
        OutboxMail.objects.filter(pk=row.pk).update(language="zh-hans")
        assert "此致" in part(parsed(OutboxMail.objects.get(pk=row.pk)))

    def test_none(self, copied: Ticket, agent: User) -> None:
        reply(copied, body="x", by=actors.staff(agent))
        assert 'class="soft sign"' not in part(parsed(OutboxMail.objects.earliest("pk")), "html")
