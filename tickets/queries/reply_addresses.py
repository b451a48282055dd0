"""The address that answers to a case go to: only who got a mail of ours knows it, and nobody can make one up."""

from __future__ import annotations

import base64
import binascii

from helpdesk.lib.signing import seal, unseal
from tickets.models import Mailbox, Ticket
from tickets.queries.mailboxes import receiving_mailbox
from tickets.rules.mail_addresses import tagged

_PURPOSE = "mail.reply"


def tag_of(ticket: Ticket) -> str:
    """39 characters that survive servers which write local parts in small letters."""
    return (
        base64.b32encode(base64.urlsafe_b64decode(seal(ticket.pk, purpose=_PURPOSE)))
        .decode()
        .rstrip("=")
        .lower()
    )


def ticket_id_of(tag: str) -> int | None:
    """The ticket's id behind a tag, or None when the tag is not ours."""
    try:
        raw = base64.b32decode(tag.upper() + "=" * (-len(tag) % 8))
    except (binascii.Error, ValueError):
        return None
    return unseal(base64.urlsafe_b64encode(raw).decode(), purpose=_PURPOSE)


def reply_address(ticket: Ticket, mailbox: Mailbox | None = None) -> str:
    """Where to answer about this case; the brand's plain address where its mailbox takes no tags or there is none."""
    mailbox = mailbox or receiving_mailbox(ticket.brand)
    if mailbox is None:
        return ticket.brand.email
    return (tagged(mailbox.address, tag_of(ticket)) if mailbox.takes_tags else None) or mailbox.address
