"""An end for work on input that strangers made: whatever it was built to cost, it costs no more than this."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class TookTooLong(BaseException):
    """The work was broken off. No plain Exception: what is forgiven on the way must not swallow it, it comes once."""


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Raises TookTooLong in the body after so many seconds of the clock.

    Only a process's main thread can be interrupted (by SIGALRM); elsewhere the body runs on, as it would without.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(signum: int, frame: FrameType | None) -> None:
        raise TookTooLong(f"longer than {seconds:.0f} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
