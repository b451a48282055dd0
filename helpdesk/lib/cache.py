"""A cache that may be away: pages go on without it. Nothing that must not be lost is kept in it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any, ClassVar

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache, which remembers nothing while Redis is away: every look-up misses, every write is lost.

    Sessions are in PostgreSQL too, what is counted for rate limits starts anew, the rest is computed again.
    """

    #: After a failure nobody waits for Redis for so long: a page asks the cache many times.
    PAUSE_SECONDS = 2.0
    _paused_until: ClassVar[float] = 0.0

    def ping(self) -> None:
        """Raises when Redis is away; for the health check, which wants the truth."""
        self._cache.get_client().ping()

    def _try(self, ask: Callable[..., Any], otherwise: Any, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() < ForgivingRedisCache._paused_until:
            return otherwise
        try:
            return ask(*args, **kwargs)
        except (RedisError, OSError) as problem:
            ForgivingRedisCache._paused_until = time.monotonic() + self.PAUSE_SECONDS
            logger.warning("The cache is away; going on without it. Cause: %s", problem)
            return otherwise

    def add(self, *args: Any, **kwargs: Any) -> Any:
        return self._try(super().add, True, *args, **kwargs)

    def get(self, key: Any, default: Any = None, version: Any = None) -> Any:
        return self._try(super().get, default, key, default, version)

    def set(self, *args: Any, **kwargs: Any) -> None:
        self._try(super().set, None, *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> Any:
        return self._try(super().touch, False, *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        return self._try(super().delete, False, *args, **kwargs)

    def get_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._try(super().get_many, {}, *args, **kwargs)

    def has_key(self, *args: Any, **kwargs: Any) -> Any:
        return self._try(super().has_key, False, *args, **kwargs)

    def incr(self, key: Any, delta: int = 1, version: Any = None) -> int:
        """As if the key had just run out: the callers know that case."""
        counted = self._try(super().incr, None, key, delta, version)
        if counted is None:
            raise ValueError(f"Key {key!r} not found")
        return int(counted)

    def set_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._try(super().set_many, [], *args, **kwargs)

    def delete_many(self, *args: Any, **kwargs: Any) -> None:
        self._try(super().delete_many, None, *args, **kwargs)
