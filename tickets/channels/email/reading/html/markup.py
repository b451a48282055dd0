"""HTML as a flat list of events, properly nested and not deeper than a hundred.

A parser that follows the standard must rebuild the tree for tags in the wrong order; hostile mails make that take
minutes, or overflow the stack (nh3 0.3.8: 540 kB of ``<div>`` and ``</p>`` 18 s, 300,000 ``<div>`` end the process).
What comes out here holds no such tags, so what reads it afterwards has nothing to rebuild.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

from tickets.channels.email.reading.html.tags import BLOCKS, CELLS, ENDS, RAW, TABLE, UNSEEN, VOID

MAX_DEPTH = 100
MAX_TAGS = 100_000
MAX_TEXT = 4_000_000
_START = re.compile(r"<(?=[a-zA-Z/!?])")
_OPENING = re.compile(r"<([a-zA-Z][a-zA-Z0-9:_-]{0,30})")
_CLOSING = re.compile(r"</([a-zA-Z][a-zA-Z0-9:_-]{0,30})")
_ATTRIBUTE = re.compile(r"""[\s/=]*([^\s/>=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]*)))?""")
_TAG_END = re.compile(r"[\s/=]*>")
_ANY_TAG = re.compile(r"<[^<>]*>")
#: ``int`` refuses numbers of thousands of digits.
_LONG_NUMBER = re.compile(r"&#(?:[0-9]{8,}|[xX][0-9a-fA-F]{7,});?")

_RAW = {name: re.compile(f"</{name}", re.I) for name in RAW}
_HIDDEN = re.compile(r"display:none|visibility:hidden|max-height:0(?:px)?(?:;|$)|opacity:0(?:\.0+)?(?:;|$)")


@dataclass(frozen=True)
class Event:
    """``kind``: "text" (as in the source, entities and all), "open" or "close"; void elements are only opened."""

    kind: str
    value: str
    attributes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Markup:
    events: list[Event]
    defects: set[str]


def read_markup(source: str) -> Markup:
    """Without what is never shown. Hidden text too is left out, unless nothing else is there or its end is unclear."""
    reader = _Reader(source, hides=True)
    events = reader.read()
    seen = any(event.kind == "text" and event.value.strip() for event in events)
    if reader.hidden_from is not None or (reader.hid and not seen):
        reader = _Reader(source, hides=False)
        events = reader.read()
    return Markup(events, reader.defects)


def unescape(text: str) -> str:
    return html.unescape(_LONG_NUMBER.sub("\ufffd", text)) if "&" in text else text


class _Reader:
    def __init__(self, source: str, *, hides: bool) -> None:
        self.source = source
        self.hides = hides
        self.events: list[Event] = []
        self.stack: list[str] = []
        self.defects: set[str] = set()
        self.tags = 0
        self.left = MAX_TEXT
        #: The depth at which an element began that is not shown.
        self.hidden_from: int | None = None
        self.hid = False
        #: Looked for once, not again behind every "<": what is not in the rest of the source.
        self.last = source.rfind(">")
        self.unclosed: set[str] = set()

    def read(self) -> list[Event]:
        at, source = 0, self.source
        while at < len(source):
            found = _START.search(source, at)
            start = found.start() if found else -1
            if start < 0 or self.tags > MAX_TAGS or start > self.last:
                self._rest(at)
                break
            self._text(source[at:start].replace("<", "&lt;"))
            at = self._markup(start)
        if self.hidden_from is None:
            self._pop_to(0)
        return self.events

    def _rest(self, at: int) -> None:
        rest = self.source[at:]
        if self.tags > MAX_TAGS:
            self.defects.add("html-cut")
            rest = _ANY_TAG.sub(" ", rest)
        self._text(rest.replace("<", "&lt;"))

    def _text(self, text: str) -> None:
        if self.left < len(text):
            self.defects.add("html-cut")
            text = text[: self.left]
        if text and self.hidden_from is None:
            self.left -= len(text)
            self.events.append(Event("text", text))
        elif text.strip():
            self.hid = True

    def _markup(self, start: int) -> int:
        """What begins at a ``<``; returns where it ends."""
        source = self.source
        if opening := _OPENING.match(source, start):
            return self._tag(opening[1].lower(), opening.end())
        if closing := _CLOSING.match(source, start):
            self.tags += 1
            self._close(closing[1].lower())
            return source.find(">", start) + 1
        if source.startswith("<!--", start) and "<!--" not in self.unclosed:
            end = source.find("-->", start + 2)
            if end >= 0:
                return end + 3
            self.unclosed.add("<!--")
        if source.startswith(("<!", "<?", "</"), start):
            return source.find(">", start) + 1
        self._text("&lt;")
        return start + 1

    def _tag(self, name: str, at: int) -> int:
        self.tags += 1
        attributes: dict[str, str] = {}
        while not (end := _TAG_END.match(self.source, at)):
            match = _ATTRIBUTE.match(self.source, at)
            if match is None:
                # The rest is inside of a tag that never ends.
                self.tags = MAX_TAGS + 1
                self.defects.add("html-tag-unended")
                return at
            value = match[2] if match[2] is not None else match[3] if match[3] is not None else match[4] or ""
            attributes.setdefault(match[1].lower()[:60], value)
            at = match.end()
        if (raw := _RAW.get(name)) and name not in self.unclosed:
            if closing := raw.search(self.source, end.end()):
                return closing.start()
            self.unclosed.add(name)
        self._open(name, attributes)
        return end.end()

    def _open(self, name: str, attributes: dict[str, str]) -> None:
        if name in VOID:
            if self.hidden_from is None and not (self.hides and _is_hidden(attributes)):
                self.events.append(Event("open", name, _unescaped(attributes)))
            return
        if name in _RAW:
            return
        self._end_before(name)
        if len(self.stack) >= MAX_DEPTH:
            self.defects.add("html-too-deep")
            return
        if self.hidden_from is None and self.hides and (name in UNSEEN or _is_hidden(attributes)):
            self.hidden_from = len(self.stack)
        self.stack.append(name)
        if self.hidden_from is None:
            self.events.append(Event("open", name, _unescaped(attributes)))

    def _end_before(self, name: str) -> None:
        ends, scope = ENDS.get(name, (frozenset(), frozenset()))
        if name in BLOCKS:
            self._end(frozenset({"p"}), TABLE | {"blockquote", "div", "li"})
        if ends:
            self._end(ends, scope if name in TABLE else scope | CELLS | {"table"})

    def _end(self, names: frozenset[str], scope: frozenset[str]) -> None:
        for place in reversed(range(len(self.stack))):
            if self.stack[place] in names:
                self._pop_to(place)
                return
            if self.stack[place] in scope:
                return

    def _close(self, name: str) -> None:
        for place in reversed(range(len(self.stack))):
            if self.stack[place] == name:
                self._pop_to(place)
                return
            if self.stack[place] in ("td", "th", "table") and name not in TABLE:
                return

    def _pop_to(self, place: int) -> None:
        while len(self.stack) > place:
            self._pop()

    def _pop(self) -> None:
        name = self.stack.pop()
        if self.hidden_from is None:
            self.events.append(Event("close", name))
        elif self.hidden_from == len(self.stack):
            self.hidden_from = None


def _is_hidden(attributes: dict[str, str]) -> bool:
    if "hidden" in attributes:
        return True
    style = attributes.get("style", "")
    return bool(style) and bool(_HIDDEN.search(re.sub(r"\s", "", style[:2_000].lower())))


def _unescaped(attributes: dict[str, str]) -> dict[str, str]:
    return {name: unescape(value) for name, value in attributes.items()}
