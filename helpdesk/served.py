"""Files on FILES_ORIGIN, by a signed link that lives a minute. No log-in is asked for: whoever signed it had looked."""

from __future__ import annotations

from django.conf import settings
from django.core.files.storage import storages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from helpdesk.lib.files import handed_out, of_link


@require_safe
def served(request: HttpRequest, token: str) -> HttpResponseBase:
    if not settings.FILES_ORIGIN:
        raise Http404("There is no such origin.")
    said = of_link(request, token)
    return handed_out(lambda: storages["private"].open(said.path, "rb"), said, cross_origin=True)
