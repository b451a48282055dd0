"""HTML as plain text: paragraphs, lists, tables by rows, quotations with ``>``, links with where they lead."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from tickets.channels.email.reading.html.clean import MAX_ADDRESS, is_counter
from tickets.channels.email.reading.html.markup import Event, unescape
from tickets.channels.email.reading.html.tags import CELLS, LINES, PARAGRAPHS

#: Quotations and lists further in are not moved further in.
MAX_INDENT = 10
#: Invisible fillers by which senders keep the preview of a mail clean.
_FILLERS = re.compile("(?:[\u034f\u00ad\u200b-\u200f\u2007\ufeff][ \\s\xa0]*){3,}")
_TRAILING = re.compile("[ \t]+\n")
_GAPS = re.compile("\n{3,}")


@dataclass
class _Block:
    """A stretch that is written by itself before it is put in its place: a cell, a quotation, the whole."""

    parts: list[str] = field(default_factory=list)
    #: Whether the line has begun, and what it ends with.
    at_line_start: bool = True
    after_blank: bool = False
    cells: list[str] = field(default_factory=list)

    def word(self, text: str) -> None:
        if not text:
            return
        self.parts.append(text)
        self.at_line_start = text.endswith("\n")
        self.after_blank = text.endswith((" ", "\n"))

    def flowing(self, text: str) -> None:
        """White space of any kind and number is one blank, and none at the edge of a line."""
        words = text.split()
        if not words:
            if text and not self.at_line_start and not self.after_blank:
                self.word(" ")
            return
        lead = " " if text[0].isspace() and not self.at_line_start and not self.after_blank else ""
        self.word(lead + " ".join(words) + (" " if text[-1].isspace() else ""))

    def line(self) -> None:
        if not self.at_line_start:
            self.word("\n")

    def gap(self) -> None:
        self.line()
        if self.parts:
            self.parts.append("\n")

    def text(self) -> str:
        return "".join(self.parts)


def plain_text(events: Iterable[Event]) -> str:
    writer = _Writer()
    for event in events:
        writer.take(event)
    return tidy(writer.whole())


def tidy(text: str) -> str:
    return _GAPS.sub("\n\n", _TRAILING.sub("\n", text.replace("\xa0", " "))).strip("\n ")


class _Writer:
    def __init__(self) -> None:
        self.blocks = [_Block()]
        self.lists: list[int | None] = []
        self.links: list[tuple[str, _Block, int]] = []
        self.pre = self.quotes = 0

    @property
    def block(self) -> _Block:
        return self.blocks[-1]

    def take(self, event: Event) -> None:
        if event.kind == "text":
            text = _FILLERS.sub(" ", unescape(event.value))
            if self.pre:
                self.block.word(text)
            else:
                self.block.flowing(text)
        elif event.kind == "open":
            self._open(event.value, event.attributes)
        else:
            self._close(event.value)

    def whole(self) -> str:
        while len(self.blocks) > 1:
            ended = self.blocks.pop()
            self.block.word(ended.text())
        return self.block.text()

    def _open(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "br":
            self.block.word("\n")
        elif tag == "hr":
            self.block.line()
            self.block.word("---\n")
        elif tag == "img":
            self._image(attributes)
        elif tag == "a":
            self.links.append((attributes.get("href", "").strip(), self.block, len(self.block.parts)))
        elif tag in CELLS:
            self.blocks.append(_Block())
        elif tag in PARAGRAPHS or tag in LINES:
            self._begin(tag, attributes)

    def _begin(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in PARAGRAPHS and not (tag in ("ul", "ol") and self.lists):
            self.block.gap()
        else:
            self.block.line()
        if tag in ("ul", "ol"):
            self.lists.append(_first_number(attributes) if tag == "ol" else None)
        elif tag == "li":
            self._item()
        elif tag == "pre":
            self.pre += 1
        elif tag == "blockquote":
            self.quotes += 1
            if self.quotes <= MAX_INDENT:
                self.blocks.append(_Block())

    def _item(self) -> None:
        number = self.lists[-1] if self.lists else None
        indent = "  " * min(max(len(self.lists) - 1, 0), MAX_INDENT)
        if number is not None:
            self.lists[-1] = number + 1
        self.block.word(f"{indent}{f'{number}.' if number is not None else '-'} ")

    def _image(self, attributes: dict[str, str]) -> None:
        alternative = " ".join(attributes.get("alt", "").split())
        if alternative and not is_counter(attributes):
            self.block.word(f"[{alternative[:200]}]")

    def _close(self, tag: str) -> None:
        if tag == "a":
            self._link()
        elif tag in CELLS:
            self._cell()
        elif tag == "tr":
            self._row()
        elif tag == "blockquote":
            self._quotation()
        elif tag in PARAGRAPHS:
            if tag == "pre":
                self.pre = max(0, self.pre - 1)
            if tag in ("ul", "ol") and self.lists:
                self.lists.pop()
            if self.lists:
                self.block.line()
            else:
                self.block.gap()
        elif tag in LINES:
            self.block.line()

    def _link(self) -> None:
        if not self.links:
            return
        address, block, since = self.links.pop()
        said = "".join(block.parts[since:]).strip()
        is_followed = address[:7].lower() in ("http://", "https:/", "mailto:") and len(address) <= MAX_ADDRESS
        if block is not self.block or not said or not is_followed or _bare(address) == _bare(said):
            return
        blank = "" if self.block.at_line_start else " " if not self.block.after_blank else ""
        self.block.word(f"{blank}({address})")

    def _cell(self) -> None:
        if len(self.blocks) > 1:
            said = self.blocks.pop().text().strip()
            if said:
                self.block.cells.append(said)

    def _row(self) -> None:
        cells, self.block.cells = self.block.cells, []
        self.block.line()
        if cells:
            separator = "\n" if any("\n" in cell for cell in cells) else " | "
            self.block.word(separator.join(cells) + "\n")

    def _quotation(self) -> None:
        if 0 < self.quotes <= MAX_INDENT and len(self.blocks) > 1:
            said = tidy(self.blocks.pop().text())
            self.block.gap()
            self.block.word(
                "\n".join(f"> {line}" if line else ">" for line in said.split("\n")) + "\n" if said else ""
            )
            self.block.gap()
        self.quotes = max(0, self.quotes - 1)


def _bare(address: str) -> str:
    return re.sub(r"^(?:https?://|mailto:)(?:www\.)?|/$", "", address.strip().lower()).removeprefix("www.")


def _first_number(attributes: dict[str, str]) -> int:
    start = attributes.get("start", "1")
    return int(start) if re.fullmatch("[0-9]{1,6}", start) else 1
