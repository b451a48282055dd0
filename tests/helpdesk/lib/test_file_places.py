"""The private bucket: files go there and come back, links to it live a minute and tell the browser what it gets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.db.models.fields.files import FieldFile
from django.http import HttpResponseRedirect
from django.test import RequestFactory
from django.utils.module_loading import import_string

from helpdesk import env
from helpdesk.lib.file_places import LINK_SECONDS, s3_origin, s3_storage
from helpdesk.lib.files import private_file_response
from tests.s3 import Bucket, bucket
from tickets.actions import lost_files
from tickets.models import Attachment


@pytest.fixture
def server() -> Iterator[Bucket]:
    with bucket() as running:
        yield running


@pytest.fixture
def values(server: Bucket) -> env.Environment:
    return replace(
        env.read(),
        files_s3_bucket="files",
        files_s3_endpoint=server.url,
        files_s3_access_key="key-of-the-desk",
        files_s3_secret_key="secret-of-the-desk",
    )


@pytest.fixture
def storage(values: env.Environment) -> Storage:
    made = s3_storage(values)
    storage: Storage = import_string(made["BACKEND"])(**made["OPTIONS"])
    return storage


def test_it_works(storage: Storage, server: Bucket) -> None:
    name = storage.save("attachments/2026/abc", ContentFile(b"data"))
    assert server.objects == {"attachments/2026/abc": b"data"}
    assert all(said.startswith("AWS4-HMAC-SHA256 Credential=key-of-the-desk/") for said in server.authorized)
    assert storage.exists(name)
    with storage.open(name, "rb") as file:
        assert file.read() == b"data"
    assert storage.listdir("attachments") == (["2026"], [])
    assert storage.listdir("attachments/2026") == ([], ["abc"])
    storage.delete(name)
    assert not storage.exists(name)


def test_the_same_name_never_overwrites(storage: Storage) -> None:
    assert storage.save("a/b", ContentFile(b"one")) != storage.save("a/b", ContentFile(b"two"))


def test_what_is_gone_is_not_found(storage: Storage) -> None:
    with pytest.raises(FileNotFoundError):
        storage.open("a/none", "rb")


def handed(storage: Storage, content_type: str, *, inline: bool) -> dict[str, list[str]]:
    field = type("Field", (), {"storage": storage, "name": "file", "attname": "file"})()
    answer = private_file_response(
        RequestFactory().get("/"),
        FieldFile(Attachment(), field, "attachments/2026/abc"),
        name="截图.png",
        content_type=content_type,
        inline=inline,
    )
    assert isinstance(answer, HttpResponseRedirect)
    assert answer["Cache-Control"] == "private, no-store"
    return parse_qs(urlsplit(answer.url).query)


def test_a_link_lives_a_minute_and_says_what_comes(storage: Storage) -> None:
    said = handed(storage, "image/png", inline=True)
    assert int(said["X-Amz-Expires"][0]) == LINK_SECONDS <= 60
    assert said["response-content-type"] == ["image/png"]
    assert said["response-content-disposition"][0].startswith("inline")
    assert said["X-Amz-Signature"]


@pytest.mark.parametrize("content_type", ["text/html", "image/svg+xml"])
def test_what_could_run_is_a_row_of_bytes(storage: Storage, content_type: str) -> None:
    said = handed(storage, content_type, inline=True)
    assert said["response-content-type"] == ["application/octet-stream"]
    assert said["response-content-disposition"][0].startswith("attachment")


def test_a_pdf_is_never_opened_in_place(storage: Storage) -> None:
    assert handed(storage, "application/pdf", inline=True)["response-content-disposition"][0].startswith(
        "attachment"
    )


def test_with_an_origin_of_our_own_its_links_are_ours(storage: Storage, settings: Any) -> None:
    settings.FILES_ORIGIN = "https://files.test"
    field = type("Field", (), {"storage": storage, "name": "file", "attname": "file"})()
    answer = private_file_response(
        RequestFactory().get("/"),
        FieldFile(Attachment(), field, "a"),
        name="a",
        content_type="image/png",
        inline=True,
    )
    assert answer["Location"].startswith("https://files.test/f/")


def test_files_that_never_came_to_be_are_swept_there_too(
    storage: Storage, server: Bucket, monkeypatch: pytest.MonkeyPatch, db: None
) -> None:
    from datetime import UTC, datetime

    from helpdesk.lib import clock

    storage.save("attachments/2026/lost", ContentFile(b"x"))
    monkeypatch.setitem(storages._storages, "private", storage)  # type: ignore[attr-defined]
    with clock.frozen(datetime(2026, 11, 28, tzinfo=UTC)):
        assert lost_files.remove_lost_files() == 1
    assert not server.objects


def test_the_origin_of_its_links(values: env.Environment, server: Bucket) -> None:
    assert s3_origin(values) == server.url
    amazon = replace(values, files_s3_endpoint="", files_s3_region="eu-central-1")
    assert s3_origin(amazon) == "https://files.s3.eu-central-1.amazonaws.com"
    assert s3_origin(replace(values, files_s3_bucket="")) == ""
