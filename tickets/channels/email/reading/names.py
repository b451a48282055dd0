"""Parameters of Content-Type and Content-Disposition, file names above all.

RFC 2231 tells how they should be written; most mail programs had an idea of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from tickets.channels.email.reading.charsets import decode
from tickets.channels.email.reading.clean import clean_name
from tickets.channels.email.reading.words import line

MAX_PARAMETERS = 200
_NAME = re.compile(rb"[;\s]*([A-Za-z0-9_.-]{1,60}(?:\*[0-9]{1,3})?\*?)\s*=\s*")
_QUOTED = re.compile(rb'"((?:[^"\\]|\\.)*)("|\Z)', re.S)
_UNQUOTED = re.compile(rb"[^;]*")
#: The next parameter, where the semicolon before it was forgotten.
_NEXT = re.compile(rb"\s+(?:charset|name|filename|boundary|format|delsp|type)\*?=(?!\?)", re.I)
_ESCAPED = re.compile(rb'\\(["\\])')
_ESCAPED_OR_PAIR = re.compile(rb'([\x81-\xfe].)|\\(["\\])', re.S)
_SECTION = re.compile(rb"(.+?)(?:\*([0-9]{1,3}))?(\*?)")
_PERCENT = re.compile(rb"(?:%[89A-Fa-f][0-9A-Fa-f]){2}")
_ENDINGS = {
    "text/plain": "txt", "text/html": "html", "text/calendar": "ics", "text/csv": "csv", "text/vcard": "vcf",
    "text/x-vcard": "vcf", "image/jpeg": "jpg", "image/jpg": "jpg", "image/png": "png", "image/gif": "gif",
    "image/webp": "webp", "image/heic": "heic", "application/pdf": "pdf", "application/zip": "zip",
    "application/msword": "doc", "application/rtf": "rtf", "text/rtf": "rtf", "audio/mpeg": "mp3", "video/mp4": "mp4",
    "message/rfc822": "eml", "application/pgp-signature": "asc", "application/pkcs7-signature": "p7s",
}  # fmt: skip


@dataclass(frozen=True)
class Parameters:
    """``main`` in lower case, without blanks; values as bytes, and with RFC 2231's charset where one is given."""

    main: str
    values: dict[str, tuple[bytes, str]]

    def text(self, name: str, hints: Iterable[str] = ()) -> str:
        raw, charset = self.values.get(name, (b"", ""))
        if charset:
            return decode(raw, charset, hints).text
        return line(_unescaped(raw), hints)

    def raw(self, name: str) -> bytes:
        return self.values.get(name, (b"", ""))[0]


def parameters(value: bytes) -> Parameters:
    main, _semicolon, rest = value[:20_000].partition(b";")
    plain: dict[str, tuple[bytes, str]] = {}
    sections: dict[str, dict[int, tuple[bytes, bool]]] = {}
    if b"=" in main and b"/" not in main:
        main, rest = b"", value
    for name, raw in _written(rest):
        if match := _SECTION.fullmatch(name):
            key = match[1].decode("ascii").lower()
            if match[2] or match[3]:
                sections.setdefault(key, {}).setdefault(int(match[2] or 0), (raw, bool(match[3])))
            else:
                plain.setdefault(key, (raw, ""))
    # Where both are there, the other is for programs that cannot read this one.
    joined = plain | {key: _joined(parts) for key, parts in sections.items()}
    return Parameters(re.sub(r"\s|\(.*", "", main.decode("ascii", "replace")).lower(), joined)


def _written(rest: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    for _count in range(MAX_PARAMETERS):
        match = _NAME.match(rest, at)
        if match is None:
            at = rest.find(b";", at + 1)
            if at < 0:
                return
            continue
        at = match.end()
        quoted = _QUOTED.match(rest, at)
        if quoted is None:
            found = _UNQUOTED.match(rest, at)
            raw = found[0] if found else b""
            if cut := _NEXT.search(raw):
                raw = raw[: cut.start()]
            yield match[1], raw.strip(b" \t\r\n\"'")
            at += len(raw)
            continue
        raw, at = _whole(rest, quoted)
        yield match[1], raw


def _whole(rest: bytes, quoted: re.Match[bytes]) -> tuple[bytes, int]:
    """A quoted value; where quotes stand inside unescaped, up to the last one before the semicolon."""
    found = _UNQUOTED.match(rest, quoted.end())
    tail = found[0] if found else b""
    if b'"' in tail and not _NAME.match(tail):
        return quoted[1] + b'"' + tail[: tail.rindex(b'"')], quoted.end() + len(tail)
    return quoted[1], quoted.end()


def _joined(parts: dict[int, tuple[bytes, bool]]) -> tuple[bytes, str]:
    """RFC 2231: numbered sections in order, each percent-encoded or not; the first names the charset."""
    charset, out, encoded_run = "", b"", b""
    for place, number in enumerate(sorted(parts)):
        raw, encoded = parts[number]
        if encoded and place == 0 and raw.count(b"'") >= 2:
            name, _language, raw = raw.split(b"'", 2)
            charset = name.decode("ascii", "replace")
        # Decoded in whole runs: some cut between "%" and its digits.
        if encoded:
            encoded_run += raw
        else:
            out, encoded_run = out + unquote_to_bytes(encoded_run) + raw, b""
    encoded_anywhere = any(encoded for _raw, encoded in parts.values())
    return out + unquote_to_bytes(encoded_run), charset or ("utf-8" if encoded_anywhere else "")


def _unescaped(raw: bytes) -> bytes:
    """Without the backslashes of quoting. Half of a Chinese character can look like one; Windows paths have some."""
    if b"\\" not in raw:
        return _without_percents(raw)
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return _ESCAPED_OR_PAIR.sub(lambda match: match[1] or match[2], raw)
    return _ESCAPED.sub(rb"\1", raw)


def _without_percents(raw: bytes) -> bytes:
    """A name percent-encoded as in an address of the web, which no standard for mail has."""
    if not _PERCENT.search(raw):
        return raw
    plain = unquote_to_bytes(raw)
    try:
        plain.decode("utf-8")
    except UnicodeDecodeError:
        return raw
    return plain


def file_name(disposition: Parameters, content_type: Parameters, hints: Iterable[str] = ()) -> str:
    """What the sender called the file; "" where nothing. Of two spellings the one that can be read."""
    hints = tuple(hints)
    found = [
        clean_name(values.text(name, hints))
        for values, name in ((disposition, "filename"), (content_type, "name"), (disposition, "name"))
    ]
    named = [name for name in found if name]
    return next(
        (name for name in named if "\ufffd" not in name and "??" not in name), named[0] if named else ""
    )


def made_up(content_type: str) -> str:
    """A name for a file that came without one."""
    return f"attachment.{_ENDINGS.get(content_type, 'bin')}"
