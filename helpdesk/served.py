"""Files on FILES_ORIGIN, by a signed link that lives a minute. No log-in is asked for: whoever signed it had looked."""

from __future__ import annotations

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import storages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from helpdesk.lib.files import handed_out, of_link


class _Stored(File):  # type: ignore[type-arg]
    """Opened when it is handed out."""

    def open(self, *args: object, **kwargs: object) -> File[bytes]:
        return storages["private"].open(self.name or "", "rb")


@require_safe
def served(request: HttpRequest, token: str) -> HttpResponseBase:
    if not settings.FILES_ORIGIN:
        raise Http404("There is no such origin.")
    said = of_link(request, token)
    if not storages["private"].exists(said.path):
        raise Http404("The file is gone.")
    return handed_out(_Stored(None, said.path), said, cross_origin=True)
