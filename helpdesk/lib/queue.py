"""What waits for a worker in Redis. A glance for the operator; nothing is decided by it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import redis
from celery import current_app
from django.conf import settings


@dataclass(frozen=True)
class Queue:
    waiting: int
    in_hand: int


def look() -> Queue | None:
    """None when Redis does not answer."""
    prefix = settings.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"]
    client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=1)
    try:
        waiting: Any = client.llen(f"{prefix}{current_app.conf.task_default_queue}")
        in_hand: Any = client.hlen(f"{prefix}unacked")
    except redis.RedisError:
        return None
    finally:
        client.close()
    return Queue(waiting, in_hand)
