"""Requests that may carry files."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from rest_framework.parsers import MultiPartParser

from accounts.api.views import SmallJSONParser
from helpdesk.lib.problems import TooLarge


class FilesParser(MultiPartParser):
    """Refuses what could not be right before reading it: more than the allowed files and a form together."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        most = settings.ATTACHMENT_MAX_COUNT * settings.ATTACHMENT_MAX_MB * 1024 * 1024
        request = (parser_context or {})["request"]
        if int(request.META.get("CONTENT_LENGTH") or 0) > most + settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise TooLarge
        return super().parse(stream, media_type, parser_context)


JSON_OR_FILES = (SmallJSONParser, FilesParser)
