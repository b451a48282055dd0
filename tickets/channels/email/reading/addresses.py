"""Address fields (From, To, Cc …), in one pass from left to right.

Taken apart before encoded words are read: a name that holds ``<somebody@else>`` stays a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tickets.channels.email.reading.clean import clean_name
from tickets.channels.email.reading.mail import Address
from tickets.channels.email.reading.words import decode_words, raw_line

MAX_ADDRESSES = 1_000
_TOKEN = re.compile(
    r"""(?P<escaped>\\.)|(?P<quoted>"(?:[^"\\]|\\.)*(?:"|\Z))|(?P<special>[()<>,;:])|(?P<word>=\?[^?\s]{1,80}\?[bBqQ]\?[^?\s]*\?=)"""
    r"""|(?P<space>\s+)|(?P<atom>[^\s"()<>,;:=\\]+|=|"|\\)""",
    re.S,
)
_ESCAPE = re.compile(r"\\(.)", re.S)
_IMPOSSIBLE = re.compile(r"[\s<>()\[\],;\"\\]|:(?![0-9a-fA-F:.]*$)")
_FOUND = re.compile(r"[^\s<>()\[\],;:\"]+@[^\s<>()\[\],;:\"]+")


@dataclass
class _One:
    """An address on its way: words outside of brackets, what stands in angle brackets, and in round ones."""

    words: list[str] = field(default_factory=list)
    angle: list[str] | None = None
    comments: list[str] = field(default_factory=list)

    def is_empty(self) -> bool:
        return self.angle is None and not "".join(self.words).strip() and not self.comments


def read_addresses(values: Iterable[bytes], hints: Iterable[str] = ()) -> tuple[Address, ...]:
    """All addresses of all fields of one name, in order."""
    hints = tuple(hints)
    out: list[Address] = []
    for value in values:
        for one in _joined(_split(raw_line(value, hints))):
            if len(out) < MAX_ADDRESSES:
                out.extend(_addresses(one, hints))
    return tuple(out)


def _split(text: str) -> Iterator[_One]:
    one, depth = _One(), 0
    comment: list[str] = []
    for match in _TOKEN.finditer(text):
        kind, piece = match.lastgroup, match[0]
        if depth or (piece == "(" and kind == "special"):
            depth += (piece == "(") - (piece == ")")
            if depth:
                comment.append(piece)
            else:
                one.comments.append("".join(comment[1:]))
                comment = []
        elif kind == "special" and piece in ",;" and not (one.angle is not None and one.angle[-1:] != [">"]):
            yield one
            one = _One()
        elif piece == ":" and kind == "special" and one.angle is None:
            # The name of a group ends here; its members follow.
            one = _One()
        else:
            _take(one, piece)
    if comment:
        one.words.append("".join(comment))
    yield one


def _take(one: _One, piece: str) -> None:
    if piece == "<" and one.angle is None:
        one.angle = []
    elif one.angle is not None and one.angle[-1:] != [">"]:
        one.angle.append(piece)
    else:
        one.words.append(piece)


def _joined(ones: Iterable[_One]) -> Iterator[_One]:
    """``Doe, John <john@example.com>`` without quotes: a name that a comma cut in two."""
    before: _One | None = None
    for one in ones:
        if before is not None and one.angle is not None and one.words:
            one.words = [*before.words, ", ", *one.words]
        elif before is not None:
            yield before
        before = None
        if one.angle is None and "@" not in "".join(one.words) and not one.is_empty():
            before = one
        else:
            yield one
    if before is not None:
        yield before


def _addresses(one: _One, hints: tuple[str, ...]) -> Iterator[Address]:
    said = "".join(one.words)
    if one.angle is not None:
        yield from _bracketed(one, said, hints)
        return
    address = normal(said)
    found = [] if address else [*_FOUND.finditer(said)]
    if len(found) > 1:
        # Several without a comma: whose mail it is must not hang on which comes first.
        yield from (Address("", normal(match[0])) for match in found)
        return
    name = said if not address else ""
    if found and (address := normal(found[0][0])):
        name = re.sub(r'[<>"()]', " ", said[: found[0].start()] + said[found[0].end() :])
    if address or name.strip():
        yield Address(_name(name if name.strip() else " ".join(one.comments), hints), address)


def _bracketed(one: _One, said: str, hints: tuple[str, ...]) -> Iterator[Address]:
    address = normal("".join(piece for piece in one.angle or () if piece != ">"))
    name = _name(said if said.strip() else " ".join(one.comments), hints)
    if address or name:
        yield Address(name, address)


def _name(text: str, hints: tuple[str, ...]) -> str:
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] == '"':
        text = text[1:-1]
    text = _ESCAPE.sub(r"\1", text.replace('""', '"'))
    name = clean_name(decode_words(text, hints))
    if len(name) > 1 and name[0] == name[-1] and name[0] in "'\"":
        name = name[1:-1].strip()
    return name


def normal(text: str) -> str:
    """Without blanks, route (``@relay:``) and ``mailto:``, the domain in lower case; "" where it is no address."""
    text = text.strip()
    if text[:7].lower() == "mailto:":
        text = text[7:]
    if text.startswith("@") and ":" in text:
        text = text.rpartition(":")[2]
    local, at, domain = text.rpartition("@")
    quoted = local.startswith('"') and local.endswith('"') and len(local) > 1
    # Folding and comments may leave blanks around the dots; inside a name they mean that it is none.
    if not quoted:
        local = re.sub(r"\s*\.\s*", ".", local.strip()).strip("'")
    domain = re.sub(r"\s*\.\s*", ".", domain.strip()).strip(".'")
    address = clean_name(f"{local}@{domain.lower()}") if at and local and domain else ""
    if not quoted and (_IMPOSSIBLE.search(local) or "@" in local):
        return ""
    if _IMPOSSIBLE.search(domain.removeprefix("[").removesuffix("]")):
        return ""
    return address if len(address) <= 320 else ""
