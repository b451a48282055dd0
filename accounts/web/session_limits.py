"""Keeps watch over log-ins in browsers: each has its row, is seen now and then, and ends when its time is over.

What is needed for that stands in the session itself: a page costs no query more, but once a minute.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts.actions import sessions
from accounts.models import LogInSession, User
from accounts.rules.session_limits import CUSTOMERS, Lasting, why_over
from helpdesk.lib import clock
from helpdesk.lib.http import address_of

KEPT_AS = "log_in"
MINUTE = timedelta(minutes=1)
#: What pages ask by themselves is no sign that anybody sits before them.
BY_THEMSELVES = frozenset(
    {
        "workspace:bell",
        "workspace:ticket_live",
        "workspace:queue_rows",
        "workspace:queue_counts",
        "workspace:recalculation_progress",
        "workspace:training_progress",
    }
)


class SessionLimitsMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or SESSION_KEY not in request.session:
            return
        kept = request.session.get(KEPT_AS)
        if kept is None:
            _adopt(request)
            return
        name = request.resolver_match.view_name if request.resolver_match else ""
        _watch(request, kept, is_sign_of_life=name not in BY_THEMSELVES)


def keep(request: HttpRequest, user: User) -> None:
    """A log-in begins: its row, and what the watch needs."""
    if not request.session.session_key:
        request.session.create()
    key = str(request.session.session_key)
    agent = request.META.get("HTTP_USER_AGENT", "").replace("\x00", "")
    row = sessions.begin(user, key=key, address=address_of(request), agent=agent)
    now = clock.now().timestamp()
    request.session[KEPT_AS] = {"row": row.pk, "key": key, "from": now, "seen": now, "staff": user.is_staff}


def _adopt(request: HttpRequest) -> None:
    """One that was begun by an earlier release."""
    if isinstance(request.user, User):
        keep(request, request.user)


def _watch(request: HttpRequest, kept: dict[str, Any], *, is_sign_of_life: bool) -> None:
    now = clock.now()
    started, seen = (datetime.fromtimestamp(kept[name], UTC) for name in ("from", "seen"))
    over = why_over(lasting(is_staff=kept["staff"]), started=started, seen=seen, now=now)
    if over is not None:
        sessions.end(LogInSession.objects.filter(pk=kept["row"]), why=over, by=None)
        _forget(request)
        messages.info(request, _("You were logged out: %(why)s.") % {"why": over.label})
        return
    has_new_key = kept["key"] != request.session.session_key
    if not has_new_key and not (is_sign_of_life and now - seen >= MINUTE):
        return
    key = str(request.session.session_key)
    if not sessions.seen(kept["row"], key=key, address=address_of(request)):
        _forget(request)
        return
    told = {"key": key, **({"seen": now.timestamp()} if is_sign_of_life else {})}
    request.session[KEPT_AS] = {**kept, **told}


def lasting(*, is_staff: bool) -> Lasting:
    if not is_staff:
        return CUSTOMERS
    return Lasting(
        idle=timedelta(minutes=settings.STAFF_SESSION_IDLE_MINUTES),
        whole=timedelta(hours=settings.STAFF_SESSION_HOURS),
    )


def _forget(request: HttpRequest) -> None:
    """Whoever asks is a stranger from here on."""
    request.session.flush()
    request.user = AnonymousUser()


def row_of(request: HttpRequest) -> int | None:
    """The row of the session at hand."""
    kept = request.session.get(KEPT_AS)
    return int(kept["row"]) if kept else None
