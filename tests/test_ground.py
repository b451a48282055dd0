"""What all tests stand on."""

from __future__ import annotations

import os

from django.conf import settings
from django.core.cache import cache

from helpdesk.lib.redis_urls import broker_url, database_of, next_database


def test_each_worker_has_its_own_redis_databases() -> None:
    """Or one test's queue and cache would be another's."""
    url = os.environ["REDIS_URL"]
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    assert database_of(url) == (2 * int(worker.removeprefix("gw")) + 2 if worker else 0)
    assert url == settings.REDIS_URL
    assert broker_url(url) == settings.CELERY_BROKER_URL
    assert settings.CACHES["default"]["LOCATION"] == next_database(url)
    cache.set("ground", 1)
    assert cache.get("ground") == 1
