"""Incoming mails for tests of what people see of them: kept and put away by the verbs."""

from __future__ import annotations

from typing import Any

from accounts.models import Brand
from tickets.actions.incoming import Arrival, keep, quarantine, set_aside
from tickets.choices import AsideReason, MailWay
from tickets.models import IncomingMail, Mailbox

RAW = (
    b"From: =?utf-8?b?5byg5Lyf?= <zhang@shop.test>\r\nTo: help@btp.test\r\nSubject: Big sale\r\n"
    b"List-Id: <sale.shop.test>\r\nX-Folded: one\r\n two\r\n\r\nEverything must go.\r\n%d\r\n"
)
_count = iter(range(1, 10_000_000))


def mailbox_of(brand: Brand) -> Mailbox:
    return Mailbox.objects.get_or_create(brand=brand, address=brand.email)[0]


def stored(brand: Brand, raw: bytes | None = None, **envelope: Any) -> IncomingMail:
    raw = RAW % next(_count) if raw is None else raw
    arrival = Arrival(raw, MailWay.SMTP, recipients=[brand.email], **envelope)
    return keep(arrival, mailbox=mailbox_of(brand))[0]


def aside(
    brand: Brand, reason: AsideReason = AsideReason.LIST, raw: bytes | None = None, **read: Any
) -> IncomingMail:
    mail = stored(brand, raw)
    said = {"sender": "zhang@shop.test", "sender_name": "张伟", "subject": "Big sale", **read}
    set_aside(mail, reason, **said)
    return mail


def unread(
    brand: Brand, why: str = "LookupError: unknown encoding: x", raw: bytes | None = None
) -> IncomingMail:
    mail = stored(brand, raw)
    quarantine(mail, why=why)
    return mail
