"""Who may open the workspace, and how a ticket is found in it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django_htmx.middleware import HtmxDetails

from accounts import access
from accounts.models import User
from accounts.rules.capabilities import Capability
from tickets.workspace.navigation import sees_tickets

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


class StaffRequest(HttpRequest):
    """What a guarded view gets: somebody is logged in, and they see tickets."""

    user: User
    htmx: HtmxDetails


def workspace_page(
    *needs: Capability,
) -> Callable[[Callable[Concatenate[StaffRequest, P], HttpResponseBase]], View[P]]:
    """For staff who see tickets and have ``needs``. Others are refused; who is not logged in is asked to."""

    def decorate(view: Callable[Concatenate[StaffRequest, P], HttpResponseBase]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _ask_to_log_in(request)
            if not sees_tickets(request.user) or not all(access.can(request.user, need) for need in needs):
                raise PermissionDenied
            return view(cast(StaffRequest, request), *args, **kwargs)

        return cast(View[P], guarded)

    return decorate


def _ask_to_log_in(request: HttpRequest) -> HttpResponse:
    """A part of a page cannot show the log-in: the whole page goes there, and comes back to where it was."""
    if getattr(request, "htmx", False):
        page = request.headers.get("HX-Current-URL", "/admin/")
        target = redirect_to_login(page)
        return HttpResponse(status=204, headers={"HX-Redirect": target["Location"]})
    return redirect_to_login(request.get_full_path())
