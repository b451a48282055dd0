"""What a delivery report says, once it is read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

#: A reason is for people: one line.
MAX_REASON = 300


class Action(StrEnum):
    """As RFC 3464 names them; and ``complained``, when a provider passes on that somebody called our mail spam."""

    FAILED = "failed"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    RELAYED = "relayed"
    EXPANDED = "expanded"
    COMPLAINED = "complained"


@dataclass(frozen=True)
class FailedRecipient:
    """What became of the mail to one address."""

    #: As we wrote to it, in small letters.
    address: str
    action: Action
    #: The server will say the same next time. A mailbox that was full for five days has failed, but not for good.
    is_permanent: bool
    #: ``"5.1.1"`` (RFC 3463); empty when none was said.
    status: str
    #: What the server said, on one line.
    reason: str


@dataclass(frozen=True)
class Bounce:
    """``original_message_ids`` with their angle brackets, as the report names them; the first is the likeliest."""

    recipients: tuple[FailedRecipient, ...]
    original_message_ids: tuple[str, ...]
