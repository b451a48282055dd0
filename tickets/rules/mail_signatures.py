"""How a mail that is posted to us is signed: as our own webhooks are, with the time and for whom it is."""

from __future__ import annotations

import base64
import hashlib
import hmac

#: Seconds by which the clocks may differ, and for which a call that somebody recorded could be repeated.
TOLERANCE = 300
TIMESTAMP = "webhook-timestamp"
SIGNATURE = "webhook-signature"
RECIPIENTS = "mail-recipients"


class Signing:
    """The HMAC-SHA256 of ``timestamp.body``, or, with recipients, of ``timestamp;recipients``, line feed, body.

    A header holds no line feed, and a time neither dot nor semicolon: nothing can be moved from one part to another.
    """

    def __init__(self, secret: str, *, timestamp: str, recipients: bytes | None = None) -> None:
        rest = b"." if recipients is None else b";" + recipients + b"\n"
        self._mac = hmac.new(secret.encode(), timestamp.encode() + rest, hashlib.sha256)

    def add(self, piece: bytes) -> None:
        self._mac.update(piece)

    def written(self) -> str:
        return "v1," + base64.b64encode(self._mac.digest()).decode()

    def is_among(self, signatures: str) -> bool:
        """Whether one of them, with blanks between, is ours; in constant time."""
        ours = self.written().encode()
        return any(hmac.compare_digest(ours, theirs) for theirs in signatures.encode().split()[:10])


def is_timely(timestamp: str, now: float) -> bool:
    """``timestamp``: whole seconds since 1970."""
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 12):
        return False
    return abs(now - int(timestamp)) <= TOLERANCE
