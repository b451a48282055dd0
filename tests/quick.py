"""No text, however made, keeps the desk busy: what grows with the square of its length takes minutes, not seconds."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

#: Whatever grows with the length alone takes a tenth of it, on an idle machine.
A_MOMENT = 10.0


@contextmanager
def quick(seconds: float = A_MOMENT) -> Iterator[None]:
    """Fails where what is inside takes this thread more processor time: what else the machine does counts not."""
    began = time.thread_time()
    yield
    took = time.thread_time() - began
    assert took < seconds, f"{took:.2f} s"
