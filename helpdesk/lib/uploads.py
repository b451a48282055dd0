"""Uploads are held in memory, and nowhere else: what they hold may be something that must never reach a disk."""

from __future__ import annotations

import io
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler


class MemoryUploads(FileUploadHandler):
    """Of a file that is larger than any may be only the size is kept: who asks for it is told so. What no form of ours
    could send together is refused.
    """

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self._most = settings.ATTACHMENT_MAX_MB * 1024 * 1024
        self._held = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._file = io.BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        if start + len(raw_data) > self._most:
            self._held -= self._file.tell()
            self._file = io.BytesIO()
            return None
        self._held += len(raw_data)
        if self._held > (settings.ATTACHMENT_MAX_COUNT + 1) * self._most:
            raise RequestDataTooBig("More files were sent at once than a form takes.")
        self._file.write(raw_data)
        return None

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        self._file.seek(0)
        return InMemoryUploadedFile(
            file=self._file,
            field_name=self.field_name,
            name=self.file_name or "",
            content_type=self.content_type or "",
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )
