"""One's own log-ins: on which devices, since when; and ending them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.actions.sessions import end
from accounts.models import LogInSession, User
from accounts.queries.places import place_of
from accounts.queries.sessions import sessions_of
from accounts.rules.devices import device_of
from accounts.rules.session_limits import Ended
from accounts.web.session_limits import row_of
from accounts.web.step_up import step_up_required


@dataclass(frozen=True)
class Shown:
    pk: int
    device: str
    address: str
    place: str
    started_at: datetime
    seen_at: datetime
    is_this: bool


@require_safe
@login_required
def sessions(request: HttpRequest) -> HttpResponse:
    user, this = _user(request), row_of(request)
    rows = sorted(sessions_of(user), key=lambda row: row.pk != this)
    shown = [_shown(row, is_this=row.pk == this) for row in rows]
    return render(request, "account/sessions.html", {"sessions": shown, "others": len(shown) - 1})


def _shown(row: LogInSession, *, is_this: bool) -> Shown:
    browser, system = device_of(row.agent)
    if browser and system:
        device = _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    else:
        device = browser or system or _("Unknown device")
    place = place_of(row.address)
    return Shown(row.pk, device, row.address or "", place, row.started_at, row.seen_at, is_this)


@require_POST
@login_required
@step_up_required
def end_session(request: HttpRequest) -> HttpResponse:
    """One of one's own, named by its number; or, where none is named, all but this one."""
    user, named = _user(request), request.POST.get("session", "")
    rows = LogInSession.objects.filter(user=user).exclude(pk=row_of(request) or 0)
    if named:
        rows = rows.filter(pk=int(named) if named.isdecimal() and len(named) < 19 else 0)
    count = end(rows, why=Ended.BY_HAND, by=user)
    told = ngettext("%(count)s session was ended.", "%(count)s sessions were ended.", count)
    messages.success(request, told % {"count": count})
    return redirect("own_sessions")


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
