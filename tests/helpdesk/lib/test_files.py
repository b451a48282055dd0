"""Private files leave as downloads; only harmless pictures are shown in place."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404
from django.test import RequestFactory

from helpdesk.lib.files import private_file_response
from tickets.models import Attachment


def served(content_type: str, *, inline: bool, name: str = "file") -> FileResponse:
    request = RequestFactory().get("/")
    response = private_file_response(
        request, ContentFile(b"data"), name=name, content_type=content_type, inline=inline
    )
    assert isinstance(response, FileResponse)
    return response


def test_it_works() -> None:
    response = served("image/png", inline=True, name="截图.png")
    assert b"".join(response) == b"data"
    assert response["Content-Disposition"].startswith("inline")
    assert response["Content-Type"] == "image/png"
    assert "sandbox" in response["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in served("application/pdf", inline=False)["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("content_type", ["text/html", "image/svg+xml", "application/pdf", "text/plain"])
def test_what_could_run_is_never_shown_in_place(content_type: str) -> None:
    assert served(content_type, inline=True)["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("content_type", ["text/html", "image/svg+xml", "application/javascript"])
def test_what_could_run_is_not_even_named(content_type: str) -> None:
    assert served(content_type, inline=False)["Content-Type"] == "application/octet-stream"


def test_a_picture_is_a_download_unless_asked() -> None:
    assert served("image/png", inline=False)["Content-Disposition"].startswith("attachment")


def test_a_name_cannot_break_the_header() -> None:
    header = served("application/pdf", inline=False, name='a"\r\nSet-Cookie: x=1.pdf')["Content-Disposition"]
    assert "\n" not in header
    assert "\r" not in header


def test_a_file_that_is_gone_is_not_found() -> None:
    field = type("Field", (), {"storage": InMemoryStorage(), "name": "file", "attname": "file"})()
    with pytest.raises(Http404):
        private_file_response(
            RequestFactory().get("/"),
            FieldFile(Attachment(), field, "gone"),
            name="x",
            content_type="image/png",
            inline=True,
        )
