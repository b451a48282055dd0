"""The parts of a report, as the reader of mails takes them apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tickets.channels.email.reading import mime
from tickets.channels.email.reading.charsets import decode
from tickets.channels.email.reading.html.markup import read_markup
from tickets.channels.email.reading.html.plain import plain_text
from tickets.channels.email.reading.message import with_line_breaks
from tickets.channels.email.reading.transfer import undo

#: A report is at the beginning; behind it may come all of the mail that came back.
MAX_BYTES = 1_000_000
MAX_PARTS = 40


@dataclass(frozen=True)
class Part:
    """``kind`` is like ``"text/plain"``; ``body`` has lost its transfer encoding."""

    kind: str
    charset: str
    body: bytes

    @property
    def text(self) -> str:
        """HTML as the words that it shows."""
        text = decode(self.body, self.charset).text
        return plain_text(read_markup(text).events) if self.kind == "text/html" else text


def parts_of(raw: bytes) -> list[Part]:
    """The leaves from the top; a mail inside the mail is one leaf."""
    raw = with_line_breaks(raw[:MAX_BYTES])
    found: list[Part] = []
    for part in _leaves(mime.parse(raw).root):
        body = undo(raw[part.start : part.end], part.transfer_encoding).content
        found.append(Part(part.type, part.content_type.text("charset"), body))
        if len(found) == MAX_PARTS:
            break
    return found


def _leaves(part: mime.Part) -> Iterator[mime.Part]:
    if part.is_message or not part.children:
        yield part
        return
    for child in part.children:
        yield from _leaves(child)
