"""The admin theme's shell around the designed pages.

Rendering the shell (sidebar, menus, head) takes longer than everything an agent came for, and it is the same for hours.
So it is rendered once for a person and place in the navigation, with marks where the page goes, and kept; a page is
then poured into it. What differs from request to request, the CSRF token above all, is never kept.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.translation import get_language

from accounts import access
from accounts.models import User
from accounts.rules.capabilities import Capability
from tickets.queries.notices import MOST_COUNTED, unread_count
from tickets.workspace import commands, navigation, words
from tickets.workspace.live_words import live_words

KEPT = 500
#: Letters of the private use area: no text that people write holds them.
_MARKS = {name: f"\ue000{name}\ue001" for name in ("title", "query", "token", "unread", "body")}
_kept: OrderedDict[tuple[Any, ...], str] = OrderedDict()


def page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    title: str,
    place: str = "",
    query: str = "",
    status: int = 200,
) -> HttpResponse:
    """``template`` within the shell. ``place`` is the entry of the navigation to mark; ``query`` what was searched."""
    body = render_to_string(template, dict(context), request)
    poured = {
        "title": _plain(title),
        "query": _plain(query),
        "token": get_token(request),
        "unread": _unread(request),
        "body": body,  # last: what it holds is not looked into
    }
    html = _frame(request, place)
    for name, text in poured.items():
        html = html.replace(_MARKS[name], text)
    response = HttpResponse(html, status=status)
    response["Vary"] = "HX-Request"
    response["Cache-Control"] = "no-store"
    return response


def _unread(request: HttpRequest) -> str:
    """How many notices are new; nothing where none is."""
    assert isinstance(request.user, User)
    count = unread_count(request.user)
    return f"{MOST_COUNTED - 1}+" if count >= MOST_COUNTED else str(count or "")


def _plain(text: str) -> str:
    """Without what could look like a mark to the replacements that follow."""
    return escape(text.replace("\ue000", ""))


def part(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """A part of a page, for htmx to swap in."""
    response = HttpResponse(render_to_string(template, dict(context), request), status=status)
    response["Vary"] = "HX-Request"
    response["Cache-Control"] = "no-store"
    return response


def _frame(request: HttpRequest, place: str) -> str:
    user = request.user
    assert isinstance(user, User)
    key = (
        *(user.pk, user.role, user.display_name, user.email, user.is_on_duty, get_language(), place),
        *(navigation.badge_of(user), navigation.alarms_of(user)),
        settings.REALTIME_URL,
    )
    html = _kept.get(key)
    if html is None or settings.DEBUG:
        html = _kept[key] = _render_frame(request, user)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return html


def _render_frame(request: HttpRequest, user: User) -> str:
    context = admin.site.each_context(request)
    context |= {
        "marks": _MARKS,
        "branding": context["site_header"],
        "csrf_token": _MARKS["token"],
        "countdown_words": words.countdown_words(),
        "commands": commands.of(user),
        "may_work": access.can(user, Capability.WORK_TICKETS),
        "on_duty": user.is_on_duty,
        "live": settings.REALTIME_URL,
        "live_words": live_words(),
        "may_answer": access.can(user, Capability.ANSWER_EMERGENCIES),
        "may_open": access.can(user, Capability.OPEN_FOR_CUSTOMER),
    }
    return render_to_string("workspace/frame.html", context, request)
