"""Attempts to get into a case, to be told of one, or to be taken for somebody else."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.actions import customers
from accounts.models import Brand, User
from accounts.rules.capabilities import Role
from tests.cast import person
from tests.mails import answer_of_ours, arrive, mail, mailbox_of
from tickets import actors
from tickets.actions import messages, status
from tickets.actions.correspondence import put_in_copy, remove_participant
from tickets.choices import (
    AsideReason,
    EventKind,
    MailOutcome,
    MailPurpose,
    Nature,
    Proof,
    SenderVerdict,
    Status,
    Visibility,
)
from tickets.models import Event, IncomingMail, Mailbox, Message, OutboxMail, Participant, SenderRule, Ticket
from tickets.queries.reply_addresses import reply_address

pytestmark = pytest.mark.usefixtures("mailbox")
THIEF = "thief@evil.test"


def test_a_made_up_proof_where_no_relay_is_named(by_mail: Ticket, mailbox: Mailbox, settings: Any) -> None:
    mailbox.authserv_id = settings.MAIL_AUTHSERV_ID = ""
    mailbox.save()
    forged = b'Authentication-Results: ""; dmarc=pass header.from=example.com\r\n'
    row = arrive(forged + mail(proved=False, subject=f"[{by_mail.display_number}]"))
    assert row.proof == Proof.NOTHING
    assert row.ticket != by_mail


def test_an_address_that_is_only_written_alike(by_mail: Ticket) -> None:
    raw = mail(subject=f"[{by_mail.display_number}]").replace(b"<wang@", "<ｗang@".encode())
    row = arrive(raw)
    assert row.proof == Proof.NOTHING
    assert row.ticket != by_mail


@pytest.mark.parametrize(
    "written",
    ["[{0}]", "{0}", "#{0}", "Re: Fwd: [{0}]", "（{0}）", "=?utf-8?q?[{0}]?=", "[{0}] [{0}]", "{0}\r\n\t"],
)
def test_however_a_stranger_writes_the_number(by_mail: Ticket, written: str) -> None:
    subject = written.format(by_mail.display_number)
    raw = mail(
        sender=THIEF, subject="odd", text=f"Ticket [{by_mail.display_number}] {reply_address(by_mail)}"
    )
    row = arrive(raw.replace(b"Subject: odd", f"Subject: {subject}".encode()))
    assert row.outcome == MailOutcome.OPENED
    assert row.ticket != by_mail
    assert Message.objects.filter(ticket=by_mail).count() == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Sender": "wang@example.com"},
        {"Reply-To": "wang@example.com"},
        {"Resent-From": "wang@example.com", "Resent-To": "help@btp.test"},
        {"X-Original-From": "wang@example.com"},
    ],
)
def test_whoever_else_the_head_names(by_mail: Ticket, headers: dict[str, str]) -> None:
    number = f"[{by_mail.display_number}]"
    row = arrive(mail(sender=f'"wang@example.com" <{THIEF}>', subject=number, headers=headers))
    assert (row.sender, row.outcome) == (THIEF, MailOutcome.OPENED)
    assert row.ticket != by_mail
    assert {one.to for one in OutboxMail.objects.filter(ticket=row.ticket)} == {THIEF}


@pytest.mark.parametrize(
    "senders", [b"wang@example.com, thief@evil.test", b"wang@example.com\r\nFrom: x@evil.test"]
)
def test_several_senders_are_nobody(by_mail: Ticket, senders: bytes) -> None:
    to = reply_address(by_mail)
    raw = mail(sender="wang@example.com", to=to)
    row = arrive(raw.replace(b"From: wang@example.com", b"From: " + senders), to=[to])
    assert row.proof == Proof.NOTHING
    assert row.ticket != by_mail


def test_the_signed_address_of_another_brands_case(by_mail: Ticket, other_brand: Brand) -> None:
    theirs = mailbox_of(other_brand)
    tag = reply_address(by_mail).partition("+")[2].partition("@")[0]
    to = f"help+{tag}@bobao.test"
    row = arrive(mail(to=f"{to}, {reply_address(by_mail)}"), to=[to])
    assert row.mailbox == theirs
    assert row.ticket is not None
    assert (row.ticket.brand, row.outcome) == (other_brand, MailOutcome.OPENED)


def test_who_was_taken_out_of_copy_opens_a_case_of_their_own(by_mail: Ticket, agent: User) -> None:
    """Though they have our mails about it, and with them its signed address."""
    put_in_copy(by_mail, email="ex@family.test", by=actors.staff(agent))
    remove_participant(by_mail, email="ex@family.test", by=actors.staff(agent))
    before = Message.objects.filter(ticket=by_mail).count()
    row = arrive(mail(sender="ex@family.test", to=reply_address(by_mail)), to=[reply_address(by_mail)])
    assert (row.outcome, row.ticket == by_mail) == (MailOutcome.OPENED, False)
    assert Message.objects.filter(ticket=by_mail).count() == before


@pytest.fixture
def told(by_mail: Ticket, administrator: User) -> OutboxMail:
    """What a member of staff was told of the case by mail."""
    OutboxMail.objects.queue(
        cause="escalation:1",
        purpose=MailPurpose.ESCALATION,
        brand=by_mail.brand,
        ticket=by_mail,
        to=administrator.email,
        language="en",
    )
    return OutboxMail.objects.get(cause="escalation:1")


def test_a_colleague_who_is_away_says_nothing_to_the_customer(
    by_mail: Ticket, told: OutboxMail, administrator: User
) -> None:
    row = arrive(
        mail(
            sender=administrator.email,
            subject="Automatic reply: breached",
            text="I am in hospital until May.",
            headers={"Auto-Submitted": "auto-replied", "In-Reply-To": told.internet_message_id},
        ),
        envelope_sender="",
    )
    assert row.aside_reason == AsideReason.AUTOMATIC
    assert not Message.objects.filter(nature=Nature.AUTOMATIC).exists()


@pytest.mark.parametrize("is_active", [True, False])
def test_staff_who_do_not_work_on_the_case_do_not_speak_on_it(
    by_mail: Ticket, told: OutboxMail, other_brand: Brand, is_active: bool
) -> None:
    """One of another brand, or who left, answers a mail they were sent as staff: the customer never reads it."""
    other = person(Role.AGENT, "Olaf", brands=[other_brand], is_active=is_active)
    row = arrive(
        mail(sender=other.email, headers={"In-Reply-To": told.internet_message_id}, text="Is he rich?")
    )
    assert (row.outcome, row.ticket == by_mail) == (MailOutcome.OPENED, False)


def test_a_colleague_still_writes_notes(by_mail: Ticket, told: OutboxMail, administrator: User) -> None:
    arrive(
        mail(
            sender=administrator.email, headers={"In-Reply-To": told.internet_message_id}, text="Is he rich?"
        )
    )
    assert Message.objects.filter(ticket=by_mail).latest("pk").visibility == Visibility.INTERNAL


class TestCopies:
    def test_a_mail_that_was_never_meant_for_us(self) -> None:
        """The customer's signed mail to a thief, passed on to us by the thief: our answer must not go there."""
        row = arrive(mail(to=THIEF, cc="partner@evil.test"), to=["help@btp.test"])
        assert row.outcome == MailOutcome.OPENED
        assert not Participant.objects.exists()

    def test_a_blind_copy(self, by_mail: Ticket) -> None:
        arrive(mail(to="mei@family.test"), to=[reply_address(by_mail)])
        assert not Participant.objects.exists()

    def test_a_copy_added_on_the_way(self) -> None:
        raw = mail(cc="mei@family.test")
        arrive(raw.replace(b"Cc: ", b"Cc: thief@evil.test\r\nCc: "))
        assert not Participant.objects.exists()

    def test_an_announcement_to_many(self) -> None:
        arrive(mail(cc=", ".join(f"u{one}@many.test" for one in range(21))))
        assert not Participant.objects.exists()

    def test_neither_ourselves_nor_the_other_brand(self, other_brand: Brand) -> None:
        mailbox_of(other_brand)
        arrive(mail(cc="help@bobao.test, HELP+x@bobao.test, help@btp.test, wang@example.com"))
        assert not Participant.objects.exists()

    def test_of_a_sender_who_is_not_proved(self) -> None:
        arrive(mail(cc=THIEF, proved=False))
        assert not Participant.objects.exists()


