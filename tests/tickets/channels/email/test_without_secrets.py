"""Of a mail that holds a secret only what may be stored goes on, and it is told by which way it came."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import AuditEntry, Brand, Customer
from tests.mails import arrive, mail, mailbox_of
from tests.pictures import PNG
from tests.tickets.rules.secrets.said import WIF
from tickets.channels.email.reading import read
from tickets.channels.email.without_secrets import without_secrets
from tickets.choices import EventKind, MailOutcome, MailPurpose
from tickets.models import (
    Attachment,
    Event,
    IncomingMail,
    MailCopy,
    Message,
    OutboxMail,
    Participant,
    Ticket,
)
from tickets.rules.secrets import Kind

PHRASE = "legal winner thank year wave sausage worth useful legal winner thank yellow"
CARD = "4111 1111 1111 1111"


@pytest.mark.parametrize(
    "where",
    [
        {"subject": f"seed {PHRASE}"},
        {"text": f"您好\n\n{PHRASE}\n\n谢谢"},
        {"text": f"您好\n\n> {PHRASE.replace(' wave', chr(10) + '> wave')}"},
        {"html": f"<p>{PHRASE}</p>"},
        {"html": f"<table><tr><td>{PHRASE.replace(' ', '</td><td>')}</td></tr></table>"},
        {"html": f'<p>hello <img alt="{PHRASE}" src="cid:x"></p>'},
        {"sender": f'"{PHRASE}" <wang@example.com>'},
        {"cc": f'"{PHRASE}" <li@example.com>'},
    ],
    ids=["subject", "text", "quotation", "html", "table", "attribute", "sender", "copy"],
)
def test_it_works(where: dict[str, Any]) -> None:
    kept, removed = without_secrets(read(mail(**where)))
    assert removed == (Kind.MNEMONIC,)
    people = [kept.senders, kept.reply_to, kept.to, kept.cc]
    assert "sausage" not in repr([kept.subject, kept.text, kept.html, people])
    assert kept.html == ""


@pytest.mark.django_db
@pytest.mark.parametrize("where", ["sender", "cc"])
def test_an_address_that_is_a_key_is_kept_nowhere(brand: Brand, where: str) -> None:
    mailbox_of(brand)
    typed: dict[str, Any] = {where: f"Wang <{WIF}@example.com>", "message_id": "<one@example.com>"}
    taken = arrive(mail(**typed))
    assert taken.outcome or taken.aside_reason
    tables: list[Any] = [Customer, Participant, Event, Ticket, MailCopy, IncomingMail, Message, AuditEntry]
    stored = repr([row for table in tables for row in table.objects.values()]).lower()
    assert WIF.lower() not in stored
    assert kinds_told() <= {"private_key"}


def kinds_told() -> set[str]:
    rows = Event.objects.filter(kind=EventKind.SECRET_REMOVED)
    return {kind for row in rows for kind in row.data["kinds"]}


def test_a_mail_without_any_is_the_same() -> None:
    seen = read(mail(html="<p>order 20260331123456 <b>failed</b></p>"))
    assert without_secrets(seen) == (seen, ())


@pytest.mark.django_db
def test_it_is_filed_and_its_sender_told(brand: Brand) -> None:
    mailbox_of(brand)
    taken = arrive(
        mail(
            sender=f'"Wang {CARD}" <wang@example.com>',
            text=f"my words: {PHRASE}",
            html=f"<p>my words: {PHRASE}</p>",
            files=[(f"{CARD}.png", PNG, "image/png")],
        )
    )
    assert taken.outcome == MailOutcome.OPENED
    [copy] = MailCopy.objects.all()
    stored = repr([vars(copy), vars(taken), vars(Message.objects.get()), vars(Attachment.objects.get())])
    assert "sausage" not in stored
    assert CARD not in stored
    assert taken.ticket is not None
    assert CARD not in taken.ticket.customer.name
    text, file = Event.objects.filter(kind=EventKind.SECRET_REMOVED).order_by("pk")
    assert set(text.data["kinds"]) >= {"recovery_phrase", "card"}
    assert (text.data["tells"], file.data["tells"], file.data["how"]) == (True, False, "renamed")
    assert OutboxMail.objects.filter(purpose=MailPurpose.SECRET, to="wang@example.com").count() == 1
