"""Message-IDs as they are kept and compared: of one that holds a secret a keyed hash, in the form of an id.

Every id that a mail names goes through here once it is read, its own and those that it answers, so that threads hold
together; in the raw copy they are written anew, and reading it again tells the same.
"""

from __future__ import annotations

import re

from helpdesk.lib.keyed_hash import keyed_hash
from helpdesk.lib.mail_heads import head_size
from tickets.channels.email.reading.message import with_line_breaks, without_blanks
from tickets.rules.secrets import Kind
from tickets.rules.secrets.message_ids import kinds_in_id

_HASHED = re.compile(r"<[0-9a-f]{64}@removed\.invalid>")
_FIELD = re.compile(
    rb"^(?:message-id|references|in-reply-to)[ \t]*:[^\n]*(?:\n[ \t][^\n]*)*", re.IGNORECASE | re.MULTILINE
)
_ID = re.compile(rb"<([^<>]{1,900})>|(?<![^\s:,;])([^<>\s,;]{1,450}@[^<>\s,;]{1,450})")


def kept_id(message_id: str) -> str:
    """``message_id`` has its angle brackets, or is empty."""
    if _HASHED.fullmatch(message_id) or not kinds_in_id(message_id):
        return message_id
    return f"<{keyed_hash(message_id, purpose='mail.message_id')}@removed.invalid>"


def with_kept_ids(raw: bytes) -> tuple[bytes, tuple[Kind, ...]]:
    """The mail with such hashes in its head, else byte for byte the same; and the kinds of secrets in its ids."""
    kinds: dict[Kind, None] = {}

    def kept(match: re.Match[bytes]) -> bytes:
        inner = without_blanks((match[1] or match[2]).decode("utf-8", "replace"))
        found = kinds_in_id(f"<{inner}>")
        kinds.update(dict.fromkeys(found))
        return kept_id(f"<{inner}>").encode() if found else match[0]

    lines = with_line_breaks(raw)
    size = head_size(lines)
    head = _FIELD.sub(lambda field: _ID.sub(kept, field[0]), lines[:size])
    return (head + lines[size:], tuple(kinds)) if kinds else (raw, ())