class TestTheSameMessageAgain:
    def test_proved_after_it_was_not(self, by_mail: Ticket) -> None:
        """It came round by a forwarder first. What is proved goes where it belongs."""
        to = reply_address(by_mail)
        raw = mail(to=to, message_id="<m@example.com>", proved=False)
        first = arrive(b"Received: from forwarder\r\n" + raw, to=[to])
        assert first.ticket != by_mail
        proof = b"Authentication-Results: mx.desk.test; dmarc=pass header.from=example.com\r\n"
        second = arrive(proof + raw, to=[to])
        assert (second.outcome, second.ticket) == (MailOutcome.JOINED, by_mail)
        third = arrive(b"Received: from elsewhere\r\n" + proof + raw, to=[to])
        assert third.outcome == MailOutcome.DUPLICATE

    def test_not_proved_after_it_was(self, by_mail: Ticket) -> None:
        raw = mail(message_id="<m@example.com>")
        first = arrive(raw)
        again = arrive(raw.partition(b"\r\n")[2])
        assert (again.outcome, again.ticket) == (MailOutcome.DUPLICATE, first.ticket)

    def test_without_an_id_or_a_date_two_are_two(self) -> None:
        """The alarms of a machine say the same each time."""
        bare = b"From: <wang@example.com>\r\nTo: help@btp.test\r\nSubject: disk full\r\n\r\ndisk full\r\n"
        rows = [arrive(b"Received: by mx; %d\r\n" % turn + bare) for turn in range(2)]
        assert [row.outcome for row in rows] == [MailOutcome.OPENED] * 2


