"""Headers that depend on where a page stands."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse


class AdminContentSecurityPolicy:
    """The admin's pages may connect to the process that tells them what is new.

    Its theme's scripts need no eval: static/js/expressions.js reads what they say in attributes.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path_info.startswith("/admin/"):
            response._csp_update = {"connect-src": live_sources(request)}  # type: ignore[attr-defined]
        return response


def live_sources(request: HttpRequest) -> list[str]:
    """Where the pages' websocket goes, as CSP spells it. 'self' covers it in new browsers only, and on one port."""
    where: str = settings.REALTIME_URL
    if not where:
        return []
    if where.startswith("ws"):
        parts = urlsplit(where)
        return [f"{parts.scheme}://{parts.netloc}"]
    try:
        own = urlsplit(f"//{request.get_host()}")
    except DisallowedHost:  # the answer is a refusal, which connects to nothing
        return []
    scheme = "wss" if request.is_secure() else "ws"
    if where.startswith(":"):
        return [f"{scheme}://{own.hostname}{where.partition('/')[0]}"]
    return [f"{scheme}://{own.netloc}"]
