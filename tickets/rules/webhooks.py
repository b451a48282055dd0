"""What a webhook call says, how it is signed (as standardwebhooks.com describes it), and what the answer means."""

from __future__ import annotations

import base64
import hashlib
import hmac
from enum import Enum
from typing import TYPE_CHECKING, Any

from django.conf import settings

if TYPE_CHECKING:
    from tickets.models import Event

#: What a signing key looks like to people and to the libraries that verify.
KEY_PREFIX = "whsec_"
#: "Try again" among the refusals: too slow, in conflict with another, too early, too often.
_NOT_NOW = frozenset({408, 425, 429})
_SEEN_ALREADY = 409


def payload_of(event: Event) -> dict[str, Any]:
    """What an escalation tells another system: the least that it needs to act. Nothing about the customer and nothing
    that anybody wrote; whoever may see more follows the link.
    """
    ticket, data = event.ticket, event.data
    return {
        "type": "ticket.escalated",
        "timestamp": event.at.isoformat(),
        "data": {
            "ticket": ticket.number,
            "brand": ticket.brand.slug,
            "clock": data.get("timer"),
            "due_at": data.get("due_at"),
            "step": {"at_percent": data.get("at_percent"), "after_minutes": data.get("after_minutes", 0)},
            "url": f"{settings.PUBLIC_URL}/admin/tickets/{ticket.number}/",
        },
    }


def emergency_payload(event: Event, *, ring: int) -> dict[str, Any]:
    """What an alarm tells another system (a pager, say): again, nothing about who it is or what they wrote."""
    ticket = event.ticket
    return {
        "type": "ticket.emergency",
        "timestamp": event.at.isoformat(),
        "data": {
            "ticket": ticket.number,
            "brand": ticket.brand.slug,
            "ring": ring,
            "opened_at": ticket.created_at.isoformat(),
            "url": f"{settings.PUBLIC_URL}/admin/emergencies/",
        },
    }


class Verdict(Enum):
    TAKEN = "taken"
    LATER = "later"
    REFUSED = "refused"


def verdict(status: int) -> Verdict:
    """What an answer means. 409 says "I have this one already", which is all that a repeated call wants.

    A redirect is a refusal: where the call would go next, nobody has checked.
    """
    if 200 <= status < 300 or status == _SEEN_ALREADY:
        return Verdict.TAKEN
    return Verdict.REFUSED if 300 <= status < 500 and status not in _NOT_NOW else Verdict.LATER


def written_key(key: bytes) -> str:
    """The key as it is shown and pasted."""
    return KEY_PREFIX + base64.b64encode(key).decode()


def signed_headers(key: bytes, *, cause: str, at: int, body: bytes) -> dict[str, str]:
    """The headers by which the receiver knows that it is us, when we said it, and whether it heard it before.

    ``at`` is in seconds since 1970; ``cause`` stays the same however often the call is repeated.
    """
    signed = f"{cause}.{at}.".encode() + body
    signature = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return {"webhook-id": cause, "webhook-timestamp": str(at), "webhook-signature": f"v1,{signature}"}
