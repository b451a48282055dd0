"""What a mail said in full, kept beside the message that was made of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from helpdesk.lib.inserting import insert
from tickets.actions.attachments import Withheld
from tickets.actions.intake import admit_full_text
from tickets.channels.email.knowing import Known
from tickets.channels.email.reading import Address
from tickets.models import MailCopy, Message
from tickets.rules.intake import clean_line

MAX_FULL_TEXT = 500_000
MAX_HTML = 1_000_000


def keep_copy(
    known: Known,
    message: Message,
    withheld: Sequence[Withheld],
    *,
    by_stranger: bool,
    claims_ticket_id: int | None = None,
) -> None:
    read = known.read
    insert(
        MailCopy(
            message=message,
            incoming=known.mail,
            internet_message_id=read.message_id[:400],
            from_name=clean_line(known.from_.name)[:200],
            from_address=known.sender,
            to=_people(read.to),
            cc=_people(read.cc),
            subject=clean_line(read.subject)[:300],
            sent_at=read.sent_at,
            text=admit_full_text(read.text, limit=MAX_FULL_TEXT),
            html=admit_full_text(read.html, limit=MAX_HTML) if len(read.html) <= MAX_HTML else "",
            has_remote_images=read.has_remote_images,
            withheld=[asdict(one) for one in withheld],
            is_cut=known.mail.is_cut,
            proof=known.proof,
            proof_reason=known.verdict.reason[:200],
            by_stranger=by_stranger,
            claims_ticket_id=claims_ticket_id,
        )
    )


def _people(people: Sequence[Address]) -> list[dict[str, str]]:
    return [
        {"name": clean_line(one.name)[:200], "address": clean_line(one.address)[:320]} for one in people[:100]
    ]
