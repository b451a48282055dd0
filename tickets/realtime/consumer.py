"""One websocket: lets in who may, hears what the page says, within limits."""

from __future__ import annotations

import asyncio
from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.db import Error as DatabaseError
from django.http import parse_cookie

from tickets.realtime.connection import Close, Connection
from tickets.realtime.hub import Hub
from tickets.realtime.said import LARGEST_BYTES, Here, Nonsense, understand
from tickets.realtime.viewers import Viewer, viewer_of


class LiveConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]
    """The hub is the process's own, given by ``tickets.realtime.app``."""

    def __init__(self, *, hub: Hub) -> None:
        super().__init__()
        self.hub = hub
        self.connection: Connection | None = None
        self._writer: asyncio.Task[None] | None = None

    async def connect(self) -> None:
        """Accepted first, for only an open socket can tell its page why it is closed again."""
        await self.accept()
        try:
            viewer = await database_sync_to_async(viewer_of)(_session(self.scope))
            if viewer is None:
                await self.close(Close.LOGGED_OUT)
            else:
                await self._begin(viewer)
        except DatabaseError:
            await self.close(Close.AGAIN_LATER)

    async def _begin(self, viewer: Viewer) -> None:
        async def send(text: str) -> None:
            await self.send(text_data=text)

        connection = Connection(viewer, send, self.close)
        await self.hub.add(connection)
        self.connection = connection
        self._writer = asyncio.create_task(connection.write())

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        connection = self.connection
        if connection is None:  # not let in; the close is on its way
            return
        if not connection.bucket.spend():
            connection.end(Close.TOO_FAST)
            return
        if text_data is None or len(text_data) > LARGEST_BYTES:
            connection.end(Close.NONSENSE)
            return
        try:
            said = understand(text_data)
        except Nonsense:
            connection.end(Close.NONSENSE)
            return
        if isinstance(said, Here):
            self.hub.here(connection, said)
            return
        try:
            await self.hub.watch(connection, said)
        except DatabaseError:
            connection.end(Close.AGAIN_LATER)

    async def disconnect(self, code: int) -> None:
        if self.connection is not None:
            self.hub.remove(self.connection)
        if self._writer is not None:
            self._writer.cancel()


def _session(scope: Any) -> str:
    """The key in the session's cookie; "" where there is none."""
    headers = dict(scope["headers"])
    cookies = parse_cookie(headers.get(b"cookie", b"").decode("latin-1"))
    return str(cookies.get(settings.SESSION_COOKIE_NAME, ""))
