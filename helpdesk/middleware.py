"""Headers that depend on where a page stands."""

from collections.abc import Callable
from urllib.parse import urlsplit

from csp.constants import SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound

from helpdesk.lib.file_places import SERVED_AT, host_of


class FilesOriginOnly:
    """On the host of FILES_ORIGIN there are files and nothing else; no log-in, no page that a file could speak to. And
    on every other host there are none of its addresses.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        own = host_of(settings.FILES_ORIGIN)
        is_ours = bool(own) and request.META.get("HTTP_HOST", "").partition(":")[0].lower() == own
        if is_ours != request.path_info.startswith(SERVED_AT):
            if is_ours or own:
                return HttpResponseNotFound()
        return self.get_response(request)


class AdminContentSecurityPolicy:
    """What the admin's theme cannot do without, for the admin's pages alone.

    Alpine.js evaluates the expressions in the theme's templates, so script needs 'unsafe-eval': still no inline
    script and no foreign one. The theme writes its colours into a <style> element and htmx adds one, so style needs
    'unsafe-inline', which a nonce beside it would switch off. Its pages may connect to the process that tells them
    what is new.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path_info.startswith("/admin/"):
            update = {"script-src": [UNSAFE_EVAL], "connect-src": live_sources(request)}
            response._csp_update = update  # type: ignore[attr-defined]
            response._csp_replace = {"style-src": [SELF, UNSAFE_INLINE]}  # type: ignore[attr-defined]
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
