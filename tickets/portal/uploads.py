"""Reading what was sent without losing it: too large a file is set aside by name, a broken token is an error to mend.

Django would answer both with a page of its own, and the text would be gone.
"""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from django.views.decorators.csrf import csrf_exempt

from tickets.portal.door import View


class BoundedUploads(FileUploadHandler):
    """Lets files through up to the limits of size and number; notes the names of the rest."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.too_large: list[str] = []
        self.too_many: list[str] = []
        self._count = 0
        self._limit = settings.ATTACHMENT_MAX_MB * 1024 * 1024

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._count += 1

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        if self._count > settings.ATTACHMENT_MAX_COUNT:
            self.too_many.append(self.file_name or "")
            raise SkipFile
        if start + len(raw_data) > self._limit:
            self.too_large.append(self.file_name or "")
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


class _Check(CsrfViewMiddleware):
    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        return HttpResponse(reason)


def keeps_typed(view: View) -> View:
    """For views with a form that people fill in: they get ``request.uploads`` and ``request.is_genuine``.

    A view that finds ``is_genuine`` false must do nothing but show the form again: the token was missing or old.
    """

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        uploads = BoundedUploads(request)
        request.upload_handlers.insert(0, uploads)
        request.uploads = uploads  # type: ignore[attr-defined]
        check = _Check(lambda _request: HttpResponse())
        check.process_request(request)
        request.is_genuine = check.process_view(request, view_unmarked, (), {}) is None  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)

    return csrf_exempt(inner)


def view_unmarked(request: HttpRequest) -> HttpResponse:
    """Stands for the view in the check: one that is not exempt."""
    return HttpResponse()
