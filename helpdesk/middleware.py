"""Headers that depend on where a page stands."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.utils.translation import gettext as _

from helpdesk.lib.file_places import SERVED_AT, place_of
from helpdesk.lib.problems import problem_response


class FilesOriginOnly:
    """On the host of FILES_ORIGIN there are files and nothing else; no log-in, no page that a file could speak to. And
    on every other host there are none of its addresses.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        own = place_of(settings.FILES_ORIGIN)
        is_ours = bool(own) and request.META.get("HTTP_HOST", "").lower() == own
        if own and is_ours != request.path_info.startswith(SERVED_AT):
            return HttpResponseNotFound()
        return self.get_response(request)


class NoPlainPrograms:
    """Programs that come without TLS are told so, where people are sent on to https: the key that they brought is not
    safe any more, and whoever wrote them must notice. Where there is no proxy to say which it was, nobody knows.
    """

    PATHS = ("/api/", "/mail/incoming/", "/wallet/answers/")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SECURE_SSL_REDIRECT and request.path.startswith(self.PATHS) and not request.is_secure():
            told = _("Only https:// is answered here. A key that was sent in clear must be replaced.")
            return problem_response(request, 403, "not_secure", told)
        return self.get_response(request)


#: Powers of a browser that no page of ours asks for, whatever runs in it.
NO_POWERS = (
    "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "geolocation",
    "gyroscope", "hid", "idle-detection", "local-fonts", "magnetometer", "microphone", "midi", "payment", "serial",
    "usb", "xr-spatial-tracking",
)  # fmt: skip


class SafetyHeaders:
    """What Django's own middleware does not say: what a page may not do, and that no page about a person is kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.policy = ", ".join(f"{power}=()" for power in NO_POWERS)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", self.policy)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("X-Permitted-Cross-Domain-Policies", "none")
        if _knows_who(request):
            response.headers.setdefault("Cache-Control", "private, no-store")
        if request.method == "POST" and _logs_out(request):
            # Not the cookies: those that are left say light or dark, and which language.
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response


def _logs_out(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and match.view_name in ("account_logout", "admin:logout")


def _knows_who(request: HttpRequest) -> bool:
    """Whether the answer was made for somebody: asked only of what the view has looked at, it costs nothing."""
    session = getattr(request, "session", None)
    return session is not None and session.accessed and not session.is_empty()


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
