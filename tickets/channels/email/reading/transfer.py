"""Content-Transfer-Encoding undone, as far as what was sent allows."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass

#: More paddings than that are no pieces put together, but dirt.
MAX_PIECES = 1_000
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=\s]")
_ALPHABET = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=")
_FOREIGN = bytes(byte for byte in range(256) if byte not in _ALPHABET)
_PADDED = re.compile(rb"([^=]*)(=*)")
_SOFT_BREAK = re.compile(rb"=[ \t]+(?=\r?\n)")
_UUENCODED = frozenset({"uuencode", "xuuencode", "uue", "xuue"})
_PLAIN = frozenset({"", "7bit", "8bit", "binary", "7bits", "8bits", "none"})


@dataclass(frozen=True)
class Transferred:
    content: bytes
    #: A short code of what was wrong; "" where nothing was.
    defect: str = ""


def undo(raw: bytes, declared: str) -> Transferred:
    """``declared``: the value of Content-Transfer-Encoding, however it is written."""
    name = re.sub(r"[^a-z0-9]", "", declared[:60].lower().partition(";")[0])
    if name == "base64":
        return _base64(raw)
    if name in ("quotedprintable", "qp"):
        return Transferred(_quoted_printable(raw))
    if name in _UUENCODED:
        content = uudecode(raw)
        return Transferred(raw, "uuencode-broken") if content is None else Transferred(content)
    return Transferred(raw, "" if name in _PLAIN else "transfer-encoding-unknown")


def _quoted_printable(raw: bytes) -> bytes:
    # a2b_qp takes a blank after "=" for a mistake, where RFC 2045 6.7 (3) tells to ignore it.
    return binascii.a2b_qp(_SOFT_BREAK.sub(b"=", raw))


def _base64(raw: bytes) -> Transferred:
    foreign = _NOT_BASE64.search(raw)
    if foreign is None:
        tail = raw[-200:].rstrip()
        if raw.find(b"=", 0, len(raw) - 200) < 0 and b"=" not in tail.rstrip(b"="):
            try:
                return Transferred(binascii.a2b_base64(raw))
            except binascii.Error:
                pass
        packed = raw.translate(None, _FOREIGN)
        return Transferred(_quads(packed), "base64-broken" if len(packed) % 4 else "")
    if _is_prose(raw):
        return Transferred(raw, "base64-undone")
    head, tail = _without_trailer(raw, foreign.start())
    content = _quads(head.translate(None, _FOREIGN))
    return Transferred(content + tail, "base64-trailer" if tail else "base64-broken")


def _is_prose(raw: bytes) -> bool:
    """Words in lines: nobody encoded this. Its beginning is enough to see that."""
    head = raw[:2_000].strip()
    lines = head.splitlines()
    wordy = sum(1 for line in lines if len(line.split()) >= 3)
    return bool(lines) and wordy * 2 >= len(lines)


def _without_trailer(raw: bytes, foreign: int) -> tuple[bytes, bytes]:
    """List servers and virus scanners append a plain line or two below an encoded body."""
    line_start = raw.rfind(b"\n", 0, foreign) + 1
    end = len(raw[:line_start].rstrip())
    packed = raw[:end]
    is_whole = packed.endswith(b"=") or len(packed.translate(None, _FOREIGN)) % 4 == 0
    if not packed or not is_whole or not _is_prose(raw[line_start:]):
        return raw, b""
    return packed, b"\n" + raw[line_start:]


def _quads(packed: bytes) -> bytes:
    """Several encoded pieces behind one another, each with its own padding, and an end that was cut off."""
    if packed.count(b"=") > MAX_PIECES:
        packed = packed.replace(b"=", b"")
    out = []
    for match in _PADDED.finditer(packed):
        piece = match[1]
        if len(piece) % 4 == 1:
            piece = piece[:-1]
        if piece:
            out.append(base64.b64decode(piece + b"=" * (-len(piece) % 4)))
    return b"".join(out)


def uudecode(raw: bytes) -> bytes | None:
    """The content of the first uuencoded file in it; None where there is none."""
    match = re.search(rb"^begin(?:-base64)? [0-7]{3,4} [^\r\n]*\r?\n", raw, re.M)
    return uudecoded_lines(raw[match.end() :])[0] if match else None


def uudecoded_lines(raw: bytes) -> tuple[bytes, int]:
    """The lines after ``begin``, up to ``end`` or what is no longer encoded; and how many bytes those lines take."""
    out, at = bytearray(), 0
    while at < len(raw):
        stop = raw.find(b"\n", at) + 1 or len(raw)
        line = raw[at:stop].rstrip(b"\r\n")
        if line in (b"end", b"`", b" "):
            at = stop
            if line == b"end":
                break
            continue
        decoded = _uu_line(line)
        if decoded is None:
            break
        out += decoded
        at = stop
    return bytes(out), at


def _uu_line(line: bytes) -> bytes | None:
    if not line:
        return b""
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        # Some encoders write more than the length that the line begins with.
        length = ((line[0] - 32) & 63) * 4 // 3 + 2
        try:
            return binascii.a2b_uu(line[: length + 1])
        except binascii.Error:
            return None
