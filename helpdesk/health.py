"""What a load balancer asks: can this process reach what it needs?"""

import logging
from collections.abc import Callable

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

log = logging.getLogger(__name__)


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 with every part "ok", or 503. Says nothing more: the page is open to anyone."""
    checks = {"database": _works("database", _database), "redis": _works("redis", _redis)}
    fine = all(checks.values())
    body = {"status": "ok" if fine else "failing"} | {
        name: "ok" if ok else "failing" for name, ok in checks.items()
    }
    return JsonResponse(body, status=200 if fine else 503)


def _works(name: str, check: Callable[[], None]) -> bool:
    try:
        check()
    except Exception:  # whatever is wrong with an engine, the answer is the same
        log.exception("health check of %s failed", name)
        return False
    return True


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _redis() -> None:
    cache.ping()  # type: ignore[attr-defined]  # helpdesk.lib.cache's own; get() goes on without Redis
