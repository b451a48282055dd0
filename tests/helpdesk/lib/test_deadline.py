from __future__ import annotations

import signal
import threading

import pytest

from helpdesk.lib.deadline import TookTooLong, deadline


def test_work_without_end_is_broken_off() -> None:
    with pytest.raises(TookTooLong, match="longer than 0 s"):
        _without_end()


def _without_end() -> None:
    with deadline(0.05):
        while True:
            pass


def test_work_in_time_goes_on_undisturbed() -> None:
    before = signal.getsignal(signal.SIGALRM)
    with deadline(30):
        pass
    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_another_thread_runs_without() -> None:
    ended: list[bool] = []

    def work() -> None:
        with deadline(0.001):
            ended.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert ended == [True]
