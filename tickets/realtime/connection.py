"""One open page: whose it is, what it shows, what it was told."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from enum import IntEnum
from typing import Any

from tickets.realtime.said import Doing
from tickets.realtime.viewers import Viewer

#: So long somebody counts as writing after the last key; the page says it again every few seconds.
WRITES_SECONDS = 8.0
#: So many messages may wait for a page that does not take them.
MOST_WAITING = 64
#: What a page may say at once, and then in a second.
BURST, PER_SECOND = 30, 3.0
_END = object()


class Close(IntEnum):
    """Why a socket was closed by us; ``static/js/live.js`` knows them."""

    AGAIN_LATER = 1013
    NONSENSE = 4400
    LOGGED_OUT = 4401
    TOO_MANY_TABS = 4408
    #: What they may see changed; a new socket knows.
    CHANGED = 4409
    TOO_FAST = 4429


class Bucket:
    """Lets BURST through at once and PER_SECOND on and on."""

    def __init__(self) -> None:
        self._left, self._at = float(BURST), time.monotonic()

    def spend(self) -> bool:
        now = time.monotonic()
        self._left = min(BURST, self._left + (now - self._at) * PER_SECOND)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


class Connection:
    """``known``: the tickets on its screen that it was found to be allowed, number to id. Of others it hears nothing of
    people, and only news as far as its viewer sees.

    What it is to hear waits in a queue of its own: one page that does not read delays no other.
    """

    def __init__(
        self, viewer: Viewer, send: Callable[[str], Awaitable[None]], close: Callable[[int], Awaitable[None]]
    ) -> None:
        self.viewer = viewer
        self.bucket = Bucket()
        self.opened_at = time.monotonic()
        self.known: dict[str, int] = {}
        self.told_people: dict[int, list[dict[str, Any]]] = {}
        self.told_unread: int | None = None
        self.ticket: int | None = None
        self._doing = Doing.READ
        self._writes_until = 0.0
        self._send, self._close = send, close
        self._waiting: asyncio.Queue[Any] = asyncio.Queue(MOST_WAITING)
        self._ended: int | None = None

    @property
    def is_open(self) -> bool:
        return self._ended is None

    @property
    def doing(self) -> Doing:
        return self._doing if time.monotonic() < self._writes_until else Doing.READ

    def does(self, ticket: int | None, doing: Doing) -> None:
        self.ticket, self._doing = ticket, doing
        self._writes_until = time.monotonic() + WRITES_SECONDS

    def show(self, known: dict[str, int]) -> None:
        """The page shows these now. What of them it had been told it is told again: it was drawn anew."""
        self.known = known
        self.told_people = {}
        if self.ticket not in known.values():
            self.ticket = None

    def forget(self, number: str) -> bool:
        """The viewer no longer sees it. Whether it was on the screen."""
        ticket = self.known.pop(number, None)
        if ticket is None:
            return False
        self.told_people.pop(ticket, None)
        if self.ticket == ticket:
            self.ticket = None
        return True

    def tell(self, message: dict[str, Any]) -> None:
        with_room = not self._waiting.full()
        if with_room and self._ended is None:
            self._waiting.put_nowait(json.dumps(message, ensure_ascii=False))
        elif self._ended is None:
            self.end(Close.AGAIN_LATER)

    def end(self, code: Close) -> None:
        """Close it, once, before anything that still waits."""
        if self._ended is None:
            self._ended = code
            while not self._waiting.empty():
                self._waiting.get_nowait()
            self._waiting.put_nowait(_END)

    async def write(self) -> None:
        """Passes on what is told, until the end."""
        while True:
            message = await self._waiting.get()
            if message is _END:
                assert self._ended is not None
                with suppress(RuntimeError):  # closed from the other side at the same time
                    await self._close(self._ended)
                return
            await self._send(message)
