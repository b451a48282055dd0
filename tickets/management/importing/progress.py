"""A bar on the terminal; a line now and then where there is none."""

from __future__ import annotations

import time
from typing import IO

WIDTH = 30


class Progress:
    def __init__(self, out: IO[str], total: int) -> None:
        self._out, self._total = out, max(total, 1)
        self._tty = out.isatty()
        self._every = 0.2 if self._tty else 10.0
        self._started = self._shown_at = time.monotonic()
        self._first_rows: int | None = None

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._started

    def show(self, done: int, rows: int, rejected: int, *, final: bool = False) -> None:
        """``done`` of the total bytes were read, which were so many rows."""
        if self._first_rows is None:
            self._first_rows = rows
        now = time.monotonic()
        if not final and now - self._shown_at < self._every:
            return
        self._shown_at = now
        share = min(done / self._total, 1)
        bar = ("█" * round(share * WIDTH)).ljust(WIDTH, "·")
        speed = (rows - self._first_rows) / max(self.seconds, 0.001)
        line = f"{bar} {share:4.0%}  {rows:,} rows  {speed:,.0f} rows/s  {rejected:,} rejected"
        self._out.write(f"\r{line}\x1b[K" if self._tty else f"{line}\n")
        if final and self._tty:
            self._out.write("\n")
        self._out.flush()
