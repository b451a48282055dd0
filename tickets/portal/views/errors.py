"""Pages for what goes wrong, in the same calm look."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

_TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Cookies are off, the page was open for too long, or somebody has logged in anew since; named by
    CSRF_FAILURE_VIEW. The header tells scripts, which may know that their page is out of date.
    """
    is_desk = request.path.startswith(reverse("admin:index"))
    response = render(request, "403_csrf.html", {"is_desk": is_desk}, status=403)
    response["X-CSRF-Failed"] = "1"
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Too much was sent at once, or something that makes no sense."""
    too_much = isinstance(exception, _TOO_MUCH)
    return render(request, "400.html", {"too_much": too_much}, status=413 if too_much else 400)
