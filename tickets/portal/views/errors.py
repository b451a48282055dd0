"""Pages for what goes wrong, in the same calm look."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

_TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Cookies are off, or the page was open for too long; named by CSRF_FAILURE_VIEW."""
    return render(request, "403_csrf.html", status=403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Too much was sent at once, or something that makes no sense."""
    too_much = isinstance(exception, _TOO_MUCH)
    return render(request, "400.html", {"too_much": too_much}, status=413 if too_much else 400)
