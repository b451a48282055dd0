from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from helpdesk.lib import clock

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
REAL = datetime(2026, 5, 5, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def real_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: REAL)


def test_it_works() -> None:
    with clock.frozen(NOON) as at:
        assert clock.now() == at == NOON
    assert clock.now() == REAL


def test_blocks_nest() -> None:
    with clock.frozen(NOON):
        with clock.frozen(NOON + timedelta(hours=1)):
            assert clock.now() == NOON + timedelta(hours=1)
        assert clock.now() == NOON


def test_the_clock_runs_again_after_an_error() -> None:
    with pytest.raises(RuntimeError), clock.frozen(NOON):
        raise RuntimeError
    assert clock.now() == REAL


def test_other_threads_keep_the_real_time() -> None:
    with clock.frozen(NOON), ThreadPoolExecutor(1) as pool:
        assert pool.submit(clock.now).result() == REAL


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"), clock.frozen(datetime(2026, 3, 2)):
        pass
