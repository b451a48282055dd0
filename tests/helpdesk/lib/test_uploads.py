"""What is uploaded is held in memory alone, and not more of it than a form may bring."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import InMemoryUploadedFile, SimpleUploadedFile
from django.test import RequestFactory

MB = 1024 * 1024


def sent(*sizes: int) -> list[Any]:
    files = [SimpleUploadedFile(f"{place}.txt", b"x" * size) for place, size in enumerate(sizes)]
    return RequestFactory().post("/", {"files": files}).FILES.getlist("files")


def test_it_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    small, large = sent(5, 6 * MB)
    assert (small.read(), large.size) == (b"x" * 5, 6 * MB)
    assert isinstance(large, InMemoryUploadedFile)
    assert not list(tmp_path.iterdir()), "nothing of it on any disk"


def test_of_what_is_too_large_only_the_size_is_known() -> None:
    (file,) = sent(settings.ATTACHMENT_MAX_MB * MB + 1)
    assert (file.size, file.read()) == (settings.ATTACHMENT_MAX_MB * MB + 1, b"")


def test_more_than_a_form_may_bring_is_refused(settings: Any) -> None:
    settings.ATTACHMENT_MAX_MB = 1
    with pytest.raises(RequestDataTooBig):
        sent(*[MB] * (settings.ATTACHMENT_MAX_COUNT + 2))