def test_a_welcome_address_that_somebody_made_up_is_not_welcome(settings: Any) -> None:
    SenderRule.objects.create(pattern="news@partner.test", verdict=SenderVerdict.ALLOW)
    settings.MAIL_RATE_PER_SENDER = 2
    listed = {"List-Id": "<x.partner.test>"}
    forged = "dmarc=fail header.from=partner.test"
    assert (
        arrive(mail(sender="news@partner.test", headers=listed, proved=forged)).aside_reason
        == AsideReason.LIST
    )
    rows = [arrive(mail(sender="news@partner.test", subject=f"{turn}", proved=False)) for turn in range(4)]
    assert [row.aside_reason for row in rows] == ["", "", "too_many", "too_many"]
    assert arrive(mail(sender="news@partner.test", headers=listed)).outcome == MailOutcome.OPENED


def test_who_proves_later_what_they_could_not_does_not_adopt_it(by_mail: Ticket) -> None:
    """A spoofer's case is not handed to the person whom they spoofed, with the spoofer's words in it, by itself."""
    spoofed = arrive(mail(proved=False, message_id="<guess@example.com>", text="Pay to card 6222.")).ticket
    assert spoofed is not None
    row = arrive(mail(headers={"In-Reply-To": "<guess@example.com>"}, subject=f"[{spoofed.display_number}]"))
    assert (row.outcome, row.ticket == spoofed) == (MailOutcome.OPENED, False)


