"""What other servers report of our mail after ours took it: it came back, it waits, it arrived.

A report is believed only about a mail of ours that left, and only for the one whom that mail went to: whoever makes one
up about somebody else changes nothing.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from accounts.rules.capabilities import Capability
from accounts.rules.contact import normal_email
from helpdesk.lib import clock
from tickets.actions.outbox import DELIVERY, queue_again
from tickets.actors import Actor
from tickets.choices import EventKind, MailPurpose, MailState
from tickets.events import emit
from tickets.models import DeadAddress, OutboxMail
from tickets.queries.outbox import DEAD

#: What was given up for a dead address longer ago is not sent when it lives again: its news are stale.
STILL_NEWS = timedelta(days=2)


@transaction.atomic
def came_back(mail: OutboxMail, *, recipient: str, reason: str, hard: bool, permanent: bool) -> bool:
    """Somebody's server sent the mail back; whether the report counted. Told once.

    ``permanent``: the report says that another try would fare no better; ``hard``: that the address is none. Both
    together, and it is not written to any more.
    """
    held = _left_for(mail, recipient)
    if held is None:
        return False
    if hard and permanent:
        mark_dead(held, reason=reason)
    if held.state == MailState.BOUNCED:
        return True
    held.state, held.bounced_at, held.last_error = MailState.BOUNCED, clock.now(), reason[:500]
    held.sent_at = held.sent_at or held.bounced_at
    if held.purpose == MailPurpose.READY_MADE:
        held.context = {}  # it may carry a link to set a password
    held.save(update_fields=["state", "bounced_at", "last_error", "sent_at", "context"])
    if held.ticket is not None:
        emit(
            held.ticket,
            EventKind.MAIL_BOUNCED,
            by=DELIVERY,
            message=held.message,
            purpose=held.purpose,
            to=held.to,
            error=reason[:200],
        )
    return True


@transaction.atomic
def delayed(mail: OutboxMail, *, recipient: str) -> bool:
    """A server on the way tries still; whether the report counted."""
    return _note(mail, recipient, "delayed_at")


@transaction.atomic
def delivered(mail: OutboxMail, *, recipient: str) -> bool:
    """The mail arrived; whether the report counted."""
    return _note(mail, recipient, "delivered_at")


def _note(mail: OutboxMail, recipient: str, what: str) -> bool:
    held = _left_for(mail, recipient)
    if held is None:
        return False
    if getattr(held, what) is None:
        setattr(held, what, clock.now())
        held.save(update_fields=[what])
    return True


def _left_for(mail: OutboxMail, recipient: str) -> OutboxMail | None:
    """The mail, its row held, if it left for this person; of one whose talk a kill broke off nobody knows better."""
    rows = OutboxMail.objects.select_related("ticket__brand", "ticket__customer", "message")
    held = rows.select_for_update(of=("self",)).filter(pk=mail.pk).first()
    if held is None or normal_email(recipient) != normal_email(held.to):
        return None
    has_left = held.state in (MailState.SENT, MailState.BOUNCED)
    return held if has_left or held.talking_since is not None else None


def mark_dead(mail: OutboxMail, *, reason: str) -> None:
    """The address of the mail is not written to again, until somebody clears it."""
    dead = DeadAddress(email=normal_email(mail.to), reason=reason[:500], since=clock.now(), mail=mail)
    DeadAddress.objects.bulk_create([dead], ignore_conflicts=True)


@transaction.atomic
def clear(address: str, *, by: Actor) -> int:
    """The address may be written to again; how many mails that were held back for it are queued anew."""
    by.require(Capability.WORK_TICKETS)
    email = normal_email(address)
    DeadAddress.objects.filter(email=email).delete()
    rows = OutboxMail.objects.select_for_update().filter(
        to__iexact=email,
        state=MailState.FAILED,
        last_error__startswith=DEAD,
        created_at__gte=clock.now() - STILL_NEWS,
    )
    held_back = list(rows.order_by("pk"))
    for mail in held_back:
        queue_again(mail)
    return len(held_back)
