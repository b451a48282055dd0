"""Who has which ticket open, told from one realtime process to the others through Redis.

Each process keeps one key with all its people, which runs out by itself: one that was killed is forgotten within
LASTS_SECONDS, by Redis's own clock. Nothing here needs to be kept: a Redis that lost everything knows it again with the
next exchange.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from dataclasses import astuple, dataclass

from redis.asyncio import Redis

LASTS_SECONDS = 8
_PREFIX = "helpdesk:live:"
_PROCESSES = f"{_PREFIX}processes"


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody has a ticket open in one tab; ``doing``: 0 reads, 1 writes a note, 2 writes a reply."""

    ticket: int
    person: int
    name: str
    doing: int


class Presence:
    """Raises redis.exceptions.RedisError or OSError where Redis is away."""

    def __init__(self, url: str) -> None:
        self._redis = Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1)
        self._me = secrets.token_hex(8)

    async def exchange(self, own: Iterable[Present]) -> list[Present]:
        """Tell of ours, hear of all others'. Two round trips."""
        told = json.dumps([astuple(present) for present in own])
        async with self._redis.pipeline(transaction=False) as pipe:
            pipe.set(self._key(self._me), told, ex=LASTS_SECONDS)
            pipe.sadd(_PROCESSES, self._me)
            pipe.smembers(_PROCESSES)
            *_, names = await pipe.execute()
        others = sorted(name.decode() for name in names if name.decode() != self._me)
        if not others:
            return []
        values = await self._redis.mget([self._key(name) for name in others])
        silent = [name for name, value in zip(others, values, strict=True) if value is None]
        if silent:
            await self._redis.srem(_PROCESSES, *silent)
        return [Present(*row) for value in values if value for row in json.loads(value)]

    async def leave(self) -> None:
        async with self._redis.pipeline(transaction=False) as pipe:
            pipe.delete(self._key(self._me))
            pipe.srem(_PROCESSES, self._me)
            await pipe.execute()

    async def close(self) -> None:
        await self._redis.aclose()

    @staticmethod
    def _key(name: str) -> str:
        return f"{_PREFIX}here:{name}"
