"""The gate before the views: counts by the table of limits, and says kindly that it was too often."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helpdesk.lib.http import Limit, spend
from helpdesk.lib.limits import limit_of
from helpdesk.lib.problems import problem_response

TOO_MANY = 429
#: Said where the view that refused did not say how long.
SOME_TIME = 60
#: So much of what was typed is given back to be sent again; an honest form is smaller.
_MOST_FIELDS, _MOST_CHARACTERS = 200, 100_000
#: Never given back: the first is made anew, the others are typed again.
_NOT_KEPT = ("csrfmiddlewaretoken", "password", "oldpassword", "password1", "password2", "code", "credential")


class LimitsMiddleware:
    """Counts what ``helpdesk.lib.limits`` says; each 429, whoever answers it, says when to come again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == TOO_MANY and "Retry-After" not in response.headers:
            response.headers["Retry-After"] = str(getattr(request, "retry_after", SOME_TIME))
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        match = request.resolver_match
        limit = limit_of(match.view_name if match else "", request.method or "GET")
        return None if limit is None or spend(request, limit) else refuse(request, limit)


def refuse(request: HttpRequest, limit: Limit) -> HttpResponse:
    """In the reader's language and the asker's form; what was typed can be sent again from the page itself."""
    seconds = limit.wait()
    minutes = -(-seconds // 60)
    wait = ngettext("Please try again in a minute.", "Please try again in %(count)s minutes.", minutes) % {
        "count": minutes
    }
    if _is_program(request):
        answer: HttpResponse = problem_response(
            request, TOO_MANY, "throttled", " ".join((_("Too many requests."), wait))
        )
    elif getattr(request, "htmx", False) or request.headers.get("HX-Request"):
        answer = HttpResponse(wait, status=TOO_MANY, content_type="text/plain; charset=utf-8")
    else:
        answer = render(request, "429.html", {"wait": wait, "kept": _kept(request)}, status=TOO_MANY)
        answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Retry-After"] = str(seconds)
    return answer


def _is_program(request: HttpRequest) -> bool:
    return not request.accepts("text/html") or (request.content_type or "").endswith("json")


def _kept(request: HttpRequest) -> list[tuple[str, str]]:
    """(name, value) of what was typed. Files are chosen again."""
    if request.method != "POST" or request.content_type not in (
        "application/x-www-form-urlencoded",
        "multipart/form-data",
    ):
        return []
    pairs = [
        (name, value) for name, values in request.POST.lists() for value in values if name not in _NOT_KEPT
    ]
    fits = len(pairs) <= _MOST_FIELDS and sum(len(value) for _name, value in pairs) <= _MOST_CHARACTERS
    return pairs if fits else []
