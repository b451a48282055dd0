"""Wherever something can be typed, the page warns of a secret before it is sent."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import Brand

WARNS = "portal/parts/secret_warning.html"
TYPED = ("portal/parts/question.html", 'type="text"', "<textarea")
#: Shows a link to copy, and looks for articles: nothing is sent to us there.
NO_FORM = {"received.html", "front.html"}


def test_no_form_of_the_portal_is_without() -> None:
    folder = Path(settings.BASE_DIR) / "tickets" / "templates" / "portal"
    pages = {path.name: path.read_text() for path in folder.glob("*.html")}
    asking = {name for name, text in pages.items() if any(mark in text for mark in TYPED)} - NO_FORM
    assert {"emergency.html", "report_scam.html", "find.html", "case.html"} <= asking
    assert {name for name in asking if WARNS not in pages[name]} == set()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "place",
    ["/btp/emergency/", "/btp/report-scam/", "/btp/known-scams/", "/btp/find/", "/btp/really-us/", "signup"],
)
def test_it_is_loaded(guest: Client, brand: Brand, place: str) -> None:
    page = guest.get(place if place.startswith("/") else "/accounts/signup/").content.decode()
    for part in ('<template id="secret-warning"', "secret-finder.", "secret-warning.", "css/secret-warning"):
        assert part in page, part
    assert "<script>" not in page
