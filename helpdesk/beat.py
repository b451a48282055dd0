"""One clock only: any number of beats may run, and the one that holds a lock in PostgreSQL ticks.

Wired by ``CELERY_BEAT_SCHEDULER``. Two ticking beats would send everything twice, none would send nothing. So start
two, on two machines if there are two: the second stands by and takes over within seconds when the first is gone,
however it went. The lock is PostgreSQL's because a flushed Redis must not make a second clock tick.

The lock belongs to a database session. Behind PgBouncer in transaction mode there is no such thing: give beat a
``DATABASE_URL`` that goes past it, or to a pool in session mode. Behind one in transaction mode the clock does not
tick, says why in the log, and /healthz/ calls it lagging.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from pathlib import Path
from typing import Any

from celery import schedules
from celery.beat import PersistentScheduler, ScheduleEntry
from django.db import Error

from helpdesk.lib.standing_lock import StandingLock

logger = logging.getLogger(__name__)
LOCK = "helpdesk beat"
#: So often the one that stands by tries, and the one that ticks makes sure.
LOOK_SECONDS = 2.0


class OneBeat(PersistentScheduler):  # type: ignore[misc]
    """Ticks while it holds the lock. A database that is away ends the ticking, not the process."""

    _store: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._lock = StandingLock(LOCK)
        self._ticks = False
        self._said = ""
        super().__init__(*args, **kwargs)

    def setup_schedule(self) -> None:
        """Not before the lock is ours: a stand-by on the same machine would spoil the file of the one that ticks."""

    def tick(self, *args: Any, **kwargs: Any) -> float:
        self._show_that_we_live()
        if not self._may_tick():
            return LOOK_SECONDS
        return min(float(super().tick(*args, **kwargs)), LOOK_SECONDS)

    def apply_entry(self, entry: ScheduleEntry, producer: Any = None) -> None:
        """Asked once more: between the tick and this the queue may have kept us waiting for long."""
        if self._may_tick():
            super().apply_entry(entry, producer)

    def close(self) -> None:
        super().close()
        self._lock.release()

    def _may_tick(self) -> bool:
        try:
            ours = self._lock.hold()
            why = "" if ours else "another beat holds the lock"
        except Error as problem:
            ours, why = (
                False,
                f"the database does not answer ({str(problem).strip() or type(problem).__name__})",
            )
        if ours and not self._ticks:
            self._begin()
        elif self._ticks and not ours:
            self._cease(why)
        elif not ours:
            self._say(f"This beat stands by: {why}.")
        return ours

    def _begin(self) -> None:
        """What goes by seconds is due at once: after a change of clocks nobody waits for another round."""
        super().setup_schedule()
        for entry in self.schedule.values():
            if isinstance(entry.schedule, schedules.schedule):
                entry.last_run_at -= entry.schedule.run_every
        self._ticks = True
        self._say("This beat has the lock and ticks.")

    def _cease(self, why: str) -> None:
        """The file is left as it was last written: it may be another's by now."""
        store, self._store = self._store, None
        store.cache.clear()
        store.close()
        self._heap = self.old_schedulers = None
        self._ticks = False
        self._say(f"This beat has lost the lock and no longer ticks: {why}.", logging.WARNING)

    def _say(self, text: str, level: int = logging.INFO) -> None:
        """Each change once, not every two seconds."""
        if text != self._said:
            self._said = text
            logger.log(level, text)

    def _show_that_we_live(self) -> None:
        """For a container's health check, which cannot tell a stand-by from the dead by the schedule's file."""
        with suppress(OSError):
            Path(f"{self.schedule_filename}.alive").touch()
