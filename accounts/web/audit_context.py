"""Says to the audit log from where the request comes that is being answered."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accounts.audit import Asked, answering
from helpdesk.lib.http import outer_address


class AuditContextMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        with answering(Asked(address=outer_address(request), session=session_name(key))) as asked:
            request.audit = asked  # type: ignore[attr-defined]
            return self.get_response(request)


def session_name(key: str) -> str:
    """The same session has the same name, and nobody gets from the name to the key."""
    return hashlib.sha256(f"session name {key}".encode()).hexdigest()[:16] if key else ""
