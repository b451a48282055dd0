"""What becomes of a mail that arrives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import translation

from accounts.models import Brand, Customer, User
from tests.mails import answer_of_ours, arrive, mail
from tests.pictures import PNG
from tickets import actors
from tickets.actions import messages, status
from tickets.actions.correspondence import SenderUnproved, accept_sender, remove_participant
from tickets.choices import (
    AsideReason,
    Channel,
    EventKind,
    IncomingState,
    MailOutcome,
    MailPurpose,
    Nature,
    Proof,
    SenderVerdict,
    Status,
    Visibility,
)
from tickets.delivery.words import letter_for
from tickets.models import Event, IncomingMail, Message, OutboxMail, Participant, SenderRule, Ticket
from tickets.queries.reply_addresses import reply_address

pytestmark = pytest.mark.usefixtures("mailbox")


def test_a_mail_opens_a_ticket(brand: Brand) -> None:
    row = arrive(mail(files=[("截图.png", PNG, "image/png")]))
    assert (row.state, row.outcome) == (IncomingState.DONE, MailOutcome.OPENED)
    ticket = row.ticket
    assert ticket is not None
    assert (ticket.subject, ticket.channel, ticket.language) == ("提现没有到账", Channel.EMAIL, "zh-hans")
    assert (ticket.customer.email, ticket.customer.name) == ("wang@example.com", "王小明")
    message = Message.objects.get(ticket=ticket)
    assert message.body == "我昨天提现 500 元，到现在没有到账。"
    assert [file.name for file in message.attachments.all()] == ["截图.png"]
    assert message.mail_copy.proof == Proof.PROVED
    receipt = OutboxMail.objects.get(ticket=ticket)
    assert (receipt.purpose, receipt.to) == (MailPurpose.RECEIPT, "wang@example.com")


def test_the_same_bytes_twice_are_one_mail(brand: Brand) -> None:
    raw = mail()
    first, second = arrive(raw), arrive(raw)
    assert first.pk == second.pk
    assert Ticket.objects.count() == 1


def test_the_same_message_by_two_ways_is_one(brand: Brand) -> None:
    raw = mail(message_id="<one@example.com>")
    arrive(raw)
    row = arrive(b"Received: from elsewhere\r\n" + raw)
    assert row.outcome == MailOutcome.DUPLICATE
    assert row.ticket == Ticket.objects.get()
    assert Message.objects.count() == 1


def test_an_answer_comes_back_by_the_signed_address(by_mail: Ticket, agent: User) -> None:
    ours = answer_of_ours(by_mail, agent)
    to = reply_address(by_mail)
    row = arrive(mail(to=to, subject="Re: something else", text=ANSWER), to=[to])
    assert (row.outcome, row.ticket) == (MailOutcome.JOINED, by_mail)
    said = Message.objects.filter(ticket=by_mail).latest("pk")
    assert said.body == "招商银行。"
    assert "请问是哪家银行" in said.mail_copy.text
    by_mail.refresh_from_db()
    assert by_mail.status == Status.OPEN
    assert OutboxMail.objects.filter(ticket=by_mail).latest("pk") == ours, "an answer gets no receipt"


def test_an_answer_comes_back_by_our_message_id(by_mail: Ticket, agent: User) -> None:
    ours = answer_of_ours(by_mail, agent)
    row = arrive(mail(subject="Re:", headers={"In-Reply-To": ours.internet_message_id}))
    assert (row.outcome, row.ticket) == (MailOutcome.JOINED, by_mail)


def test_the_number_counts_for_who_takes_part(by_mail: Ticket) -> None:
    row = arrive(mail(subject=f"Re: [{by_mail.display_number}] 提现", text="还有一件事"))
    assert (row.outcome, row.ticket) == (MailOutcome.JOINED, by_mail)


def test_a_stranger_with_the_number_opens_a_case_of_their_own(by_mail: Ticket) -> None:
    row = arrive(mail(sender="thief@evil.test", subject=f"[{by_mail.display_number}] give me all"))
    assert row.outcome == MailOutcome.OPENED
    assert row.ticket is not None
    assert row.ticket != by_mail
    assert row.ticket.customer.email == "thief@evil.test"
    assert row.ticket.subject == "give me all"
    mails = OutboxMail.objects.filter(to="thief@evil.test")
    assert {one.ticket_id for one in mails} == {row.ticket.pk}
    assert Message.objects.filter(ticket=by_mail).count() == 1


def test_a_stranger_with_a_guessed_message_id_too(by_mail: Ticket) -> None:
    theirs = Message.objects.get(ticket=by_mail).mail_copy.internet_message_id
    row = arrive(mail(sender="thief@evil.test", headers={"References": theirs}))
    assert row.ticket != by_mail


def test_who_answers_our_mail_from_another_address_is_marked(by_mail: Ticket, agent: User) -> None:
    ours = answer_of_ours(by_mail, agent)
    row = arrive(
        mail(sender="Li <li@work.test>", headers={"References": ours.internet_message_id}, cc="x@y.test")
    )
    assert row.ticket == by_mail
    said = Message.objects.filter(ticket=by_mail).latest("pk")
    assert said.mail_copy.by_stranger
    assert said.author_name == "Li <li@work.test>"
    assert not Participant.objects.exists(), "a stranger puts nobody in copy"
    messages.reply(by_mail, body="谢谢", by=actors.staff(agent))
    assert not OutboxMail.objects.filter(to="li@work.test").exists()


@pytest.mark.parametrize(
    "proved", ["dmarc=fail header.from=example.com", "", "spf=pass smtp.mailfrom=other.test"]
)
def test_an_unproved_sender_joins_nothing(by_mail: Ticket, agent: User, proved: str) -> None:
    ours = answer_of_ours(by_mail, agent)
    by_mail.refresh_from_db()
    version, mails = by_mail.version, OutboxMail.objects.count()
    row = arrive(
        mail(
            to=reply_address(by_mail),
            subject=f"[{by_mail.display_number}]",
            headers={"In-Reply-To": ours.internet_message_id},
            proved=proved,
        ),
        to=[reply_address(by_mail)],
    )
    ticket = row.ticket
    assert ticket is not None
    assert ticket != by_mail
    assert ticket.unproved_sender == "wang@example.com"
    assert ticket.customer_id != by_mail.customer_id
    by_mail.refresh_from_db()
    assert by_mail.version == version
    assert OutboxMail.objects.count() == mails, "nothing goes to an address that somebody made up"
    copy = Message.objects.get(ticket=ticket).mail_copy
    assert copy.claims_ticket == by_mail


def test_nobody_answers_an_unproved_sender_before_it_is_accepted(agent: User, customer: Customer) -> None:
    ticket = arrive(mail(proved=False)).ticket
    assert ticket is not None
    with pytest.raises(SenderUnproved):
        messages.reply(ticket, body="您好", by=actors.staff(agent))
    nobody = ticket.customer
    accept_sender(ticket, by=actors.staff(agent))
    ticket.refresh_from_db()
    assert ticket.customer == customer
    assert not Customer.objects.filter(pk=nobody.pk).exists()
    messages.reply(ticket, body="您好", by=actors.staff(agent))
    assert OutboxMail.objects.get(ticket=ticket).to == "wang@example.com"
    assert Event.objects.filter(ticket=ticket, kind=EventKind.SENDER_ACCEPTED).count() == 1


def test_a_mail_without_a_readable_sender_is_kept(agent: User) -> None:
    raw = mail(proved=False).replace(b"wang@example.com", b"not an address")
    ticket = arrive(raw).ticket
    assert ticket is not None
    assert ticket.unproved_sender == ""
    assert ticket.customer.email == ""


def test_an_answer_on_a_merged_case_is_said_where_it_went(
    by_mail: Ticket, agent: User, make_ticket: Callable[..., Ticket]
) -> None:
    from tickets.actions.merging import merge

    other = arrive(mail(subject="又一次", text="第二封")).ticket
    assert other is not None
    merge(by_mail, into=other, by=actors.staff(agent))
    row = arrive(mail(to=reply_address(by_mail)), to=[reply_address(by_mail)])
    assert row.ticket == other


def test_an_answer_after_the_window_opens_a_follow_up(by_mail: Ticket, agent: User, settings: Any) -> None:
    settings.REOPEN_DAYS = 0
    messages.reply(by_mail, body="好了", by=actors.staff(agent), then=Status.SOLVED)
    status.change_status(by_mail, to=Status.CLOSED, by=actors.staff(agent))
    row = arrive(mail(to=reply_address(by_mail), text="又没有到账，怎么回事？"), to=[reply_address(by_mail)])
    assert row.ticket is not None
    assert row.ticket.follow_up_of == by_mail
    assert Message.objects.get(ticket=row.ticket).mail_copy.proof == Proof.PROVED


def test_cc_takes_part(by_mail: Ticket, brand: Brand, agent: User) -> None:
    raw = mail(to=f"help@btp.test, {reply_address(by_mail)}", cc="Mei <mei@family.test>, help@btp.test")
    arrive(raw, to=[reply_address(by_mail)])
    assert [person.email for person in Participant.objects.filter(ticket=by_mail)] == ["mei@family.test"]
    row = arrive(mail(sender="mei@family.test", subject=f"Re: [{by_mail.display_number}]", text="我是他妻子"))
    assert row.ticket == by_mail
    said = Message.objects.filter(ticket=by_mail).latest("pk")
    assert (said.author_name, said.mail_copy.by_stranger) == ("mei@family.test", False)
    remove_participant(by_mail, email="mei@family.test", by=actors.staff(agent))
    arrive(raw.replace(b"10:00:00", b"10:00:01"), to=[reply_address(by_mail)])
    assert not Participant.objects.filter(ticket=by_mail, removed_at__isnull=True).exists()


def test_a_brand_may_do_without_copies(by_mail: Ticket, brand: Brand) -> None:
    brand.copies_to_participants = False
    brand.save()
    arrive(mail(to=reply_address(by_mail), cc="mei@family.test"), to=[reply_address(by_mail)])
    assert not Participant.objects.exists()


def test_out_of_office_is_logged_and_moves_nothing(by_mail: Ticket, agent: User) -> None:
    ours = answer_of_ours(by_mail, agent)
    by_mail.refresh_from_db()
    before = (by_mail.status, by_mail.due_at)
    row = arrive(
        mail(
            subject="Automatic reply: 提现",
            text="I am out of the office.",
            headers={"Auto-Submitted": "auto-replied", "In-Reply-To": ours.internet_message_id},
        ),
        envelope_sender="",
    )
    assert (row.outcome, row.ticket) == (MailOutcome.LOGGED, by_mail)
    by_mail.refresh_from_db()
    assert (by_mail.status, by_mail.due_at) == before
    assert Message.objects.filter(ticket=by_mail).latest("pk").nature == Nature.AUTOMATIC


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"headers": {"Auto-Submitted": "auto-generated"}}, AsideReason.AUTOMATIC),
        ({"headers": {"List-Id": "<news.example.com>", "Precedence": "bulk"}}, AsideReason.LIST),
        ({"sender": "help@btp.test"}, AsideReason.OURSELVES),
    ],
)
def test_noise_is_set_aside_and_answered_by_nobody(values: dict[str, object], reason: AsideReason) -> None:
    row = arrive(mail(**values))  # type: ignore[arg-type]
    assert (row.state, row.aside_reason) == (IncomingState.SET_ASIDE, reason)
    assert not Ticket.objects.exists()
    assert not OutboxMail.objects.exists()


def test_a_blocked_sender_and_a_welcome_one(brand: Brand) -> None:
    SenderRule.objects.create(pattern="@spam.test", verdict=SenderVerdict.BLOCK)
    SenderRule.objects.create(pattern="news@partner.test", verdict=SenderVerdict.ALLOW, brand=brand)
    blocked = arrive(mail(sender="a@spam.test"))
    assert (blocked.aside_reason, blocked.detail) == (AsideReason.BLOCKED, "@spam.test")
    listed = mail(sender="news@partner.test", headers={"List-Id": "<x.partner.test>", "Precedence": "bulk"})
    assert arrive(listed).outcome == MailOutcome.OPENED


def test_too_many_mails_of_one_sender_are_set_aside(settings: Any) -> None:
    settings.MAIL_RATE_PER_SENDER = 3
    rows = [arrive(mail(subject=f"no. {turn}")) for turn in range(5)]
    assert [row.state for row in rows] == ["done"] * 3 + ["set_aside"] * 2
    assert rows[-1].aside_reason == AsideReason.TOO_MANY
    made_up = arrive(mail(sender="other@example.com", proved=False))
    assert made_up.outcome == MailOutcome.OPENED


def test_whoever_makes_up_an_address_does_not_use_up_its_owners_allowance(
    settings: Any,
) -> None:
    settings.MAIL_RATE_PER_SENDER = 2
    for turn in range(4):
        arrive(mail(subject=f"no. {turn}", proved=False))
    assert arrive(mail(subject="really me")).outcome == MailOutcome.OPENED


def test_two_receipts_in_a_day_are_enough() -> None:
    for turn in range(5):
        arrive(mail(sender="desk@other.test", subject=f"We have received your message {turn}"))
    assert Ticket.objects.count() == 5
    assert OutboxMail.objects.filter(to="desk@other.test").count() == 2
    reasons = (
        Event.objects.filter(kind=EventKind.OPENED).order_by("pk").values_list("data__no_receipt", flat=True)
    )
    assert list(reasons) == [None, None, "enough", "enough", "enough"]


def test_what_may_not_come_in_is_named(brand: Brand) -> None:
    row = arrive(mail(files=[("invoice.exe", b"MZ\x90\x00" + b"x" * 99, "application/octet-stream")]))
    message = Message.objects.get(ticket=row.ticket)
    assert message.attachments.count() == 0
    assert message.mail_copy.withheld == [{"name": "invoice.exe", "size": 103, "reason": "kind"}]


def test_who_sent_more_than_can_come_in_is_told(settings: Any) -> None:
    settings.MAIL_MAX_BYTES = 3000
    first = arrive(mail(text="提现没有到账\n" * 300))
    ticket = first.ticket
    assert ticket is not None
    assert first.is_cut
    assert "提现没有到账" in Message.objects.get(ticket=ticket).body
    with translation.override("zh-hans"):
        receipt = letter_for(OutboxMail.objects.get(ticket=ticket))
    assert any("2.9" in line for line in receipt.lead)
    settings.MAIL_MAX_BYTES = 3_000_000
    arrive(mail(to=reply_address(ticket), files=[("a.exe", b"MZ" + b"x" * 99, "application/octet-stream")]))
    told = OutboxMail.objects.get(ticket=ticket, purpose=MailPurpose.INCOMPLETE)
    assert told.to == "wang@example.com"
    assert any("a.exe" in line for line in letter_for(told).lead)
    for turn in range(3):
        arrive(mail(to=reply_address(ticket), text=f"{turn}", files=[("a.exe", b"MZ" + b"x" * 99, "x/y")]))
    assert OutboxMail.objects.filter(purpose=MailPurpose.INCOMPLETE).count() == 1, (
        "two answers a day are enough"
    )


def test_a_mail_without_words_opens_a_case() -> None:
    row = arrive(mail(subject="", text="", files=[("a.png", PNG, "image/png")]))
    assert row.outcome == MailOutcome.OPENED


def test_a_novel_is_cut_and_kept() -> None:
    row = arrive(mail(text="话" * 30_000))
    message = Message.objects.get(ticket=row.ticket)
    assert len(message.body) == 20_000
    assert len(message.mail_copy.text) == 30_000


def test_a_colleague_writes_a_note(by_mail: Ticket, agent: User) -> None:
    ours = answer_of_ours(by_mail, agent)
    arrive(mail(sender=agent.email, headers={"In-Reply-To": ours.internet_message_id}, text="I know him."))
    said = Message.objects.filter(ticket=by_mail).latest("pk")
    assert (said.visibility, said.author) == (Visibility.INTERNAL, agent)


def test_a_mail_that_breaks_the_reader_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    from tickets.channels.email import knowing, taking

    whole = knowing.know

    def breaks(row: IncomingMail, raw: bytes, _directory: object = None) -> object:
        if b"poison" in raw:
            raise RuntimeError("cannot")
        return whole(row, raw)

    monkeypatch.setattr(taking, "know", breaks)
    poison = arrive(mail(subject="poison"))
    assert poison.state == IncomingState.QUARANTINED
    assert poison.detail.startswith("RuntimeError in ")
    assert arrive(mail(subject="fine")).outcome == MailOutcome.OPENED


ANSWER = """招商银行。

在 2026年11月25日，B特派钱包 写道：
> 请问是哪家银行？
"""
