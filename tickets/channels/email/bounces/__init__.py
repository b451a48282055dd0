"""Delivery reports: which of our mails they are about, and what became of it for whom.

Anybody can write a report. What is read here is what it claims; that it is about a mail of ours, only our own
Message-ID shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from helpdesk.lib.mail_heads import head_fields
from helpdesk.lib.mail_syntax import mailboxes
from tickets.channels.email.bounces.originals import RETURNED, message_ids, returned_to
from tickets.channels.email.bounces.parts import MAX_BYTES, Part, parts_of
from tickets.channels.email.bounces.prose import entries_in, entry_for, general_reason, speaks_of_failure
from tickets.channels.email.bounces.report import Action, Bounce, FailedRecipient
from tickets.channels.email.bounces.status import address_of, complaints_of, recipients_of, with_reasons
from tickets.channels.email.bounces.wording import is_hard
from tickets.channels.email.reading.words import decode_words
from tickets.choices import Noise
from tickets.rules.mail_noise import noisiness

__all__ = ["Action", "Bounce", "FailedRecipient", "is_hard", "read_bounce"]

_STATUS, _FEEDBACK = ("message/delivery-status", "message/global-delivery-status"), "message/feedback-report"
_MAX_SUBJECT, _MAX_LISTED = 1_000, 20_000


def read_bounce(raw: bytes) -> Bounce | None:
    """None for what is no report about the fate of a mail. Never raises, whatever the bytes."""
    headers = head_fields(raw[:MAX_BYTES])
    if not _is_report(headers):
        return None
    parts = parts_of(raw)
    return Bounce(tuple(_recipients(headers, parts)), message_ids(headers, parts))


def _is_report(headers: Sequence[tuple[str, str]]) -> bool:
    senders = [box for name, value in headers if name.lower() == "from" for box in mailboxes(value)]
    subject = next((value for name, value in headers if name.lower() == "subject"), "")
    return any(
        noisiness(
            headers,
            envelope_sender=None,
            subject=possible,
            from_address=senders[0].address if senders else "",
            own_addresses=(),
        ).kind
        == Noise.REPORT
        for possible in _subjects(subject[:_MAX_SUBJECT])
    )


def _subjects(written: str) -> list[str]:
    """Decoded; and once more as Chinese servers write it, in bare bytes."""
    found = [decode_words(written)]
    with suppress(UnicodeError):
        if not written.isascii():
            found.append(written.encode("latin-1").decode("gb18030"))
    return found


def _recipients(headers: Sequence[tuple[str, str]], parts: Sequence[Part]) -> list[FailedRecipient]:
    """What is written for programs goes before what is written for people."""
    feedback = next((part for part in parts if part.kind == _FEEDBACK), None)
    if feedback is not None:
        return complaints_of(feedback.body, returned_to(parts))
    text = _for_people(parts)
    ours = {
        box.address.lower() for name, value in headers if name.lower() == "to" for box in mailboxes(value)
    }
    told = [one for one in entries_in(text) if one.address not in ours]
    if status := [one for part in parts if part.kind in _STATUS for one in recipients_of(part.body)]:
        return with_reasons(status, told, general_reason(text))
    if told:
        return told
    listed = [value for name, value in headers if name.lower() == "x-failed-recipients"]
    failed = [
        address for value in listed for address in map(address_of, value[:_MAX_LISTED].split(",")) if address
    ]
    if not failed and speaks_of_failure(text):
        # "It" could not be delivered: then it is clear to whom, if it was written to one.
        failed = returned_to(parts) if len(returned_to(parts)) == 1 else []
    return [entry_for(address, text) for address in dict.fromkeys(failed)]


def _for_people(parts: Sequence[Part]) -> str:
    """The text before the mail that came back. Some call it a delivery status, which it is not."""
    said: list[str] = []
    for part in parts:
        if part.kind in RETURNED:
            break
        if part.kind in ("text/plain", "text/html") or (
            part.kind in _STATUS and not recipients_of(part.body)
        ):
            said.append(part.text)
    return "\n".join(said)
