"""Dangerous things ask again who you are: password, or second factor where there is one.

``@step_up_required`` on a view lets through whoever logged in or confirmed in the last STEP_UP_MINUTES. Others go to
the log-in's own confirmation page and come back: to the page, or, where a form was sent, to its being carried out with
everything they typed. Until then the form lies sealed in their session, for a few minutes.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast
from urllib.parse import urlsplit

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.urls import resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _

from accounts.confirmation import is_fresh
from accounts.models import User
from helpdesk.lib import clock, sealed

P = ParamSpec("P")
_PURPOSE = "step-up"
#: So long a form that was sent waits for the confirmation. Later it must be sent again: nobody remembers it.
KEPT_SECONDS = 600
_LARGEST = 64 * 1024


def step_up_required(
    view: Callable[Concatenate[Any, P], HttpResponseBase],
) -> Callable[Concatenate[Any, P], HttpResponseBase]:
    """For views that somebody who is logged in gets; stands below the decorator that sees to that.

    Views of the API take ``accounts.api.security.ConfirmedAgain`` among their permissions instead.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs) if is_fresh(request) else ask(request)

    return cast("Callable[Concatenate[Any, P], HttpResponseBase]", guarded)


def ask(request: HttpRequest) -> HttpResponse:
    """To the confirmation, with the way back. A part of a page cannot show it: the whole page goes there."""
    request.session.pop(STATE_SESSION_KEY, None)
    back = request.get_full_path()
    if request.method == "POST":
        # Where the form lies no longer, there is something to come back to: many an address takes forms alone.
        back = _page_of(request) or back
        _keep(request, back)
    elif getattr(request, "htmx", False):
        back = _page_of(request) or "/"
    target = f"{_confirmation_page(request)}?{urlencode({'next': back})}"
    if getattr(request, "htmx", False):
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return HttpResponseRedirect(target)


def _confirmation_page(request: HttpRequest) -> str:
    """The strongest way that this person has; the page offers the others. Nobody has none, but those who log in by
    a link alone: they set a password first."""
    ways = {
        way["id"]: str(way["url"]) for way in get_adapter(request).get_reauthentication_methods(request.user)
    }
    for way in ("mfa_reauthenticate:webauthn", "mfa_reauthenticate", "reauthenticate"):
        if way in ways:
            return ways[way]
    return reverse("account_set_password")


def _page_of(request: HttpRequest) -> str:
    """The page of ours on which the form or the part stands, as a path; empty where the browser does not say."""
    said = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(said, allowed_hosts={request.get_host()}):
        return ""
    parts = urlsplit(said)
    return f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"


def _keep(request: HttpRequest, back: str) -> None:
    """What was sent, encrypted: a form may hold a mailbox's password. Files are not kept; they are chosen again."""
    sent = request.POST.urlencode().encode()
    if request.FILES or len(sent) > _LARGEST:
        return
    state = {
        "path": request.get_full_path(),
        "back": back,
        "sent": base64.b64encode(sealed.seal(sent, purpose=_PURPOSE)).decode(),
        "at": clock.now().timestamp(),
        "user": request.user.pk,
    }
    request.session[STATE_SESSION_KEY] = {"callback": "accounts.web.step_up.go_on", "state": state}


def go_on(request: HttpRequest, state: dict[str, Any]) -> HttpResponseBase:
    """Called by the log-in after the confirmation: carries out the form that was sent before it."""
    back = str(state["back"])
    asked_for = request.POST.get("next") or request.GET.get("next")
    if asked_for != back or state["user"] != request.user.pk:
        # They gave it up and confirm something else now: it is not to happen behind their backs.
        return HttpResponseRedirect(_safe(request, asked_for))
    if clock.now().timestamp() - state["at"] > KEPT_SECONDS:
        messages.warning(request, _("That took too long. Please send the form once more."))
        return HttpResponseRedirect(back)
    return _carry_out(
        request, str(state["path"]), sealed.unseal(base64.b64decode(state["sent"]), purpose=_PURPOSE)
    )


def _safe(request: HttpRequest, target: str | None) -> str:
    adapter = get_adapter(request)
    return target if target and adapter.is_safe_url(target) else str(adapter.get_login_redirect_url(request))


def _carry_out(request: HttpRequest, path: str, sent: bytes) -> HttpResponseBase:
    parts = urlsplit(path)
    request.path = request.path_info = parts.path
    request.META |= {"PATH_INFO": parts.path, "QUERY_STRING": parts.query, "REQUEST_METHOD": "POST"}
    request.GET = QueryDict(parts.query)
    request.POST = QueryDict(sent)
    request.method = "POST"
    request.resolver_match = found = resolve(parts.path)
    answer: HttpResponseBase = found.func(request, *found.args, **found.kwargs)
    return answer


def is_confirmed(request: HttpRequest) -> bool:
    """For views that ask only in one of their branches: ``if not is_confirmed(request): return ask(request)``."""
    return isinstance(request.user, User) and is_fresh(request)


class AsksAgain:
    """For configuration by which the house could be taken over: before the form, the person confirms who they are.

    Lists are looked at without it; what their acts do, and what is deleted, is confirmed too. Stands before the other
    bases. Who may not enter is refused as ever, and asked nothing.
    """

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, *more: Any, **kwargs: Any
    ) -> Any:
        may: bool = (
            self.has_add_permission(request)  # type: ignore[attr-defined]
            if object_id is None
            else self.has_change_permission(request)  # type: ignore[attr-defined]
        )
        if may and not is_confirmed(request):
            return ask(request)
        return super().changeform_view(request, object_id, *more, **kwargs)  # type: ignore[misc]

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if self.has_delete_permission(request) and not is_confirmed(request):  # type: ignore[attr-defined]
            return ask(request)
        return super().delete_view(request, *args, **kwargs)  # type: ignore[misc]

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        acts = request.method == "POST"
        if acts and self.has_change_permission(request) and not is_confirmed(request):  # type: ignore[attr-defined]
            return ask(request)
        return super().changelist_view(request, *args, **kwargs)  # type: ignore[misc]
