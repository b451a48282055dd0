"""What a raw mail says, for people who look into it: its header fields and its text. No HTML, no file, nothing fetched.

Every mail is hostile, and those looked at here may be the ones that no reader could read: only the beginning is looked
at, and what cannot be understood is shown as far as it goes. Secrets are not shown.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header

from helpdesk.lib import faults
from tickets.channels.email.reading import read
from tickets.rules.secrets.guard import guard

logger = logging.getLogger(__name__)
MOST_HEAD = 64 * 1024
MOST_FIELDS = 200
MOST_VALUE = 2_000
MOST_RAW = 1024 * 1024
MOST_TEXT = 20_000
_LONGEST_SECRET = 4_000
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_FIELD = re.compile(r"([!-9;-~]{1,200}):[ \t]*(.*)")
_CHARSETS = ("utf-8", "gb18030")


@dataclass(frozen=True)
class Text:
    """``names`` are those of its files; ``is_cut``: there is more than is shown."""

    body: str
    names: tuple[str, ...] = ()
    is_cut: bool = False


def fields_of(raw: bytes) -> list[tuple[str, str]]:
    """(name, value) of the header fields, in their order, encoded words read where that can be done."""
    head = _HEAD_END.split(raw[:MOST_HEAD], maxsplit=1)[0]
    found: list[tuple[str, str]] = []
    for line in _decoded(head).splitlines():
        match = _FIELD.fullmatch(line)
        if match:
            found.append((match[1], match[2]))
        elif line[:1] in (" ", "\t") and found:
            name, value = found[-1]
            if len(value) <= MOST_VALUE:
                found[-1] = (name, f"{value} {line.strip()}")
        if len(found) > MOST_FIELDS:
            break
    return [(name, guard(_readable(value)).text) for name, value in found[:MOST_FIELDS]]


def text_of(raw: bytes) -> Text:
    """Its text as it would stand in a ticket; the bytes as far as they can be read where no reader gets through."""
    try:
        mail = read(raw[:MOST_RAW])
    except Exception as problem:
        logger.error("A mail in the box could not be read\n%s", faults.steps(problem))
        return Text(guard(_decoded(raw[:MOST_TEXT])).text, (), len(raw) > MOST_TEXT)
    names = tuple(guard(file.name).text for file in mail.files)
    # Some more than is shown: half of a secret looks like none.
    body = guard(mail.text[: MOST_TEXT + _LONGEST_SECRET]).text[:MOST_TEXT].strip()
    return Text(body, names, len(mail.text) > MOST_TEXT or len(raw) > MOST_RAW)


def _decoded(data: bytes, charset: str = "") -> str:
    for name in (charset, *_CHARSETS):
        try:
            return data.decode(name) if name else data.decode("ascii")
        except (UnicodeError, LookupError):
            continue
    return data.decode("utf-8", "replace")


def _readable(value: str) -> str:
    value = value[:MOST_VALUE]
    if "=?" not in value:
        return value
    try:
        return "".join(_piece(data, charset) for data, charset in decode_header(value))
    except (HeaderParseError, ValueError, LookupError):
        return value


def _piece(data: bytes | str, charset: str | None) -> str:
    return data if isinstance(data, str) else _decoded(data, charset or "")
