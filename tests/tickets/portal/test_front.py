from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from accounts.models import Brand
from helpdesk.lib import clock
from tests.tickets.portal.pages import text_of
from tickets.models import Calendar, Category

pytestmark = pytest.mark.django_db


def test_the_only_brand_is_not_asked_for(guest: Client, brand: Brand) -> None:
    assert guest.get("/")["Location"] == "/btp/"


def test_several_brands_are_chosen_from(guest: Client, brand: Brand, other_brand: Brand) -> None:
    assert "BTP Wallet" in text_of(guest.get("/"))
    assert "Bobao Wallet" in text_of(guest.get("/"))


def test_a_host_of_its_own_leads_to_its_brand(
    guest: Client, brand: Brand, other_brand: Brand, settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    other_brand.host = "help.bobao.test"
    other_brand.save()
    assert guest.get("/", headers={"host": "help.bobao.test"})["Location"] == "/bobao/"


def test_no_brand_yet(db: None) -> None:
    assert Client().get("/").status_code == 200


def test_a_brand_out_of_service_is_not_there(guest: Client, brand: Brand) -> None:
    Brand.objects.update(is_active=False)
    assert guest.get("/btp/").status_code == 404


def test_front_page(guest: Client, category: Category) -> None:
    Category.objects.create(slug="freeze", name_en="Frozen", position=2)
    response = guest.get("/btp/")
    assert "Withdrawal" in text_of(response)
    assert "private" in response["Cache-Control"]
    assert "--accent:#" in response.content.decode()


def test_the_one_red_door(guest: Client, category: Category) -> None:
    for path in ("/btp/", "/btp/new/", "/btp/contact/", "/btp/never-ask/"):
        assert 'class="button danger" href="/btp/emergency/"' in guest.get(path).content.decode(), path


def test_contact_says_whether_somebody_is_there(guest: Client, brand: Brand) -> None:
    with clock.frozen(datetime(2026, 3, 2, 2, 0, tzinfo=UTC)):  # Monday 10:00 in Shanghai
        assert "We are here right now" in text_of(guest.get("/btp/contact/"))
    with clock.frozen(datetime(2026, 3, 6, 12, 0, tzinfo=UTC)):  # Friday 20:00
        assert "back at Monday 09:00" in text_of(guest.get("/btp/contact/"))
    Calendar.objects.all().delete()
    assert guest.get("/btp/contact/").status_code == 200


@pytest.mark.parametrize(
    "path", ["/btp/", "/btp/new/", "/btp/find/", "/btp/help/", "/btp/contact/", "/btp/never-ask/", "/"]
)
@pytest.mark.parametrize("language", ["zh-CN", "en", "fr"])
def test_every_page_in_every_language(brand: Brand, other_brand: Brand, path: str, language: str) -> None:
    response = Client(headers={"accept-language": language}).get(path)
    source = response.content.decode()
    assert response.status_code == 200
    assert f'<html lang="{"en" if language == "en" else "zh-hans"}"' in source
    assert " style=" not in source
    assert " onclick=" not in source


def test_the_language_switch_comes_back_to_the_page(guest: Client, brand: Brand) -> None:
    response = guest.post("/i18n/setlang/", {"language": "zh-hans", "next": "/btp/help/"})
    assert response["Location"] == "/btp/help/"
    assert 'lang="zh-hans"' in guest.get("/btp/").content.decode()


@pytest.mark.parametrize("count", [5, 50])
def test_query_count_does_not_grow_with_categories(
    guest: Client, category: Category, django_assert_num_queries: Any, count: int
) -> None:
    for n in range(count):
        Category.objects.create(slug=f"more-{n}", name_en=f"More {n}", icon="")
    with django_assert_num_queries(3):
        guest.get("/btp/")
