"""Who hears of an event by mail. The words are in ``tickets/delivery``; this says only whether and whom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tickets.choices import ActorKind, Channel, EventKind, MailPurpose, Status

#: What those in copy of a case get too.
COPIED = frozenset({MailPurpose.REPLY, MailPurpose.SOLVED})


def customer_hears(
    kind: EventKind, *, actor: ActorKind, channel: Channel | str, data: Mapping[str, Any]
) -> MailPurpose | None:
    """The mail that an event sends to the customer, or None.

    A reply that also solves sends one mail, not two: the reply stays silent and the solving carries its text.
    """
    if kind == EventKind.OPENED:
        return None if channel == Channel.IMPORT or data.get("no_receipt") else MailPurpose.RECEIPT
    if kind == EventKind.REPLIED and actor == ActorKind.STAFF:
        return None if data.get("then") == Status.SOLVED else MailPurpose.REPLY
    if kind == EventKind.STATUS_CHANGED and data.get("to") == Status.SOLVED and actor != ActorKind.CUSTOMER:
        return MailPurpose.SOLVED
    if kind == EventKind.SECRET_REMOVED:
        return MailPurpose.SECRET if data.get("tells") else None
    if kind == EventKind.EMERGENCY_OPENED:
        return MailPurpose.EMERGENCY
    # What was done to their account they hear whoever asked for it: so they notice a robbery while it can be stopped.
    if kind == EventKind.ACT_DONE:
        return MailPurpose.ACT
    return MailPurpose.LINK if kind == EventKind.LINK_SENT else None
