"""Asking ClamAV whether a file is infected: ``INSTREAM`` of clamd's protocol, over TCP or a Unix socket.

clamd(8): "zINSTREAM\\0", then pieces, each with its length before it as four bytes, the last of length 0. Its answer is
"stream: OK", "stream: NAME FOUND", or a sentence that ends in ERROR.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

#: Seconds. A connection that comes about, and an answer: a large archive takes its time.
CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 120.0
#: Of a piece; clamd takes whatever is below its StreamMaxLength.
PIECE = 64 * 1024
_LONGEST_ANSWER = 4_096


class ScannerAway(Exception):
    """Nobody answers, or not in words that clamd uses: the file is asked about again later."""


class NotScanned(Exception):
    """clamd will never look at this file: it is larger than its StreamMaxLength, say."""


@dataclass(frozen=True)
class Verdict:
    #: What clamd calls it; empty: nothing was found.
    name: str = ""


def scan(content: Iterable[bytes], url: str) -> Verdict:
    """Raises ScannerAway or NotScanned."""
    try:
        with _called(url) as line:
            _send(line, content)
            return _verdict(_answer(line))
    except OSError as problem:
        raise ScannerAway(f"{type(problem).__name__}: {problem}") from problem


def _called(url: str) -> socket.socket:
    parts = urlsplit(url)
    if parts.scheme == "unix":
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            line.settimeout(CONNECT_SECONDS)
            line.connect(parts.path)
        except OSError:
            line.close()
            raise
    else:
        line = socket.create_connection((parts.hostname or "", parts.port or 3310), CONNECT_SECONDS)
    line.settimeout(ANSWER_SECONDS)
    return line


def _send(line: socket.socket, content: Iterable[bytes]) -> None:
    line.sendall(b"zINSTREAM\0")
    try:
        for chunk in content:
            for start in range(0, len(chunk), PIECE):
                piece = chunk[start : start + PIECE]
                line.sendall(struct.pack("!L", len(piece)) + piece)
        line.sendall(struct.pack("!L", 0))
    except (BrokenPipeError, ConnectionResetError):
        return  # it says why, and has stopped listening


def _answer(line: socket.socket) -> str:
    said = b""
    while not said.endswith(b"\0") and len(said) < _LONGEST_ANSWER:
        more = line.recv(_LONGEST_ANSWER)
        if not more:
            break
        said += more
    return said.rstrip(b"\0\r\n").decode("utf-8", "replace")


def _verdict(said: str) -> Verdict:
    if said == "stream: OK":
        return Verdict()
    if said.startswith("stream: ") and said.endswith(" FOUND"):
        return Verdict(said.removeprefix("stream: ").removesuffix(" FOUND")[:200] or "unnamed")
    if "size limit exceeded" in said:
        raise NotScanned(said[:200])
    raise ScannerAway(f"It said: {said[:200]}" if said else "It said nothing.")
