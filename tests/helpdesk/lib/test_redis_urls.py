import pytest

from helpdesk.lib.redis_urls import broker_url, next_database


@pytest.mark.parametrize(
    ("url", "cache", "broker"),
    [
        ("redis://host:6379/0", "redis://host:6379/1", "redis://host:6379/0"),
        ("redis://host:6379", "redis://host:6379/1", "redis://host:6379"),
        ("rediss://:secret@host:6380/4", "rediss://:secret@host:6380/5", "rediss://:secret@host:6380/4"),
        ("unix:///run/r.sock?db=2", "unix:///run/r.sock?db=3", "redis+socket:///run/r.sock?virtual_host=2"),
        ("unix:///run/r.sock", "unix:///run/r.sock?db=1", "redis+socket:///run/r.sock?virtual_host=0"),
    ],
)
def test_queue_and_cache_stand_side_by_side(url: str, cache: str, broker: str) -> None:
    assert next_database(url) == cache
    assert broker_url(url) == broker
