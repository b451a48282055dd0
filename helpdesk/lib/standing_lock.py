"""A lock that one process of many holds for as long as it lives. PostgreSQL keeps it, on a connection of its own."""

from __future__ import annotations

from typing import Any

from django.db import Error, connection
from django.db.backends.base.base import BaseDatabaseWrapper

from helpdesk.lib.single_flight import key_of

#: A cable that was cut is noticed on this side within some ten seconds; without this, after hours.
_NOTICED_HERE = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
#: And on the other, so that the lock of a machine that lost its power does not outlive it.
_NOTICED_THERE = {
    "tcp_keepalives_idle": "5",
    "tcp_keepalives_interval": "2",
    "tcp_keepalives_count": "3",
    "idle_session_timeout": "0",
    "statement_timeout": "5s",
}
_MINE = """
    SELECT EXISTS (
        SELECT FROM pg_locks
        WHERE locktype = 'advisory' AND granted AND pid = pg_backend_pid()
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
          AND classid = %s AND objid = %s AND objsubid = 1
    )
"""


class StandingLock:
    """``hold`` is asked again and again: a lock once taken may be lost, and whoever holds it must know.

    It belongs to the session, so the connection must be one session from end to end. Behind PgBouncer in transaction
    mode it is not: each statement may run in another session, the lock stays behind in one of them, and ``hold`` finds
    that it is not ours. Nobody then does the work, which is seen; two never do it, which might not be.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._key = key_of(name)
        self._connection: BaseDatabaseWrapper | None = None

    def hold(self) -> bool:
        """Whether it is ours now, taken if it was free. Raises django.db.Error when the database cannot be asked."""
        try:
            return self._is_mine() or self._ask("SELECT pg_try_advisory_lock(%s)", self._key)
        except Error:
            self.release()
            raise

    def release(self) -> None:
        """The session ends, and the lock with it."""
        gone, self._connection = self._connection, None
        if gone is not None:
            gone.close()

    def _is_mine(self) -> bool:
        high, low = self._key >> 32 & 0xFFFFFFFF, self._key & 0xFFFFFFFF
        return self._connection is not None and self._ask(_MINE, high, low)

    def _ask(self, question: str, *values: Any) -> bool:
        if self._connection is None:
            self._connection = self._connect()
        with self._connection.cursor() as cursor:
            cursor.execute(question, values)
            return bool(cursor.fetchone()[0])

    def _connect(self) -> BaseDatabaseWrapper:
        own: BaseDatabaseWrapper = connection.copy()
        given = own.settings_dict["OPTIONS"]
        own.settings_dict["OPTIONS"] = {**_NOTICED_HERE, "application_name": self.name, **given}
        with own.cursor() as cursor:
            for name, value in _NOTICED_THERE.items():
                cursor.execute("SELECT set_config(%s, %s, false)", [name, value])
        return own