class TestAfterTheWindow:
    @pytest.fixture
    def closed(self, by_mail: Ticket, agent: User, settings: Any) -> Ticket:
        settings.REOPEN_DAYS = 0
        put_in_copy(by_mail, email="mei@family.test", by=actors.staff(agent))
        messages.reply(by_mail, body="好了", by=actors.staff(agent), then=Status.SOLVED)
        status.change_status(by_mail, to=Status.CLOSED, by=actors.staff(agent))
        OutboxMail.objects.all().delete()
        return by_mail

    def say(self, ticket: Ticket, turn: int = 0, **values: Any) -> IncomingMail:
        to = reply_address(ticket)
        return arrive(mail(to=to, text=f"又没有到账，怎么回事？{turn}", **values), to=[to])

    def test_whoever_is_in_copy_is_not_taken_for_the_customer_and_gets_the_answer(
        self, closed: Ticket, agent: User
    ) -> None:
        opened = self.say(closed, sender="Mei <mei@family.test>").ticket
        assert opened is not None
        assert opened.follow_up_of == closed
        said = Message.objects.get(ticket=opened)
        assert (said.author_name, said.author) == ("Mei <mei@family.test>", None)
        messages.reply(opened, body="请稍等", by=actors.staff(agent))
        assert OutboxMail.objects.filter(ticket=opened, to="mei@family.test").count() == 1

    def test_machines_get_no_receipt(self, closed: Ticket) -> None:
        self.say(closed, headers={"X-Auto-Response-Suppress": "All"})
        assert not OutboxMail.objects.exists()
        opened = Event.objects.filter(kind=EventKind.OPENED).latest("pk")
        assert opened.data["no_receipt"] == "automatic"

    def test_however_many_follow_ups_receipts_end(self, closed: Ticket) -> None:
        for turn in range(5):
            self.say(closed, turn)
        assert Ticket.objects.filter(follow_up_of=closed).count() == 5
        assert OutboxMail.objects.filter(purpose=MailPurpose.RECEIPT).count() == 1, (
            "one was sent at the beginning"
        )

    def test_a_stranger_opens_a_case_of_their_own(self, closed: Ticket) -> None:
        opened = self.say(closed, sender=THIEF).ticket
        assert opened is not None
        assert (opened.follow_up_of, opened.customer.email) == (None, THIEF)


class TestPerTicket:
    def test_strangers_do_not_use_up_the_customers_room(self, by_mail: Ticket, settings: Any) -> None:
        settings.MAIL_RATE_PER_TICKET = 3
        to = reply_address(by_mail)
        rows = [arrive(mail(sender=f"s{turn}@evil.test", to=to), to=[to]) for turn in range(5)]
        assert [row.aside_reason for row in rows] == ["", "", "", "too_many", "too_many"]
        assert arrive(mail(to=to, text="是我"), to=[to]).outcome == MailOutcome.JOINED

    def test_those_who_take_part_together(self, by_mail: Ticket, agent: User, settings: Any) -> None:
        settings.MAIL_RATE_PER_TICKET = 4
        for turn in range(3):
            put_in_copy(by_mail, email=f"p{turn}@family.test", by=actors.staff(agent))
        number = f"[{by_mail.display_number}]"
        rows = [
            arrive(mail(sender=f"p{turn % 3}@family.test", subject=number, text=f"{turn}"))
            for turn in range(6)
        ]
        assert [row.aside_reason for row in rows] == ["", "", "", "too_many", "too_many", "too_many"]
        assert arrive(mail(sender="p0@family.test", subject="another")).outcome == MailOutcome.OPENED

    def test_machines_that_are_away(self, by_mail: Ticket, agent: User, settings: Any) -> None:
        settings.MAIL_RATE_PER_TICKET = 3
        ours = answer_of_ours(by_mail, agent)
        away = {"Auto-Submitted": "auto-replied", "In-Reply-To": ours.internet_message_id}
        rows = [arrive(mail(sender=f"s{turn}@x.test", headers=away)) for turn in range(5)]
        assert [row.aside_reason for row in rows] == ["", "", "", "too_many", "too_many"]


def test_a_customer_with_a_log_in_is_known_by_each_confirmed_address(by_mail: Ticket, brand: Brand) -> None:
    from allauth.account.models import EmailAddress

    user = person(Role.CUSTOMER, "Mia")
    mia = customers.of_user(user)
    EmailAddress.objects.create(user=user, email="mia@work.test", verified=True, primary=False)
    EmailAddress.objects.create(user=user, email="claimed@work.test", verified=False, primary=False)
    hers, not_hers = (arrive(mail(sender=sender)).ticket for sender in ("Mia@Work.test", "claimed@work.test"))
    assert hers is not None
    assert not_hers is not None
    assert hers.customer == mia
    assert not_hers.customer != mia
