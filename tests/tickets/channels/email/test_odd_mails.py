"""Mails in forms that nobody expects: each becomes a case all the same, and what fits nowhere hurts nobody else."""

from __future__ import annotations

import tracemalloc

import pytest

from accounts.models import User
from tests.mails import arrive, keep, mail
from tests.pictures import PNG
from tickets.channels.email.taking import take
from tickets.channels.email.ways.recipients import recipients_of
from tickets.choices import IncomingState, MailOutcome, Proof
from tickets.models import Attachment, IncomingMail, Message, Participant, Ticket
from tickets.queries.reply_addresses import reply_address
from tickets.workspace.mail_words import mail_line

pytestmark = pytest.mark.usefixtures("mailbox")
PLAIN = mail(subject="odd")
LONG = "y" * 240


def with_head(line: bytes) -> bytes:
    return PLAIN.replace(b"Subject: odd", line + b"\r\nSubject: odd")


ODD = {
    "nothing": b" ",
    "no head": b"\r\nhello\r\n",
    "only NUL": b"\x00" * 100,
    "NUL in the subject": PLAIN.replace(b"Subject: odd", b"Subject: o\x00dd"),
    "NUL and half a character, encoded": PLAIN.replace(b": odd", b": =?utf-8?q?n=00u=ED=A0=80l?="),
    "NUL in the Message-ID": PLAIN.replace(b"Message-ID: <", b"Message-ID: <\x00"),
    "NUL in the address": PLAIN.replace(b"wang@", b"wa\x00ng@"),
    "NUL in the name": PLAIN.replace(b"From: ", b"From: \x00"),
    "half a character in the name": PLAIN.replace(b"From: ", b"From: \xed\xa0\x80\xff "),
    "NUL in what it answers": with_head(b"References: <a\x00b@c>\r\nIn-Reply-To: <\x00@\x00>"),
    "NUL in where it went": b"Delivered-To: he\x00lp@btp.test\r\n" + PLAIN,
    "NUL in the copy": with_head(b'Cc: "\x00" <x\x00@y.test>, =?utf-8?q?=00?= <z@y.test>'),
    "NUL in the HTML": mail(html="<p>a\x00b &#0; &#xd800; &#x0; c</p>"),
    "a subject of 5,000 signs": mail(subject="题" * 5000),
    "a name of 5,000 signs": mail(sender=f"{'名' * 5000} <n@example.com>"),
    "a long address": mail(sender=f"{LONG}@example.com"),
    "a long name and a long address": mail(sender=f"{'N' * 300} <{LONG}@example.com>"),
    "a long address that nobody proved": mail(sender=f"{LONG}@example.com", proved=False),
    "an address longer than any": mail(sender=f"{LONG * 2}@example.com", proved=False),
    "an address that no customer can have": PLAIN.replace(b"wang@example.com", b'"a b"@example.com'),
    "an address without a domain": PLAIN.replace(b"wang@example.com", b"root@localhost"),
    "a copy to a long address": mail(cc=f"{'x' * 280}@family.test"),
    "10,000 recipients": with_head(b"Cc: " + b", ".join(b"u%d@many.test" % one for one in range(10_000))),
    "10,000 references": with_head(b"References: " + b"\r\n ".join(b"<%d@x>" % one for one in range(10_000))),
    "1 MB of opened references": with_head(b"References: " + b"<" * 1_000_000),
    "1 MB in one reference": with_head(b"References: <" + b"a ." * 300_000 + b">"),
    "names of files": mail(files=[("长" * 300 + ".png", PNG, "image/png"), ("\x00.png", PNG, "image/png")]),
}


@pytest.mark.parametrize("raw", ODD.values(), ids=ODD)
def test_it_becomes_a_case(raw: bytes) -> None:
    row = arrive(raw)
    assert (row.state, row.outcome, row.detail) == (IncomingState.DONE, MailOutcome.OPENED, "")
    assert Ticket.objects.get() == row.ticket


@pytest.mark.parametrize("odd", ["\x00", "\udcff"])
def test_an_envelope_that_no_table_can_hold(odd: str) -> None:
    row = arrive(PLAIN, to=["help@btp.test", f"x{odd}@y.test"], envelope_sender=f"a{odd}@b.test", helo=odd)
    assert row.outcome == MailOutcome.OPENED
    assert "@b.test" in (row.envelope_sender or "")


def test_an_address_of_ours_with_nul_in_it_by_a_way_without_envelope() -> None:
    raw = PLAIN.replace(b"To: help@btp.test", b"To: <\x00>, x\x00y@z.test, he\x00lp@btp.test, help@btp.test")
    assert "help@btp.test" in recipients_of(raw)


@pytest.mark.long
def test_a_head_without_end_takes_no_more_memory_than_the_mail() -> None:
    line = b"X: y\r\n"
    row = keep(PLAIN.replace(b"Subject: odd", line * (8_000_000 // len(line)) + b"Subject: odd"))
    tracemalloc.start()
    take(row)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    row = IncomingMail.objects.get(pk=row.pk)
    assert (row.state, row.proof, row.proof_reason) == ("done", Proof.NOTHING, "unreadable results")
    assert peak < 64_000_000


def test_more_files_than_the_form_takes() -> None:
    row = arrive(mail(files=[(f"{one}.png", PNG + bytes([one]), "image/png") for one in range(60)]))
    assert row.state == IncomingState.DONE
    message = Message.objects.get(ticket=row.ticket)
    assert Attachment.objects.filter(message=message).count() == 50
    assert [one["reason"] for one in message.mail_copy.withheld] == ["too_many"] * 10


def test_more_files_on_an_answer_and_on_a_colleagues_note(agent: User) -> None:
    ticket = arrive(mail()).ticket
    assert ticket is not None
    files = [(f"{one}.png", PNG, "image/png") for one in range(8)]
    for sender in ("wang@example.com", agent.email):
        row = arrive(mail(sender=sender, to=reply_address(ticket), files=files), to=[reply_address(ticket)])
        assert (row.outcome, row.ticket) == (MailOutcome.JOINED, ticket)
    assert Attachment.objects.count() == 16


def test_who_cannot_be_written_to_is_not_in_copy() -> None:
    impossible = f"a@b, c@-x-.test, d..e@f.test, {'x' * 280}@family.test, nobody@made-up.invalid"
    arrive(mail(cc=f"{impossible}, Mei@Family.Test"))
    assert [person.email for person in Participant.objects.all()] == ["mei@family.test"]


@pytest.mark.parametrize("address", ["thief@evil.test", f"{'y' * 130}@evil.test"])
def test_a_long_name_hides_nobodys_address(agent: User, address: str) -> None:
    """What the agents' page goes by to say that somebody else than the customer wrote."""
    ticket = arrive(mail()).ticket
    assert ticket is not None
    to = reply_address(ticket)
    row = arrive(mail(sender=f"{'王小明 ' * 50} <{address}>", to=to), to=[to])
    assert row.ticket == ticket
    said = mail_line(Message.objects.filter(ticket=ticket).latest("pk"))
    assert said is not None
    assert said.is_by_another
