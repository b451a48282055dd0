"""A cache that may be away: pages go on without it. Nothing that must not be lost is kept in it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any, ClassVar

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

from helpdesk.lib.signed_values import Forged

logger = logging.getLogger(__name__)


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache, which remembers nothing while Redis is away: every look-up misses, every write is lost.

    Sessions are in PostgreSQL too, the rest is computed again. But what is counted against guessing and flooding (the
    limits, and the log-in's own with its codes that were used) each process then counts by itself: the limits are as
    many times as wide as there are processes, and do not end.
    """

    #: After a failure nobody waits for Redis for so long: a page asks the cache many times.
    PAUSE_SECONDS = 2.0
    _paused_until: ClassVar[float] = 0.0
    #: Beginnings of keys that are kept in the process meanwhile.
    COUNTED = ("limit:", "allauth:rl:", "allauth.mfa.totp.")
    _meanwhile: ClassVar[LocMemCache] = LocMemCache(
        "helpdesk-counts", {"OPTIONS": {"MAX_ENTRIES": 50_000}, "KEY_PREFIX": "meanwhile"}
    )

    def ping(self) -> None:
        """Raises when Redis is away; for the health check, which wants the truth."""
        self._cache.get_client().ping()

    def _try(self, ask: Callable[..., Any], otherwise: Any, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() < ForgivingRedisCache._paused_until:
            return self._without(ask, otherwise, *args, **kwargs)
        try:
            return ask(*args, **kwargs)
        except Forged:
            logger.warning("A value in the cache is not signed by this desk; it was not read.")
            return otherwise
        except (RedisError, OSError) as problem:
            ForgivingRedisCache._paused_until = time.monotonic() + self.PAUSE_SECONDS
            logger.warning("The cache is away; going on without it. Cause: %s", problem)
            return self._without(ask, otherwise, *args, **kwargs)

    def _without(self, ask: Callable[..., Any], otherwise: Any, *args: Any, **kwargs: Any) -> Any:
        key = args[0] if args else kwargs.get("key")
        if isinstance(key, str) and key.startswith(self.COUNTED):
            return getattr(self._meanwhile, ask.__name__)(*args, **kwargs)
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
