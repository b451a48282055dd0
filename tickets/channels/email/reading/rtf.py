"""Outlook's rich text: unpacked (MS-OXRTFCP), and the HTML or text inside of it (MS-OXRTFEX)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from tickets.channels.email.reading.charsets import decode

MAX_BYTES = 2_000_000
_DICTIONARY = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans Serif"
    rb"SymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    + b"\r\n"
    + rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?[0-9]{1,10})?[ ]?|\\'([0-9a-fA-F]{2})|\\(.)|([{}])|([^\\{}\r\n]+)|[\r\n]+|\\",
    re.S,
)
_UNSEEN = frozenset(
    b"fonttbl colortbl stylesheet info pict object themedata colorschememapping latentstyles datastore xmlnstbl "
    b"listtable listoverridetable rsidtbl generator mhtmltag fldinst".split()
)
_CHARACTERS = {
    b"par": "\n", b"line": "\n", b"tab": "\t", b"row": "\n", b"cell": "\t", b"lquote": "‘", b"rquote": "’",
    b"ldblquote": "“", b"rdblquote": "”", b"bullet": "•", b"endash": "–", b"emdash": "—",
}  # fmt: skip
_SYMBOLS = {b"~": "\xa0", b"_": "-", b"\\": "\\", b"{": "{", b"}": "}", b"\n": "\n", b"\r": "\n"}


def unpacked(data: bytes) -> bytes:
    """The RTF in PR_RTF_COMPRESSED; b"" where it cannot be unpacked. A wrong checksum is no reason not to read it."""
    kind, packed = data[8:12], data[16 : 16 + MAX_BYTES]
    if kind == b"MELA":
        return packed
    if kind != b"LZFu":
        return b""
    window = bytearray(_DICTIONARY.ljust(4096, b" "))
    out, write, at = bytearray(), len(_DICTIONARY), 0
    while at < len(packed) and len(out) < MAX_BYTES:
        control = packed[at]
        at += 1
        for bit in range(8):
            if not control >> bit & 1:
                piece = packed[at : at + 1]
                at += 1
                write = _copy(window, out, write, piece)
                continue
            reference = int.from_bytes(packed[at : at + 2], "big")
            at += 2
            offset = reference >> 4
            if offset == write or at > len(packed):
                return bytes(out)
            for step in range((reference & 0xF) + 2):
                place = (offset + step) % 4096
                write = _copy(window, out, write, window[place : place + 1])
    return bytes(out)


def _copy(window: bytearray, out: bytearray, write: int, piece: bytes | bytearray) -> int:
    if not piece:
        return write
    window[write : write + 1] = piece
    out += piece
    return (write + 1) % 4096


@dataclass(frozen=True)
class _State:
    unseen: bool = False
    #: ``\\htmlrtf``: for those who show RTF, not for those who show HTML.
    only_rtf: bool = False
    #: How many characters follow a ``\\u`` for readers that do not know it.
    skip: int = 1


def content(rtf: bytes) -> tuple[str, bool]:
    """The text of it, and whether that is HTML."""
    reader = _Reader(is_html=b"\\fromhtml" in rtf[:2_000])
    for match in _TOKEN.finditer(rtf[:MAX_BYTES]):
        reader.take(match)
    reader.flush()
    # Characters beyond the first 65,536 come in two halves.
    text = "".join(reader.out).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text, reader.is_html


class _Reader:
    def __init__(self, *, is_html: bool) -> None:
        self.is_html = is_html
        self.out: list[str] = []
        self.raw = bytearray()
        self.charset = "windows-1252"
        self.state = _State()
        self.groups: list[_State] = []
        self.to_skip = 0
        self.starred = False

    def take(self, match: re.Match[bytes]) -> None:
        word, number, coded, symbol, brace, text = match.groups()
        if brace == b"{":
            if len(self.groups) < 10_000:
                self.groups.append(self.state)
        elif brace == b"}":
            self.state = self.groups.pop() if self.groups else self.state
        elif word is not None:
            self._word(word.lower(), int(number) if number else None)
        elif coded is not None:
            self._bytes(bytes.fromhex(coded.decode("ascii")))
        elif symbol == b"*":
            self.starred = True
            return
        elif symbol is not None:
            self._text(_SYMBOLS.get(symbol, ""))
        elif text is not None:
            self._bytes(text)
        self.starred = False

    def _word(self, word: bytes, number: int | None) -> None:
        if word == b"htmltag":
            self.state = replace(self.state, unseen=not self.is_html)
        elif word == b"htmlrtf":
            self.state = replace(self.state, only_rtf=number != 0)
        elif word in _UNSEEN or self.starred:
            self.state = replace(self.state, unseen=True)
        elif word == b"ansicpg" and number:
            self.charset = f"cp{number}"
        elif word == b"uc":
            self.state = replace(self.state, skip=min(max(number or 0, 0), 10))
        elif word == b"u" and number is not None:
            self._text(chr(number % 65536))
            self.to_skip = self.state.skip
        elif word in _CHARACTERS:
            self._text(_CHARACTERS[word])

    def _bytes(self, raw: bytes) -> None:
        if self.to_skip:
            skipped = min(self.to_skip, len(raw))
            self.to_skip -= skipped
            raw = raw[skipped:]
        if not self.state.unseen and not (self.is_html and self.state.only_rtf):
            self.raw += raw

    def _text(self, text: str) -> None:
        if text and not self.state.unseen and not (self.is_html and self.state.only_rtf):
            self.flush()
            self.out.append(text)

    def flush(self) -> None:
        """Bytes are decoded in whole runs: a Chinese character is two of them."""
        if self.raw:
            self.out.append(decode(bytes(self.raw), self.charset).text)
            self.raw = bytearray()
