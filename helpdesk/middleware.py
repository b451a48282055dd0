"""Headers that depend on where a page stands."""

from collections.abc import Callable

from csp.constants import SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django.http import HttpRequest, HttpResponse


class AdminContentSecurityPolicy:
    """What the admin's theme cannot do without, for the admin's pages alone.

    Alpine.js evaluates the expressions in the theme's templates, so script needs 'unsafe-eval': still no inline
    script and no foreign one. The theme writes its colours into a <style> element and htmx adds one, so style needs
    'unsafe-inline', which a nonce beside it would switch off.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path_info.startswith("/admin/"):
            response._csp_update = {"script-src": [UNSAFE_EVAL]}  # type: ignore[attr-defined]
            response._csp_replace = {"style-src": [SELF, UNSAFE_INLINE]}  # type: ignore[attr-defined]
        return response
