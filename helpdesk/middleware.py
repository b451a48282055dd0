"""Headers that depend on where a page stands."""

from collections.abc import Callable

from csp.constants import UNSAFE_EVAL
from django.http import HttpRequest, HttpResponse


class AdminContentSecurityPolicy:
    """The admin's theme runs on Alpine.js, which evaluates the expressions written in its templates."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path_info.startswith("/admin/"):
            response._csp_update = {"script-src": [UNSAFE_EVAL]}  # type: ignore[attr-defined]
        return response
