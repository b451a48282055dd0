"""A clamd that speaks the real protocol over TCP: ``zINSTREAM``, pieces with their length before them, an answer.

It finds the EICAR test file, as every scanner does, and refuses what is longer than its limit as the real one does.
"""

from __future__ import annotations

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

#: In two parts, so that no scanner finds it here.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR" + rb"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Clamd(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.limit = 25_000_000
        #: Said instead of a verdict: "" hangs up without a word.
        self.says: str | None = None
        self.asked: list[bytes] = []

    @property
    def url(self) -> str:
        return f"tcp://127.0.0.1:{self.server_address[1]}"


class _Talk(socketserver.StreamRequestHandler):
    server: Clamd

    def handle(self) -> None:
        if self._command() != b"zINSTREAM":
            self._say("UNKNOWN COMMAND")
            return
        content = bytearray()
        while size := struct.unpack("!L", self.rfile.read(4))[0]:
            if len(content) + size > self.server.limit:
                self._say("INSTREAM size limit exceeded. ERROR")
                return
            content += self.rfile.read(size)
        self.server.asked.append(bytes(content))
        if self.server.says is not None:
            if self.server.says:
                self._say(self.server.says)
            return
        self._say("stream: Eicar-Test-Signature FOUND" if EICAR in content else "stream: OK")

    def _command(self) -> bytes:
        said = b""
        while (byte := self.rfile.read(1)) not in (b"\0", b""):
            said += byte
        return said

    def _say(self, words: str) -> None:
        self.wfile.write(words.encode() + b"\0")


@contextmanager
def clamd() -> Iterator[Clamd]:
    with Clamd() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
