from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from accounts.models import Brand
from tests.tickets.portal.pages import text_of
from tickets.portal.looks import ICONS
from tickets.portal.views.errors import bad_request

pytestmark = pytest.mark.django_db


def test_not_found_looks_like_the_brand_and_leads_on(guest: Client, brand: Brand) -> None:
    response = guest.get("/btp/nothing/here/")
    assert response.status_code == 404
    assert "We cannot find this page" in text_of(response)
    assert "/btp/find/" in response.content.decode()


def test_not_found_without_any_brand(db: None) -> None:
    assert Client().get("/nothing/here/").status_code == 404


def test_a_forged_form_is_refused_kindly(brand: Brand) -> None:
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    response = client.post("/accounts/login/", {"login": "a@example.com", "password": "x"})
    assert response.status_code == 403
    assert "open for too long" in text_of(response)
    assert 'href="/admin/"' not in response.content.decode()
    response = client.post("/admin/queue/next/", {})
    assert (response.status_code, response["X-CSRF-Failed"]) == (403, "1")
    assert 'href="/admin/"' in response.content.decode(), "staff come back to the desk"


def test_too_much_at_once(guest: Client, brand: Brand) -> None:
    response = guest.post("/i18n/setlang/", {"next": "x" * 3_000_000})
    assert response.status_code == 413
    assert "too much at once" in text_of(response)


def test_other_nonsense(rf: RequestFactory, guest: Client, brand: Brand) -> None:
    request = rf.get("/")
    assert bad_request(request, RequestDataTooBig()).status_code == 413
    assert bad_request(request, ValueError()).status_code == 400


def test_the_page_for_our_own_faults_needs_nothing() -> None:
    page = render_to_string("500.html")
    assert "我们这边出了点问题" in page
    assert "Something went wrong on our side" in page


def test_every_drawing_is_there() -> None:
    sprite = (Path(settings.BASE_DIR) / "static/img/icons.svg").read_text()
    assert {part.split('"')[0] for part in sprite.split('<symbol id="')[1:]} == ICONS
