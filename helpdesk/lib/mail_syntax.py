"""The grammar that header fields share (RFC 5322): comments, quoted strings, addresses. Linear on anything."""

from __future__ import annotations

import re
from dataclasses import dataclass

from helpdesk.lib.mail_domains import ascii_domain

#: No honest address list of a From field is longer; what is, counts as unreadable.
MAX_ADDRESSES = 8_000

_OPENING = re.compile(r'["(]')
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*+"', re.DOTALL)
_IN_COMMENT = re.compile(r"[()\\]")
_PIECE = re.compile(r'"(?:[^"\\]|\\.)*+"|[,;:<>]|[^",;:<>]+', re.DOTALL)
_LOCAL = re.compile(r'"(?:[^"\\]|\\.)*+"|[^\s"@]+', re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True)
class Mailbox:
    """``address`` has its domain in one spelling; it is empty when there was none that could be read."""

    name: str
    address: str


def without_comments(text: str) -> str | None:
    """Each comment, however nested, becomes a space; quoted strings stay. None when one is not closed."""
    kept: list[str] = []
    at = 0
    while opening := _OPENING.search(text, at):
        kept.append(text[at : opening.start()])
        if opening[0] == '"':
            quoted = _QUOTED.match(text, opening.start())
            end = quoted.end() if quoted else None
            kept.append(quoted[0] if quoted else "")
        else:
            end = _end_of_comment(text, opening.end())
            kept.append(" ")
        if end is None:
            return None
        at = end
    return "".join([*kept, text[at:]])


def unquoted(text: str) -> str:
    """``'"a \\"b\\""'`` to ``'a "b"'``; other text as it is."""
    if len(text) >= 2 and text[0] == text[-1] == '"':
        return _ESCAPED.sub(r"\1", text[1:-1])
    return text


def mailboxes(value: str) -> list[Mailbox]:
    """Who stands in a From, Sender or To field. One that cannot be read is there with an empty address."""
    text = without_comments(value) if len(value) <= MAX_ADDRESSES else None
    if text is None:
        return [Mailbox("", "")]
    found: list[Mailbox] = []
    entry: list[str] = []
    in_angle = False
    for piece in [*_PIECE.findall(text), ","]:
        in_angle = piece == "<" or (in_angle and piece != ">")
        if piece == ":" and not in_angle:
            entry = []  # the name of a group
        elif piece in ",;" and not in_angle:
            if "".join(entry).strip():
                found.append(_mailbox(entry))
            entry = []
        else:
            entry.append(piece)
    return [*found, Mailbox("", "")] if in_angle else found


def _mailbox(pieces: list[str]) -> Mailbox:
    if "<" not in pieces:
        return Mailbox("", _address("".join(pieces)))
    start = pieces.index("<")
    name = " ".join(unquoted(piece.strip()) for piece in pieces[:start])
    end = pieces.index(">", start) if ">" in pieces[start:] else len(pieces)
    rest = "".join(pieces[end + 1 :]).strip()
    return Mailbox(" ".join(name.split()), "" if rest else _address("".join(pieces[start + 1 : end])))


def _address(text: str) -> str:
    local, _, domain = text.strip().rpartition("@")
    name = ascii_domain(domain)
    return f"{local}@{name}" if name and _LOCAL.fullmatch(local) else ""


def _end_of_comment(text: str, at: int) -> int | None:
    """Behind the bracket that closes the one before ``at``. Counted, not nested: a million brackets are no stack."""
    depth = 1
    while mark := _IN_COMMENT.search(text, at):
        at = mark.end() + (mark[0] == "\\")
        depth += {"(": 1, ")": -1}.get(mark[0], 0)
        if not depth:
            return at
    return None
