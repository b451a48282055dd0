"""Says to the audit log from where the request comes that is being answered, and what of it staff have seen."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accounts.actions import reading
from accounts.audit import Asked, answering
from accounts.models import User
from accounts.rules.ways import BY, way_of
from accounts.web import refusals
from helpdesk.lib.http import outer_address

#: Pages that are a reading of their own each time; all other addresses answer with parts of them.
_FILES = ("workspace:mail_one", "workspace:mail_raw", "api_attachment")
_PRIVACY = ("workspace:privacy_person", "workspace:privacy_request")
_SHOW_NOTHING = frozenset({204, 301, 302, 303, 304, 307, 308, 401, 403, 404, 405, 429})
WHOLE = frozenset(
    {"workspace:ticket", "api_ticket", "workspace:whole_mail", "workspace:attachment", *_PRIVACY, *_FILES}
)


class AuditContextMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        asked = Asked(outer_address(request), session_name(key), who=lambda: _user(request))
        with answering(asked):
            request.audit = asked  # type: ignore[attr-defined]
            response = self.get_response(request)
            # Nobody reads what cannot be written down: if this fails, so does the answer.
            if asked.sights and _shows(response):
                _write_down(request, asked)
            if response.status_code in (403, 404, 429):
                refusals.note(request, response, _user(request))
        return response


def _shows(response: HttpResponse) -> bool:
    """A form that was refused shows the case once more. What sends elsewhere or refuses whoever asks shows nothing."""
    return response.status_code not in _SHOW_NOTHING and response.status_code < 500


def _write_down(request: HttpRequest, asked: Asked) -> None:
    user = _user(request)
    if user is None or not user.is_staff:
        return
    match = request.resolver_match
    is_whole = match is not None and match.view_name in WHOLE and request.method == "GET"
    reading.write_down(asked, by=user, way=asked.way or _way(request), is_part=not is_whole)


def _way(request: HttpRequest) -> str:
    return way_of(
        by=request.GET.get(BY, ""),
        page=request.headers.get("HX-Current-URL", ""),
        before=request.headers.get("Referer", ""),
        site=request.headers.get("Sec-Fetch-Site", ""),
        host=request.get_host(),
    )


def _user(request: HttpRequest) -> User | None:
    """A token's person is known after the view has run."""
    user = getattr(request, "user", None)
    return user if user is not None and user.is_authenticated else None


def session_name(key: str) -> str:
    """The same session has the same name, and nobody gets from the name to the key."""
    return hashlib.sha256(f"session name {key}".encode()).hexdigest()[:16] if key else ""
