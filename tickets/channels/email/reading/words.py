"""Encoded words (RFC 2047), also as they should not be: within quotes, joined, cut inside a character, half padded."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tickets.channels.email.reading.charsets import decode
from tickets.channels.email.reading.transfer import undo

_START = re.compile(r"=\?([A-Za-z0-9_.:()+-]{1,60})(?:\*[A-Za-z0-9-]{0,20})?\?([bBqQ])\?")


@dataclass(frozen=True)
class Word:
    charset: str
    encoding: str
    payload: str


def decode_words(text: str, hints: Iterable[str] = ()) -> str:
    """The text with its encoded words read; one that is damaged beyond reading stays as it is."""
    if "=?" not in text:
        return text
    hints = tuple(hints)
    out: list[str] = []
    waiting: list[Word] = []
    for piece in _pieces(text):
        if isinstance(piece, Word):
            if waiting and not _continues(waiting[-1], piece):
                out.append(_read(waiting, hints))
                waiting = []
            waiting.append(piece)
        elif not waiting or piece.strip():
            out.append(_read(waiting, hints))
            waiting = []
            out.append(piece)
    out.append(_read(waiting, hints))
    return "".join(out)


def raw_line(raw: bytes, hints: Iterable[str] = ()) -> str:
    """A header's value, whatever its bytes; encoded words as they are."""
    return raw.decode("ascii") if raw.isascii() and b"\x1b" not in raw else decode(raw, "", hints).text


def line(raw: bytes, hints: Iterable[str] = ()) -> str:
    """A header's value as a text for people."""
    return decode_words(raw_line(raw, hints), hints)


def _pieces(text: str) -> Iterator[str | Word]:
    """Plain text and words in turn; blanks between two words are a piece of their own."""
    done = at = 0
    while match := _START.search(text, at):
        end = text.find("?=", match.end())
        if end < 0:
            break
        # The payload itself may begin with "=", so that "?=" right after the encoding is not the end.
        if end == match.end() - 1:
            end = text.find("?=", match.end() + 1)
            if end < 0:
                break
        if match.start() > done:
            yield text[done : match.start()]
        yield Word(match[1].lower(), match[2].lower(), text[match.end() : end])
        done = at = end + 2
    if done < len(text):
        yield text[done:]


def _continues(before: Word, word: Word) -> bool:
    return (before.charset, before.encoding) == (word.charset, word.encoding)


def _read(words: list[Word], hints: tuple[str, ...]) -> str:
    """Joined before they are decoded: one character may be spread over two words."""
    if not words:
        return ""
    payloads = [_bytes(word.payload) for word in words]
    raw = _unquoted(payloads) if words[0].encoding == "q" else _decoded(payloads)
    return decode(raw, words[0].charset, hints).text


def _bytes(payload: str) -> bytes:
    return payload.encode("utf-8", "replace")


def _unquoted(payloads: list[bytes]) -> bytes:
    return binascii.a2b_qp(b"".join(payloads), header=True)


def _decoded(payloads: list[bytes]) -> bytes:
    out, open_quad = [], b""
    for payload in payloads:
        packed = open_quad + b"".join(payload.split())
        open_quad = b""
        if len(packed) % 4 and not packed.endswith(b"="):
            whole = len(packed) - len(packed) % 4
            packed, open_quad = packed[:whole], packed[whole:]
        out.append(undo(packed, "base64").content)
    return b"".join([*out, undo(open_quad, "base64").content])
