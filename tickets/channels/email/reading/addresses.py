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
    r"""(?P<quoted>"(?:[^"\\]|\\.)*(?:"|\Z))|(?P<special>[()<>,;:])|(?P<word>=\?[^?\s]{1,80}\?[bBqQ]\?[^?\s]*\?=)"""
    r"""|(?P<space>\s+)|(?P<atom>[^\s"()<>,;:=]+|=|")""",
    re.S,
)
_ESCAPE = re.compile(r"\\(.)", re.S)
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
            if (address := _address(one, hints)) is not None and len(out) < MAX_ADDRESSES:
                out.append(address)
    return tuple(out)


def _split(text: str) -> Iterator[_One]:
    one, depth = _One(), 0
    comment: list[str] = []
    for match in _TOKEN.finditer(text):
        kind, token = match.lastgroup, match[0]
        if depth or (token == "(" and kind == "special"):
            depth += (token == "(") - (token == ")")
            if depth:
                comment.append(token)
            else:
                one.comments.append("".join(comment[1:]))
                comment = []
        elif kind == "special" and token in ",;" and not (one.angle is not None and one.angle[-1:] != [">"]):
            yield one
            one = _One()
        elif token == ":" and kind == "special" and one.angle is None:
            # The name of a group ends here; its members follow.
            one = _One()
        else:
            _take(one, token)
    if comment:
        one.words.append("".join(comment))
    yield one


def _take(one: _One, token: str) -> None:
    if token == "<" and one.angle is None:
        one.angle = []
    elif one.angle is not None and one.angle[-1:] != [">"]:
        one.angle.append(token)
    else:
        one.words.append(token)


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


def _address(one: _One, hints: tuple[str, ...]) -> Address | None:
    if one.is_empty():
        return None
    said = "".join(one.words)
    if one.angle is not None:
        inner = "".join(token for token in one.angle if token != ">")
        address, name = normal(inner), said
        if not address and (found := _FOUND.search(said)):
            address = normal(found[0])
    else:
        address, name = normal(said), ""
        if not address and (found := _FOUND.search(said)):
            address, name = normal(found[0]), said[: found.start()] + said[found.end() :]
        elif not address:
            name = said
    if not name.strip():
        name = " ".join(one.comments)
    return Address(_name(name, hints), address)


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
    if (" " in address or "@" in local) and not quoted:
        return ""
    return address if len(address) <= 320 else ""
