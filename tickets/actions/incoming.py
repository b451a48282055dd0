"""Incoming mail: first kept, raw and encrypted; then read, one at a time; nothing is ever dropped.

What a mail says is read and acted upon in ``tickets.channels.email``. Here is what becomes of the row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.rules.capabilities import Capability
from helpdesk.lib import clock
from helpdesk.lib.errors import DomainError
from helpdesk.lib.keyed_hash import keyed_hash
from helpdesk.lib.wakeup import wake
from tickets.actions.leases import lease_end
from tickets.actors import Actor
from tickets.choices import AsideReason, IncomingState, MailOutcome, MailWay
from tickets.models import IncomingMail, Mailbox
from tickets.queries.mailboxes import addressed
from tickets.queries.privacy import held_tickets
from tickets.rules.intake import clean_line

READ_TASK = "tickets.read_mail"
#: A mail that ended the process of its reader so often is not tried again by itself.
MAX_ATTEMPTS = 3
AGAIN_AFTER = timedelta(seconds=30)
_CHUNK = 500


class UnknownRecipient(DomainError):
    """None of the addresses is a mailbox of ours."""

    code = "unknown_recipient"
    status = 404
    message = _("No mailbox of this desk has that address.")


@dataclass(frozen=True)
class Arrival:
    """A mail at the door. ``recipients`` are addresses as the envelope, or else the headers, name them."""

    raw: bytes
    way: MailWay
    recipients: Sequence[str] = ()
    #: "" is the null sender of reports, None: this way in knows no envelope.
    envelope_sender: str | None = None
    peer: str | None = None
    helo: str = ""
    #: Its whole size where only the beginning was taken.
    whole_size: int | None = None


def keep(arrival: Arrival, *, mailbox: Mailbox | None = None) -> list[IncomingMail]:
    """Write the mail down, encrypted, once for each brand it is for; committed when this returns.

    The same bytes again give the row that is there. Of what is larger than MAIL_MAX_MB the beginning is kept. Raises
    UnknownRecipient when it is for none of our mailboxes.
    """
    boxes = [mailbox] if mailbox is not None else [one.mailbox for one in addressed(arrival.recipients)]
    if not boxes:
        raise UnknownRecipient
    by_brand = {box.brand_id: box for box in reversed(boxes)}
    with transaction.atomic():
        kept = [_keep_one(arrival, box) for box in reversed(by_brand.values())]
        wake(READ_TASK)
    return kept


def bytes_hash(raw: bytes) -> str:
    """What tells a mail that is offered twice. Keyed, as it is kept when what it was made from is not."""
    return keyed_hash(raw, purpose="incoming.bytes")


def _keep_one(arrival: Arrival, box: Mailbox) -> IncomingMail:
    raw = arrival.raw[: settings.MAIL_MAX_BYTES]
    size = max(arrival.whole_size or 0, len(arrival.raw))
    sender = arrival.envelope_sender
    mail = IncomingMail(
        brand_id=box.brand_id,
        mailbox=box,
        way=arrival.way,
        sha256=bytes_hash(arrival.raw),
        size=size,
        is_cut=size > len(raw),
        envelope_sender=clean_line(sender)[:320] if sender is not None else None,
        recipients=[clean_line(address)[:320] for address in arrival.recipients[:100]],
        peer=arrival.peer,
        helo=clean_line(arrival.helo)[:255],
        received_at=clock.now(),
    )
    mail.raw = raw
    IncomingMail.objects.bulk_create([mail], ignore_conflicts=True)
    return IncomingMail.objects.get(brand_id=box.brand_id, sha256=mail.sha256)


# In one statement, its bytes with it: this is asked before every mail. What others hold is passed over.
_CLAIM = """
UPDATE tickets_incomingmail SET attempts = attempts + 1, available_at = %s WHERE id = (
    SELECT id FROM tickets_incomingmail WHERE state = 'stored' AND available_at <= %s
    ORDER BY available_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
) RETURNING *
"""


def claim_one() -> IncomingMail | None:
    """The next mail to read, on a lease; None when none is due.

    A mail whose readers died under it again and again is put into quarantine on the way.
    """
    for _turn in range(_CHUNK):
        mail = next(iter(IncomingMail.objects.raw(_CLAIM, [lease_end(), clock.now()])), None)
        if mail is None:
            break
        if mail.attempts <= MAX_ATTEMPTS:
            return mail
        quarantine(mail, why=f"Its reader died under it {MAX_ATTEMPTS} times.")
    return None


def settle(mail: IncomingMail, outcome: MailOutcome, *, ticket_id: int | None = None, **read: Any) -> None:
    """It was taken in; called in the transaction that did so."""
    _put_away(mail, IncomingState.DONE, outcome=outcome, ticket_id=ticket_id, **read)


def set_aside(mail: IncomingMail, reason: AsideReason, **read: Any) -> None:
    """It is not a ticket, unless somebody rescues it from the box."""
    _put_away(mail, IncomingState.SET_ASIDE, aside_reason=reason, **read)


def quarantine(mail: IncomingMail, *, why: str, **read: Any) -> None:
    """It could not be read; the operator sees why, and may try again after a fix.

    Nothing happens when another reader, after this one's claim ran out, has taken it in.
    """
    changes = {
        "state": IncomingState.QUARANTINED,
        "settled_at": clock.now(),
        "detail": why[:500],
        **read,
    }
    if IncomingMail.objects.filter(pk=mail.pk, state=IncomingState.STORED).update(**changes):
        for name, value in changes.items():
            setattr(mail, name, value)


def try_later(mail: IncomingMail, *, counts: bool = False, pause: timedelta = AGAIN_AFTER) -> None:
    """The database, the disk or the network was away: unless told, this attempt does not count against the mail."""
    attempts = mail.attempts if counts else max(mail.attempts - 1, 0)
    IncomingMail.objects.filter(pk=mail.pk, state=IncomingState.STORED).update(
        available_at=clock.now() + pause, attempts=attempts
    )


def _put_away(mail: IncomingMail, state: IncomingState, **news: Any) -> None:
    changes = {"state": state, "settled_at": clock.now(), **news}
    for name, value in changes.items():
        setattr(mail, name, value)
    IncomingMail.objects.filter(pk=mail.pk).update(**changes)


@transaction.atomic
def retry(mail: IncomingMail, *, by: Actor) -> None:
    """Read a mail again that could not be read."""
    by.require(Capability.CONFIGURE_SITE)
    _read_again(mail, IncomingState.QUARANTINED)


@transaction.atomic
def retry_all(*, by: Actor) -> int:
    """Read every mail again that could not be read, after a fix; how many."""
    by.require(Capability.CONFIGURE_SITE)
    return _again(IncomingMail.objects.filter(state=IncomingState.QUARANTINED))


def _read_again(mail: IncomingMail, state: IncomingState) -> None:
    _again(IncomingMail.objects.filter(pk=mail.pk, state=state))


def _again(rows: QuerySet[IncomingMail]) -> int:
    count = rows.filter(raw_sealed__isnull=False).update(
        state=IncomingState.STORED, attempts=0, available_at=clock.now(), settled_at=None, detail=""
    )
    wake(READ_TASK)
    return count


@transaction.atomic
def dismiss(mail: IncomingMail, *, by: Actor) -> None:
    """An unreadable mail is nothing to us: it goes to the box."""
    by.require(Capability.CONFIGURE_SITE)
    rows = IncomingMail.objects.filter(pk=mail.pk, state=IncomingState.QUARANTINED)
    rows.update(state=IncomingState.SET_ASIDE, aside_reason=AsideReason.DISMISSED)


def forget_raw(before: datetime, limit: int = 1000) -> int:
    """Empty the raw bytes of mails that were settled and came before; how many. What was read of them stays, and what a
    legal hold keeps.
    """
    settled = IncomingMail.objects.exclude(state__in=[IncomingState.STORED, IncomingState.QUARANTINED])
    free = settled.exclude(ticket__in=held_tickets().values("pk"))
    old = free.filter(raw_sealed__isnull=False, received_at__lt=before).order_by("received_at")[:limit]
    return IncomingMail.objects.filter(pk__in=list(old.values_list("pk", flat=True))).update(raw_sealed=None)
