"""The API's description, the page to browse it by, and the answer where there is no such address."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny

from accounts.api.security import Throttle
from helpdesk.lib.problems import problem_response


class SchemaView(SpectacularAPIView):
    """Open to all: it holds nothing that the source does not say."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (Throttle,)


class DocsView(SpectacularSwaggerSplitView):
    """The page's script comes from an address of its own, as the site's Content-Security-Policy asks."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (Throttle,)
    url_name = "api_schema"
    template_name = "api/docs.html"


@csrf_exempt
def no_such_address(request: HttpRequest, path: str) -> JsonResponse:
    detail = _("There is nothing at this address.")
    if not path.endswith("/") and _exists(f"{request.path_info}/"):
        detail = _("There is nothing at this address. It ends with a slash.")
    return problem_response(request, 404, "not_found", detail)


def _exists(path: str) -> bool:
    try:
        return resolve(path).func is not no_such_address
    except Resolver404:
        return False


def either_may_fit(result: dict[str, Any], **_more: Any) -> dict[str, Any]:
    """For drf-spectacular: what staff get has all that customers get and more, so that both shapes fit it, which
    ``oneOf`` forbids.
    """
    for shape in result["components"].get("schemas", {}).values():
        if "oneOf" in shape and "discriminator" not in shape:
            shape["anyOf"] = shape.pop("oneOf")
    return result
