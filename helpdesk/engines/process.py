"""Child processes that cannot outlive their parent."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1


def dies_with_parent(sig: signal.Signals = signal.SIGTERM) -> Callable[[], None] | None:
    """For Popen(preexec_fn=…): the kernel sends `sig` when the parent dies, even by kill -9. Linux only.

    Elsewhere the engines and workers are stopped by an orderly end alone.
    """
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None, use_errno=True)  # loaded before the fork: the child must not import
    parent = os.getpid()

    def ask_kernel() -> None:
        libc.prctl(PR_SET_PDEATHSIG, sig)
        if os.getppid() != parent:  # it died between the fork and the line above
            os._exit(1)

    return ask_kernel
