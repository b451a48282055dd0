"""What was refused, written into the audit log: staff who tried what is not theirs, and log-ins that were too many.

An address that nobody has is no attempt at anything: only those of pages, the API and configuration count. One entry
for a person (or a network address), a route and a minute: whoever goes through a thousand numbers fills no log.
"""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from accounts import audit
from accounts.choices import AuditKind
from accounts.models import User
from helpdesk.lib import clock
from helpdesk.lib.http import client_ip

MINUTE = 60
MAX_PATH = 200
#: Beginnings of the names of addresses that are staff's: cases, customers, acts, configuration.
STAFF_ROUTES = ("workspace:", "admin:", "api_")
#: Where somebody says who they are.
LOG_IN_ROUTES = frozenset(
    {
        *(
            "account_login",
            "account_reauthenticate",
            "account_reset_password",
            "account_reset_password_from_key",
        ),
        *("mfa_authenticate", "mfa_login_webauthn", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"),
        "api_token",
    }
)


def note(request: HttpRequest, response: HttpResponseBase, user: User | None) -> None:
    """After the answer was made, while the audit log still knows from where it was asked."""
    route, status = _route(request), response.status_code
    if (status == 429 and route in LOG_IN_ROUTES) or (
        status in (403, 404) and user is not None and user.is_staff and route.startswith(STAFF_ROUTES)
    ):
        _write(request, route, status, by=user)


def locked_out(request: HttpRequest | None, *, email: str) -> None:
    """The log-in's own lock holds: too many wrong passwords or codes. An address that nobody has is kept nowhere."""
    if request is None:
        return
    tried = User.objects.filter(email__iexact=email).values_list("pk", flat=True).first() if email else None
    _write(request, _route(request), 429, by=None, tried=tried)


def _write(
    request: HttpRequest, route: str, status: int, *, by: User | None, tried: int | None = None
) -> None:
    who = f"user {by.pk}" if by else f"{client_ip(request)} {tried or ''}"
    told = hashlib.sha256(f"{who} {route} {int(clock.now().timestamp()) // MINUTE}".encode()).hexdigest()
    # Without Redis each of them is written.
    if not cache.add(f"refused:{told}", 1, timeout=MINUTE):
        return
    more: dict[str, Any] = {"user": tried} if tried else {}
    path = request.path[:MAX_PATH]
    audit.record(
        AuditKind.REFUSED, by=by, route=route, path=path, method=request.method, status=status, **more
    )


def _route(request: HttpRequest) -> str:
    """ "" where there is none: the admin has a view of its own that says so."""
    match = request.resolver_match
    name = match.view_name if match is not None else ""
    return "" if name.endswith(".catch_all_view") else name
