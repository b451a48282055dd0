"""What waits to be sent, and what was sent before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter

from django.db.models import QuerySet

from accounts.rules.contact import normal_email
from helpdesk.lib import clock
from tickets.choices import MailState
from tickets.models import DeadAddress, MailCopy, OutboxCall, OutboxMail, OutboxText

KEPT_FIRST, KEPT_LAST = 1, 10
MAX_ASKED = 50
#: How the error of a mail begins that was not tried: its address is among those that refuse mail.
DEAD = "dead_address"
# Chosen by others: what is not of this form does not come into a header of ours.
_IS_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,200}@[!-;=?-~]{1,200}>")


def due() -> QuerySet[OutboxMail]:
    """Mails whose time has come, and those that a silent sender has held for too long; oldest first."""
    waiting = OutboxMail.objects.filter(state__in=[MailState.QUEUED, MailState.SENDING])
    return waiting.filter(available_at__lte=clock.now()).order_by("available_at", "id")


def due_calls() -> QuerySet[OutboxCall]:
    """The same for calls of webhooks."""
    waiting = OutboxCall.objects.filter(state__in=[MailState.QUEUED, MailState.SENDING])
    return waiting.filter(available_at__lte=clock.now()).order_by("available_at", "id")


def due_texts() -> QuerySet[OutboxText]:
    """The same for text messages."""
    waiting = OutboxText.objects.filter(state__in=[MailState.QUEUED, MailState.SENDING])
    return waiting.filter(available_at__lte=clock.now()).order_by("available_at", "id")


@dataclass(frozen=True)
class Thread:
    """Message-IDs of what went to and fro between this person and us about the case, oldest first."""

    references: list[str]
    #: The newest mail of theirs, or else of ours.
    answers: str


def thread_of(mail: OutboxMail) -> Thread | None:
    """What the mail hangs on to; None for the first of all.

    The first and the last few: a References line that grows without end is cut by servers at a place of their choice.
    """
    if mail.ticket_id is None:
        return None
    ours = OutboxMail.objects.filter(ticket_id=mail.ticket_id, to=mail.to, pk__lt=mail.pk)
    # What never left is known to nobody.
    left = ours.exclude(state=MailState.FAILED).values_list("created_at", "internet_message_id")
    copies = MailCopy.objects.filter(
        message__ticket=mail.ticket_id, from_address__iexact=mail.to, message__created_at__lte=mail.created_at
    ).exclude(by_stranger=True)
    theirs = [
        (at, name)
        for at, name in copies.order_by("message_id").values_list(
            "message__created_at", "internet_message_id"
        )
        if _IS_MESSAGE_ID.fullmatch(name)
    ]
    ids = list(
        dict.fromkeys(name for _at, name in sorted([*left.order_by("pk"), *theirs], key=itemgetter(0)))
    )
    if not ids:
        return None
    kept = ids if len(ids) <= KEPT_FIRST + KEPT_LAST else [*ids[:KEPT_FIRST], *ids[-KEPT_LAST:]]
    return Thread(kept, theirs[-1][1] if theirs else ids[-1])


def mail_of(message_ids: Sequence[str]) -> OutboxMail | None:
    """The mail of ours that one of these names."""
    wanted = [name for name in message_ids[:MAX_ASKED] if name]
    rows = OutboxMail.objects.filter(internet_message_id__in=wanted)
    return rows.select_related("ticket__brand", "ticket__customer", "message").order_by("pk").first()


def is_for_a_dead_address(mail: OutboxMail) -> bool:
    return mail.last_error.startswith(f"{DEAD}: ")


def why_dead(address: str) -> str | None:
    """What is kept of a mail that may not leave, for its address refuses mail; None: it may leave."""
    found = DeadAddress.objects.filter(email=normal_email(address)).values_list("since", "reason").first()
    return f"{DEAD}: {found[0].isoformat(timespec='seconds')} {found[1]}" if found else None
