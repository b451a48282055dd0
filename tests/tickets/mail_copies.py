"""Messages as a mail leaves them, for tests of what is shown: no mail needs to come in for that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.files.base import ContentFile

from accounts.models import Brand, Customer
from tests.pictures import noise
from tickets import actors
from tickets.actions import messages
from tickets.actions.tickets import NewTicket, open_ticket
from tickets.actors import Actor
from tickets.choices import ActorKind, Channel, Proof
from tickets.models import MailCopy, Message, Ticket

HTML = '<p style="color:#a00">Look:</p><img src="cid:shot@x" alt="shot"><img data-remote-src="https://pictures.test/a.png">'


class MailFile(ContentFile):  # type: ignore[type-arg]  # takes no parameter when it runs
    content_id: str


def inline(content_id: str = "shot@x", *, size: int = 6_000, name: str = "shot.png") -> MailFile:
    """A picture that the HTML of its mail shows."""
    made = MailFile(noise(size), name=name)
    made.content_id = content_id
    return made


def write(
    ticket: Ticket,
    *,
    body: str = "It has still not come.",
    by: Actor | None = None,
    files: Sequence[MailFile] = (),
    **mail: Any,
) -> MailCopy:
    """A message of the customer that came by mail, with ``mail`` as the fields of its copy."""
    message = messages.customer_reply(
        ticket, body=body, by=by or actors.customer(ticket.customer), files=files, channel=Channel.EMAIL
    )
    return copy_of(message, **mail)


def copy_of(message: Message, **mail: Any) -> MailCopy:
    values: dict[str, Any] = {
        "from_name": "王小明",
        "from_address": "wang@example.com",
        "to": [{"name": "", "address": "help@btp.test"}],
        "subject": "Re: 提现",
        "sent_at": message.created_at,
        "text": f"{message.body}\n\nOn Monday you wrote:\n> What is the number?",
        "proof": Proof.PROVED,
        "proof_reason": "dmarc=pass",
    }
    return MailCopy.objects.create(message=message, **(values | mail))


def somebody(name: str, address: str) -> Actor:
    return Actor(ActorKind.CUSTOMER, f"{name} <{address}>")


def unproved(brand: Brand, email: str = "wang@example.com", **mail: Any) -> Ticket:
    """A case whose mail claims to be from ``email``."""
    nobody = Customer.objects.create(name="", language="en")
    ticket = open_ticket(
        NewTicket(
            brand=brand,
            customer=nobody,
            subject="Send it elsewhere",
            body="My account is the other one now.",
            channel=Channel.EMAIL,
            language="en",
            unproved_sender=email,
            no_receipt="unproved",
        ),
        by=Actor(ActorKind.CUSTOMER, email),
    )
    failed = {"from_address": email, "proof": Proof.FAILED, "proof_reason": "dmarc=fail"}
    copy_of(ticket.messages.get(), **(failed | mail))
    return ticket
