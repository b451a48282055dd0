"""Files on an origin of their own: by a link that lives a minute, in the browser that it was made for."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from helpdesk.lib.file_places import LINK_SECONDS
from tests.files import pdf
from tests.pictures import PNG
from tickets.models import Attachment, Ticket

pytestmark = pytest.mark.django_db
ORIGIN = "https://files.test"
HOST: Any = {"HTTP_HOST": "files.test"}
CHROME: Any = {"HTTP_USER_AGENT": "Chrome", "REMOTE_ADDR": "203.0.113.7"}


@pytest.fixture(autouse=True)
def apart(settings: Any) -> None:
    settings.FILES_ORIGIN = ORIGIN
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "files.test"]


@pytest.fixture
def link(make_ticket: Callable[..., Ticket], agent: User) -> Callable[[Any], str]:
    def make(file: Any, query: str = "?inline") -> str:
        make_ticket(attachments=[file])
        client = Client()
        client.force_login(agent)
        address = reverse("workspace:attachment", args=[Attachment.objects.latest("pk").pk]) + query
        answer = client.get(address, **CHROME)
        assert answer.status_code == 302
        assert answer["Cache-Control"] == "private, no-store"
        assert answer["Referrer-Policy"] == "no-referrer"
        where: str = answer["Location"]
        assert where.startswith(f"{ORIGIN}/f/")
        return where.removeprefix(ORIGIN)

    return make


Link = Callable[[Any], str]


def test_it_works(link: Link) -> None:
    answer = Client().get(link(ContentFile(PNG, name="截图.png")), **HOST, **CHROME)
    assert b"".join(answer) == PNG
    assert answer["Content-Type"] == "image/png"
    assert answer["Content-Disposition"].startswith("inline")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert not answer.cookies


def test_a_pdf_is_a_download_that_runs_nothing(link: Link) -> None:
    answer = Client().get(link(ContentFile(pdf(), name="a.pdf")), **HOST, **CHROME)
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"


def test_it_lives_a_minute(link: Link, monkeypatch: pytest.MonkeyPatch) -> None:
    path = link(ContentFile(PNG, name="a.png"))
    assert LINK_SECONDS <= 60
    later = time.time() + LINK_SECONDS + 2
    with monkeypatch.context() as passed:
        passed.setattr(time, "time", lambda: later)
        assert Client().get(path, **HOST, **CHROME).status_code == 404


@pytest.mark.parametrize(
    "other",
    [
        {"HTTP_USER_AGENT": "Firefox", "REMOTE_ADDR": "203.0.113.7"},
        {"HTTP_USER_AGENT": "Chrome", "REMOTE_ADDR": "203.0.113.8"},
    ],
)
def test_it_works_for_nobody_else(link: Link, other: Any) -> None:
    assert Client().get(link(ContentFile(PNG, name="a.png")), **HOST, **other).status_code == 404


def test_by_the_other_kind_of_address_the_browser_decides(link: Link) -> None:
    path = link(ContentFile(PNG, name="a.png"))
    by_ipv6 = {**CHROME, "REMOTE_ADDR": "2001:db8::7"}
    assert Client().get(path, **HOST, **by_ipv6).status_code == 200
    assert Client().get(path, **HOST, **by_ipv6 | {"HTTP_USER_AGENT": "curl"}).status_code == 404


@pytest.mark.parametrize("token", ["x", "eyJwYXRoIjoiLi4vLi4vZXRjL3Bhc3N3ZCJ9:1:x", ""])
def test_a_made_up_link_leads_nowhere(token: str) -> None:
    assert Client().get(f"/f/{token}", **HOST, **CHROME).status_code == 404


def test_a_changed_link_leads_nowhere(link: Link) -> None:
    path = link(ContentFile(PNG, name="a.png"))
    assert Client().get(path[:-3] + "xyz", **HOST, **CHROME).status_code == 404


def test_the_file_is_gone(link: Link) -> None:
    path = link(ContentFile(PNG, name="a.png"))
    file = Attachment.objects.get().file
    file.storage.delete(str(file.name))
    assert Client().get(path, **HOST, **CHROME).status_code == 404


@pytest.mark.parametrize("path", ["/", "/accounts/login/", "/admin/", "/api/v1/tickets/", "/healthz/"])
def test_nothing_else_is_there(path: str) -> None:
    assert Client().get(path, **HOST).status_code == 404


def test_and_the_site_has_none_of_its_addresses(link: Link) -> None:
    assert Client().get(link(ContentFile(PNG, name="a.png")), **CHROME).status_code == 404


def test_without_such_an_origin_no_link_is_good(link: Link, settings: Any) -> None:
    path = link(ContentFile(PNG, name="a.png"))
    settings.FILES_ORIGIN = ""
    assert Client().get(path, **CHROME).status_code == 404
