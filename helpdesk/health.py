"""What a load balancer asks: can this process reach what it needs? And what a monitor asks: does the work get done?"""

import logging
from collections.abc import Callable

from django.core.cache import cache
from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from helpdesk.lib import lag

log = logging.getLogger(__name__)
OK, FAILING, LAGGING, UNKNOWN = "ok", "failing", "lagging", "unknown"


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while the engines answer, or 503. Work that lags is told, but no reason to take this process out of service.

    Says nothing more: the page is open to anyone.
    """
    body = _state()
    return JsonResponse(body, status=503 if body["status"] == FAILING else 200)


@never_cache
@require_safe
def healthz_work(request: HttpRequest) -> JsonResponse:
    """For monitors: 503 as soon as anything is not well, background work included."""
    body = _state()
    return JsonResponse(body, status=200 if body["status"] == OK else 503)


def _state() -> dict[str, str]:
    engines = {"database": _works("database", _database), "redis": _works("redis", _redis)}
    work = _work() if engines["database"] == OK else dict.fromkeys(lag.names(), UNKNOWN)
    status = OK
    if set(work.values()) != {OK}:
        status = LAGGING
    if FAILING in engines.values():
        status = FAILING
    return {"status": status} | engines | work


def _works(name: str, check: Callable[[], None]) -> str:
    try:
        check()
    except Exception:  # whatever is wrong with an engine, the answer is the same
        log.exception("health check of %s failed", name)
        return FAILING
    return OK


def _work() -> dict[str, str]:
    try:
        return {reading.name: LAGGING if reading.is_lagging else OK for reading in lag.readings()}
    except Error:  # between a new release and its migrations, say
        log.exception("could not measure how far background work is behind")
        return dict.fromkeys(lag.names(), UNKNOWN)


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _redis() -> None:
    cache.ping()  # type: ignore[attr-defined]  # helpdesk.lib.cache's own; get() goes on without Redis
