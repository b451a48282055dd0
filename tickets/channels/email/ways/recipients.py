"""For whom a mail is that came without an envelope."""

from __future__ import annotations

from tickets.queries.mailboxes import addressed
from tickets.rules.header_recipients import header_recipients


def recipients_of(raw: bytes) -> list[str]:
    """Those of our addresses that its headers name: where it was delivered, or else to whom it was written."""
    for group in header_recipients(raw):
        ours = [address for address in group if addressed([address])] if addressed(group) else []
        if ours:
            return ours
    return []
