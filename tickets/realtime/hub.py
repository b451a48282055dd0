"""The one loop of the process: reads the log and who is here, and tells the pages. One query however many there are."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta

from channels.db import database_sync_to_async
from django.conf import settings
from django.db import InterfaceError, OperationalError
from redis.exceptions import RedisError

from helpdesk import heartbeat
from helpdesk.lib import clock
from tickets.gateways.presence import Presence, Present
from tickets.queries import live
from tickets.queries.live import News
from tickets.realtime import spreading
from tickets.realtime.connection import Close, Connection
from tickets.realtime.said import Here, Watch
from tickets.realtime.viewers import no_longer
from tickets.rules.log_window import LogWindow

logger = logging.getLogger(__name__)
#: An engine does not answer; anything else is a fault of ours.
AWAY = (OperationalError, InterfaceError, RedisError, OSError)
DATABASE, REDIS = "The database", "Redis"
LOOKS_SECONDS = 0.5
HERE_SECONDS = 1.0
UNREAD_SECONDS = 2.0
RECHECK_SECONDS = 20.0
BEAT_SECONDS = 15.0
#: For so long after the last look the process counts as well.
WELL_SECONDS = 30.0
#: While an engine is away it is asked so often.
TROUBLE_SECONDS = 2.0
MOST_SOCKETS_OF_ONE = 12
#: What a page may have missed while it was drawn, or away; a little more, for what was committed late.
MARGIN = timedelta(seconds=15)
MOST_MISSED = 500
SETTLES = 5
#: The first reading remembers what is there and tells nobody: ids so far back may still be on their way.
LOOKS_BACK = 1000


class Hub:
    def __init__(self) -> None:
        self.connections: set[Connection] = set()
        self._presence: Presence | None = None
        self._others: list[Present] = []
        self._window: LogWindow | None = None
        self._reading = asyncio.Lock()
        self._read = 0
        self._due: dict[str, float] = {}
        self._in_trouble: set[str] = set()
        self._well_at = time.monotonic()
        self._loop: asyncio.Task[None] | None = None

    # ── Its life ──────────
    def start(self) -> None:
        self._presence = Presence(settings.REDIS_CACHE_URL)
        self._loop = asyncio.create_task(self._run())

    async def stop(self) -> None:
        assert self._loop is not None
        assert self._presence is not None
        self._loop.cancel()
        with suppress(asyncio.CancelledError):
            await self._loop
        with suppress(RedisError, OSError):
            await self._presence.leave()
        await self._presence.close()

    @property
    def is_well(self) -> bool:
        return time.monotonic() - self._well_at < WELL_SECONDS

    async def _run(self) -> None:
        while True:
            began = time.monotonic()
            await self._look()
            await asyncio.sleep(max(0.05, LOOKS_SECONDS - (time.monotonic() - began)))

    async def _look(self) -> None:
        if self.connections:
            await self._try(DATABASE, self._read_log)
            await self._try(REDIS, self._exchange, every=HERE_SECONDS)
            await self._try(DATABASE, self._count_unread, every=UNREAD_SECONDS)
            await self._try(DATABASE, self._recheck, every=RECHECK_SECONDS)
        else:
            self._window = None
        await self._try(DATABASE, self._beat, every=BEAT_SECONDS)

    async def _try(self, engine: str, act: Callable[[], Awaitable[None]], every: float = 0.0) -> None:
        """An engine that is away is told of once, and once more when it is back."""
        now = time.monotonic()
        if now < self._due.get(act.__name__, 0.0):
            return
        self._due[act.__name__] = now + every
        try:
            await act()
        except AWAY as problem:
            self._due[act.__name__] = now + TROUBLE_SECONDS
            if engine not in self._in_trouble:
                self._in_trouble.add(engine)
                logger.warning("%s is away; pages are told less meanwhile. Cause: %s", engine, problem)
        except Exception:  # a fault of ours in one part must not silence the others
            logger.exception("Telling pages what is new failed (%s)", act.__name__)
        else:
            if engine in self._in_trouble:
                self._in_trouble.discard(engine)
                logger.warning("%s is back.", engine)

    async def _beat(self) -> None:
        await database_sync_to_async(heartbeat.beat)(heartbeat.REALTIME)
        self._well_at = time.monotonic()

    # ── The log ──────────
    async def _read_log(self) -> None:
        async with self._reading:
            await self._read_on()
        self._well_at = time.monotonic()

    async def _read_on(self) -> None:
        first = self._window is None
        window = self._window
        if window is None:
            window = LogWindow(max(0, await database_sync_to_async(live.highest_event)() - LOOKS_BACK))
        while True:
            began = time.monotonic()
            news, snapshot = await database_sync_to_async(live.news_after)(window.floor, window.seen)
            given_up = window.given_up
            window.take((one.pk for one in news), snapshot, began)
            if window.given_up != given_up:
                logger.warning("A transaction does not end; what it writes is seen when pages are loaded.")
            self._window = window
            if not first:
                self._spread(news)
            if len(news) < live.READ_AT_ONCE:
                break

    def _spread(self, news: list[News]) -> None:
        if news:
            self._read += 1
            now = server_time()
            for connection in list(self.connections):
                spreading.tell_news(connection, news, now)

    # ── Who is here ──────────
    async def _exchange(self) -> None:
        own = [
            Present(connection.ticket, connection.viewer.pk, connection.viewer.name, connection.doing)
            for connection in self.connections
            if connection.ticket is not None
        ]
        assert self._presence is not None
        try:
            self._others = await self._presence.exchange(own)
        except (RedisError, OSError):
            self._others = []  # of other processes nothing is known now; our own people go on
            raise
        finally:
            people = spreading.people_of([*own, *self._others])
            for connection in list(self.connections):
                spreading.tell_people(connection, people)

    # ── What is asked now and then ──────────
    async def _count_unread(self) -> None:
        people = {connection.viewer.pk: connection.viewer.scope for connection in self.connections}
        unread = await database_sync_to_async(live.unread_of)(people)
        for connection in list(self.connections):
            count = unread.get(connection.viewer.pk, 0)
            if count != connection.told_unread:
                connection.told_unread = count
                connection.tell({"type": "notice", "unread": count})

    async def _recheck(self) -> None:
        viewers = {connection.viewer for connection in self.connections}
        gone, changed = await database_sync_to_async(no_longer)(viewers)
        for connection in list(self.connections):
            if connection.viewer in gone:
                connection.end(Close.LOGGED_OUT)
            elif connection.viewer in changed:
                connection.end(Close.CHANGED)

    # ── The pages ──────────
    async def add(self, connection: Connection) -> None:
        """The newest tabs of a person count; an old one that is too many is closed.

        The log is read from before the first page says what it shows: nothing falls between the two. Raises
        django.db.Error.
        """
        if self._window is None:
            await self._read_log()
        own = [
            other for other in self.connections if other.viewer.pk == connection.viewer.pk and other.is_open
        ]
        if len(own) >= MOST_SOCKETS_OF_ONE:
            min(own, key=lambda other: other.opened_at).end(Close.TOO_MANY_TABS)
        self.connections.add(connection)
        connection.tell({"type": "hello", "now": server_time()})

    def remove(self, connection: Connection) -> None:
        self.connections.discard(connection)
        self._due.pop("_exchange", None)

    async def watch(self, connection: Connection, said: Watch) -> None:
        """What the page shows, as far as it may; what of it is out of date, and what it missed, it is told at once."""
        user = connection.viewer.user
        for _ in range(SETTLES):
            read = self._read
            shown = await database_sync_to_async(live.shown_of)(user, said.versions.keys())
            if read == self._read:  # else one of them may have left the viewer's sight while we asked
                break
        connection.show({one.number: one.pk for one in shown})
        self._due.pop("_exchange", None)
        lost = sorted(said.versions.keys() - connection.known.keys())
        if lost:
            connection.tell({"type": "gone", "numbers": lost})
        now = server_time()
        old = [
            spreading.changed(one.number, one.version)
            for one in shown
            if one.version != said.versions[one.number]
        ]
        if old:
            connection.tell({"type": "news", "now": now, "tickets": old})
        if said.since is not None:
            await self._catch_up(connection, said)

    async def _catch_up(self, connection: Connection, said: Watch) -> None:
        assert said.since is not None
        since = min(said.since, clock.now()) - MARGIN
        missed = await database_sync_to_async(live.news_since)(since, MOST_MISSED)
        if missed is None:
            connection.tell({"type": "stale", "now": server_time()})
        else:
            # What is on the screen was compared by its version, which misses nothing.
            rest = [one for one in missed if one.number not in said.versions]
            spreading.tell_news(connection, rest, server_time())

    def here(self, connection: Connection, said: Here) -> None:
        ticket = connection.known.get(said.number)
        if (ticket, said.doing) != (connection.ticket, connection.doing):
            self._due.pop("_exchange", None)
        connection.does(ticket, said.doing)


def server_time() -> int:
    """In thousandths of a second."""
    return round(clock.now().timestamp() * 1000)
