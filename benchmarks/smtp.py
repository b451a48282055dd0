"""A mail server on this machine that takes everything, in a process of its own: its work is not the sender's."""

from __future__ import annotations

import asyncio
import multiprocessing
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.sharedctypes import Synchronized

from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class Receiver:
    url: str
    count: Synchronized[int]

    @property
    def received(self) -> int:
        return self.count.value


class Taking:
    def __init__(self, count: Synchronized[int]) -> None:
        self.count = count

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        with self.count.get_lock():
            self.count.value += 1
        return "250 OK"


def _serve(listening: socket.socket, count: Synchronized[int]) -> None:
    async def run() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: SMTP(Taking(count), loop=loop), sock=listening)
        await server.serve_forever()

    asyncio.run(run())


@contextmanager
def started() -> Iterator[Receiver]:
    context = multiprocessing.get_context("fork")
    listening = socket.create_server(("127.0.0.1", 0))
    count: Synchronized[int] = context.Value("q", 0)
    process = context.Process(target=_serve, args=(listening, count), daemon=True)
    process.start()
    try:
        yield Receiver(f"smtp://127.0.0.1:{listening.getsockname()[1]}", count)
    finally:
        process.terminate()
        process.join()
        listening.close()
