"""The address that answers to a case go to: only who got a mail of ours knows it, and nobody can make one up."""

from __future__ import annotations

import base64
import binascii

from helpdesk.lib.signing import seal, unseal
from tickets.models import Mailbox, Ticket
from tickets.queries.mailboxes import receiving_mailbox
from tickets.rules.mail_addresses import tagged

_PURPOSE = "mail.reply"
#: Answers to a conversation that was passed on to somebody outside: they are for us, not for the customer.
_FORWARD = "mail.forward"


def tag_of(ticket: Ticket, *, purpose: str = _PURPOSE) -> str:
    """39 characters that survive servers which write local parts in small letters."""
    return (
        base64.b32encode(base64.urlsafe_b64decode(seal(ticket.pk, purpose=purpose)))
        .decode()
        .rstrip("=")
        .lower()
    )


def ticket_id_of(tag: str) -> int | None:
    """The ticket's id behind a tag, or None when the tag is not ours."""
    found = _opened(tag, _PURPOSE)
    return found if found is not None else _opened(tag, _FORWARD)


def is_forward_tag(tag: str) -> bool:
    return _opened(tag, _FORWARD) is not None


def _opened(tag: str, purpose: str) -> int | None:
    try:
        raw = base64.b32decode(tag.upper() + "=" * (-len(tag) % 8))
    except (binascii.Error, ValueError):
        return None
    return unseal(base64.urlsafe_b64encode(raw).decode(), purpose=purpose)


def reply_address(ticket: Ticket, mailbox: Mailbox | None = None) -> str:
    """Where to answer about this case; the brand's plain address where its mailbox takes no tags or there is none."""
    return _address(ticket, tag_of(ticket), mailbox)


def forward_address(ticket: Ticket) -> str:
    """The same for those whom the case was passed on to."""
    return _address(ticket, tag_of(ticket, purpose=_FORWARD), None)


def _address(ticket: Ticket, tag: str, mailbox: Mailbox | None) -> str:
    mailbox = mailbox or receiving_mailbox(ticket.brand)
    if mailbox is None:
        return ticket.brand.email
    return (tagged(mailbox.address, tag) if mailbox.takes_tags else None) or mailbox.address
