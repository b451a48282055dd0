"""Error reports (the debug page, mails to operators) name what a form had, and never show what stood in it."""

from __future__ import annotations

from collections.abc import ItemsView
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe
from django.views.debug import ExceptionReporter, SafeExceptionReporterFilter

from helpdesk.lib.guarded_logs import line_without_secrets
from helpdesk.lib.guarding import guarded

HIDDEN = "[not shown]"
#: Of the request's environment: what holds the words of an address.
_WORDS_OF_ADDRESS = ("QUERY_STRING", "REQUEST_URI", "RAW_URI", "HTTP_REFERER")


class ReportFilter(SafeExceptionReporterFilter):
    """Form values, local variables and the words of an address are hidden, in development too."""

    def is_active(self, request: HttpRequest | None) -> bool:
        return True

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        return {} if request is None else dict.fromkeys(request.POST, HIDDEN)

    def get_traceback_frame_variables(
        self, request: HttpRequest | None, tb_frame: Any
    ) -> ItemsView[str, Any]:
        return dict.fromkeys(tb_frame.f_locals, HIDDEN).items()

    def get_safe_request_meta(self, request: HttpRequest) -> dict[str, Any]:
        meta: dict[str, Any] = super().get_safe_request_meta(request)
        return {name: HIDDEN if name in _WORDS_OF_ADDRESS else value for name, value in meta.items()}


class Report(ExceptionReporter):
    def get_traceback_data(self) -> dict[str, Any]:
        data: dict[str, Any] = super().get_traceback_data()
        if self.request is not None:
            data["request_GET_items"] = [(name, HIDDEN) for name in self.request.GET]
        if data.get("exception_value"):
            data["exception_value"] = guarded(str(data["exception_value"]))
        return data

    def get_traceback_html(self) -> SafeString:
        # Escaped by its template; a mark holds no markup.
        return mark_safe(guarded(super().get_traceback_html()))  # noqa: S308  # nosec B308 B703

    def get_traceback_text(self) -> SafeString:
        return mark_safe(guarded(super().get_traceback_text()))  # noqa: S308  # nosec B308 B703

    def _get_raw_insecure_uri(self) -> str:
        uri: str = super()._get_raw_insecure_uri()  # type: ignore[misc]
        return line_without_secrets(uri.partition("?")[0])
