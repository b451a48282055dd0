from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import RequestFactory

from helpdesk.lib import clock
from helpdesk.lib.http import Limit, client_ip


@pytest.mark.parametrize(
    ("proxies", "forwarded", "found"),
    [
        (0, "1.1.1.1", "9.9.9.9"),
        (1, "1.1.1.1, 2.2.2.2", "2.2.2.2"),
        (2, "1.1.1.1, 2.2.2.2", "1.1.1.1"),
        (2, "1.1.1.1", "9.9.9.9"),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        (1, "::ffff:2.2.2.2", "2.2.2.2"),
        (1, "nonsense", "unknown"),
    ],
)
def test_client_ip(rf: RequestFactory, settings: Any, proxies: int, forwarded: str, found: str) -> None:
    settings.TRUSTED_PROXIES = proxies
    assert client_ip(rf.get("/", REMOTE_ADDR="9.9.9.9", HTTP_X_FORWARDED_FOR=forwarded)) == found


def test_limit() -> None:
    limit, start = Limit("test", 2, 60), datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
    with clock.frozen(start):
        assert [limit.spend("a") for _ in range(3)] == [True, True, False]
        assert limit.spend("b")
        assert [limit.is_spent(who) for who in "abc"] == [True, False, False]
    with clock.frozen(start + timedelta(seconds=61)):
        assert limit.spend("a")
