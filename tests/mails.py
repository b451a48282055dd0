"""Mails as they arrive, for tests: written by Python's own library, with what a trusted relay puts on top."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

from accounts.models import Brand, User
from tickets import actors
from tickets.actions import incoming, messages
from tickets.actions.incoming import Arrival
from tickets.channels.email.taking import take
from tickets.choices import MailWay
from tickets.models import IncomingMail, Mailbox, OutboxMail, Ticket

RELAY = "mx.desk.test"


def mailbox_of(brand: Brand, **values: Any) -> Mailbox:
    found, _new = Mailbox.objects.get_or_create(
        address=brand.email, defaults={"brand": brand, "authserv_id": RELAY, **values}
    )
    return found


def mail(
    *,
    sender: str = "王小明 <wang@example.com>",
    to: str = "help@btp.test",
    subject: str = "提现没有到账",
    text: str = "我昨天提现 500 元，到现在没有到账。",
    cc: str = "",
    proved: bool | str = True,
    headers: dict[str, str] | None = None,
    files: Sequence[tuple[str, bytes, str]] = (),
    html: str = "",
    message_id: str = "",
) -> bytes:
    """``proved``: what the relay says of its sender; a string is the whole result ("dmarc=fail …"), "" for nothing."""
    made = EmailMessage(policy=SMTP)
    domain = sender.rpartition("@")[2].rstrip(">")
    result = f"dmarc=pass header.from={domain}" if proved is True else proved or ""
    if result:
        made["Authentication-Results"] = f"{RELAY}; {result}"
    made["From"], made["To"], made["Subject"] = sender, to, subject
    if cc:
        made["Cc"] = cc
    made["Date"] = "Wed, 25 Nov 2026 10:00:00 +0800"
    made["Message-ID"] = message_id or f"<{uuid.uuid4()}@{domain}>"
    for name, value in (headers or {}).items():
        made[name] = value
    made.set_content(text)
    if html:
        made.add_alternative(html, subtype="html")
    for name, content, kind in files:
        main, _slash, sub = kind.partition("/")
        made.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return made.as_bytes()


def keep(raw: bytes, *, to: Sequence[str] = ("help@btp.test",), **values: Any) -> IncomingMail:
    """Kept, and not read yet."""
    values.setdefault("envelope_sender", "bounce@example.com")
    (kept,) = incoming.keep(Arrival(raw=raw, way=MailWay.SMTP, recipients=list(to), **values))
    return kept


def arrive(raw: bytes, *, to: Sequence[str] = ("help@btp.test",), **values: Any) -> IncomingMail:
    """Kept and taken in; the row as it is afterwards."""
    kept = keep(raw, to=to, **values)
    take(IncomingMail.objects.select_related("brand", "mailbox").get(pk=kept.pk))
    return IncomingMail.objects.select_related("ticket__customer").get(pk=kept.pk)


def answer_of_ours(ticket: Ticket, agent: User) -> OutboxMail:
    message = messages.reply(ticket, body="请问是哪家银行？", by=actors.staff(agent))
    return OutboxMail.objects.get(message=message)
