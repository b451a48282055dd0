"""A folder that was entered: what is in it, by UID. Reading marks nothing; marking expunges nothing of others'."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from imap_tools import BaseMailBox, MailboxFolderCreateError
from imap_tools.utils import encode_folder

from tickets.channels.email.ways.imap.connection import Trouble
from tickets.rules import fetch_troubles as words

_UID = re.compile(rb"\bUID (\d+)")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


class Withheld(Exception):
    """The server is there and does not give this message out; ``str()`` is what it said."""


class Folder:
    def __init__(self, box: BaseMailBox) -> None:
        self.client: Any = box.client
        self._box = box
        validity = self._told_on_entering("UIDVALIDITY")
        if validity is None:
            raise Trouble(words.STRANGE, "no UIDVALIDITY")
        self.validity = validity
        self.is_read_only = bool(self.client.is_readonly)

    def last_uid(self) -> int:
        """The highest UID that was ever given out, as far as the server tells."""
        following = self._told_on_entering("UIDNEXT")
        return following - 1 if following else max(self._search("ALL"), default=0)

    def uids_after(self, uid: int) -> list[int]:
        # "9:*" means the last message too, whatever its UID.
        return sorted(found for found in self._search(f"UID {uid + 1}:*") if found > uid)

    def uids_since(self, day: date) -> list[int]:
        return sorted(self._search(f"SINCE {day.day}-{_MONTHS[day.month - 1]}-{day.year}"))

    def sizes(self, uids: Iterable[int]) -> Mapping[int, int]:
        """In bytes; of what has been removed meanwhile none."""
        status, rows = self.client.uid("FETCH", ",".join(map(str, uids)), "(UID RFC822.SIZE)")
        if status != "OK":
            raise Trouble(words.STRANGE, _text(rows))
        found = {}
        for row in rows:
            head = row[0] if isinstance(row, tuple) else row
            uid, size = _UID.search(head or b""), _SIZE.search(head or b"")
            if uid and size:
                found[int(uid[1])] = int(size[1])
        return found

    def fetch(self, uid: int, *, first: int | None = None) -> bytes:
        """A message, or its ``first`` bytes. Raises Withheld."""
        part = f"<0.{first}>" if first is not None else ""
        status, rows = self.client.uid("FETCH", str(uid), f"(UID BODY.PEEK[]{part})")
        if status != "OK":
            raise Withheld(_text(rows))
        for row in rows:
            # Between them the server may tell news of other messages.
            if isinstance(row, tuple) and b"BODY[]" in row[0].upper() and _is_of(uid, row[0]):
                return bytes(row[1])
        raise Withheld("it says OK and gives nothing")

    def mark_read(self, uid: int) -> None:
        if not self.is_read_only:
            self.client.uid("STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)")

    def move(self, uid: int, target: str) -> None:
        """Raises Withheld where it stays in place."""
        name = encode_folder(target)
        status, said = self._move(str(uid), name)
        if status != "OK":
            with suppress(MailboxFolderCreateError):
                self._box.folder.create(target)
            status, said = self._move(str(uid), name)
        if status != "OK":
            raise Withheld(_text(said))

    def _move(self, uid: str, name: bytes) -> tuple[str, list[Any]]:
        if self.is_read_only:
            return "NO", [b"the folder may only be read"]
        if "MOVE" in self.client.capabilities:
            moved: tuple[str, list[Any]] = self.client.uid("MOVE", uid, name)
            return moved
        copied: tuple[str, list[Any]] = self.client.uid("COPY", uid, name)
        if copied[0] == "OK":
            self.client.uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen \Deleted)")
            if "UIDPLUS" in self.client.capabilities:  # a plain EXPUNGE would remove what others have marked
                self.client.uid("EXPUNGE", uid)
        return copied

    def _search(self, what: str) -> list[int]:
        return [int(uid) for uid in self._box.uids(what, charset=None)]

    def _told_on_entering(self, what: str) -> int | None:
        values = self.client.untagged_responses.get(what)
        return int(values[-1]) if values and values[-1] else None


def _is_of(uid: int, head: bytes) -> bool:
    named = _UID.search(head)
    return named is None or int(named[1]) == uid


def _text(rows: Any) -> str:
    first = rows[0] if rows else b""
    return first.decode("utf-8", "replace") if isinstance(first, bytes) else str(first or "")
