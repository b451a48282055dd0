"""Which mail a report is about: the Message-IDs that it hands back, in whatever place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from helpdesk.lib.mail_heads import fields_of, split_head
from helpdesk.lib.mail_syntax import mailboxes
from tickets.channels.email.bounces.parts import Part

MAX_IDS = 20
#: Mails, or only their heads, inside a report.
RETURNED = frozenset(
    {
        "message/rfc822",
        "message/global",
        "text/rfc822-headers",
        "message/rfc822-headers",
        "message/global-headers",
    }
)

_ID = re.compile(r"<[^<>\s]{1,250}>")
_QUOTED = re.compile(
    r"^[ \t>|*]{0,20}(?:[A-Za-z-]{0,30}-)?Message-ID\s{0,5}[:：]\s{0,80}(<[^<>\s]{1,250}>)", re.I | re.M
)


def message_ids(headers: Sequence[tuple[str, str]], parts: Iterable[Part]) -> tuple[str, ...]:
    """Of the mail that came back; then those quoted in a text; then those that the report itself answers."""
    returned: list[str] = []
    quoted: list[str] = []
    for part in parts:
        if part.kind in RETURNED:
            for name, value in fields_of(split_head(part.body)[0]):
                returned += _ID.findall(value) if name.lower() == "message-id" else []
        if part.kind.startswith(("text/", "message/")):
            quoted += _QUOTED.findall(part.text)
    for name, value in headers:
        if name.lower() in ("in-reply-to", "references", "x-original-message-id", "x-failed-message-id"):
            quoted += _ID.findall(value)
    return tuple(dict.fromkeys([*returned, *quoted]))[:MAX_IDS]


def returned_to(parts: Iterable[Part]) -> list[str]:
    """To whom the mail that came back was written."""
    for part in parts:
        if part.kind in RETURNED:
            fields = fields_of(split_head(part.body)[0])
            boxes = [box for name, value in fields if name.lower() == "to" for box in mailboxes(value)]
            return [box.address.lower() for box in boxes if box.address]
    return []
