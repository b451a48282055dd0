from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from accounts.models import AuditEntry, Brand, User
from tests import forms
from tests.tickets.actions.test_scams import TEXT, said
from tests.tickets.workspace.emergencies.test_emergencies import _logged_in
from tickets.choices import EventKind, ScamState
from tickets.models import Event, ScamCampaign, ScamFeed, ScamReport, Ticket

pytestmark = pytest.mark.django_db
DESK = "/admin/scams/"
EVIL = "https://evil-wallet.com/pay"


@pytest.fixture
def lea(lead: User) -> Client:
    return _logged_in(lead)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_desk_shows_what_came_and_opens_nothing(brand: Brand, lead: User, language: str) -> None:
    campaign = said(brand, EVIL, remark=f"<b>Click</b> {EVIL}")
    client = _logged_in(lead, language)
    for page in (DESK, f"{DESK}{campaign.pk}/"):
        html = client.get(page).content.decode()
        assert "hxxps://evil-wallet[.]com/pay" in html
        assert "evil-wallet.com" not in html
        assert "<b>Click" not in html


def test_it_is_judged(lea: Client, brand: Brand) -> None:
    campaign = said(brand, EVIL)
    page = f"{DESK}{campaign.pk}/"
    typed = {
        **forms.fields(lea.get(page).content.decode()),
        "state": "published",
        "advice_en": "Do not open it.",
    }
    typed.pop("into", None)
    assert lea.post(f"{page}judge/", typed).status_code == 302
    campaign.refresh_from_db()
    assert (campaign.state, campaign.advice_en) == (ScamState.PUBLISHED, "Do not open it.")
    assert campaign.title.encode() in lea.get(f"{DESK}?state=published").content
    assert lea.post(f"{page}judge/", {"state": "eaten"}).status_code == 422


def test_our_own_address_is_not_published(lea: Client, brand: Brand) -> None:
    campaign = said(brand, "https://www.btp.test/x")
    response = lea.post(
        f"{DESK}{campaign.pk}/judge/", {"state": "published", "title": "Mine", "advice_zh": "别"}
    )
    assert response.status_code == 409
    html = response.content.decode()
    assert "is an address of ours" in html
    assert 'value="Mine"' in html
    assert "别" in html


def test_near_ones_are_offered_and_merged(lea: Client, brand: Brand) -> None:
    one, other = said(brand, "http://evil-one.com", remark=TEXT), said(brand, "http://evil-two.com")
    said(brand, "http://evil-two.com", remark=TEXT)
    page = f"{DESK}{other.pk}/"
    assert f'name="into" value="{one.pk}"' in lea.get(page).content.decode()
    assert lea.post(f"{page}merge/", {"into": f"#{one.pk}"})["Location"] == f"{DESK}{one.pk}/"
    assert lea.get(page).status_code == 404
    assert ScamCampaign.objects.get(pk=one.pk).count == 3
    for nonsense in ("", "x", str(one.pk), "9" * 30):
        assert lea.post(f"{DESK}{one.pk}/merge/", {"into": nonsense}).status_code == 422


def test_what_a_case_names_is_reported(lea: Client, brand: Brand, ticket: Ticket) -> None:
    typed = {"what": EVIL, "number": ticket.display_number, "remark": "on the phone"}
    assert lea.post(f"{DESK}report/", typed).status_code == 302
    assert ScamReport.objects.get().ticket == ticket
    assert Event.objects.get(kind=EventKind.SCAM_REPORTED).data["value"] == "hxxps://evil-wallet[.]com/pay"
    assert "hxxps://evil-wallet[.]com/pay" in lea.get(f"/admin/tickets/{ticket.number}/?all").content.decode()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"what": "hello there"}, "Give one link"),
        ({"what": EVIL, "number": "123"}, "There is no such case"),
        ({"what": EVIL, "brand": "0"}, "Choose one of your brands"),
        ({"what": "javascript:alert(1)"}, "Give one link"),
    ],
)
def test_a_wrong_report_is_told_and_kept(
    lea: Client, brand: Brand, typed: dict[str, Any], words: str
) -> None:
    response = lea.post(f"{DESK}report/", {"brand": brand.pk, "remark": "so they said", **typed})
    assert response.status_code == 422
    assert words in response.content.decode()
    assert "so they said" in response.content.decode()


def test_another_brands_are_not_there(lea: Client, brand: Brand, other_brand: Brand) -> None:
    campaign = said(other_brand, EVIL)
    assert lea.get(f"{DESK}{campaign.pk}/").status_code == 404
    assert lea.post(f"{DESK}{campaign.pk}/judge/", {"state": "published"}).status_code == 404
    assert lea.get(f"{DESK}export.csv?brand=bobao").status_code == 404


def _text(response: Any) -> str:
    return b"".join(response.streaming_content if response.streaming else [response.content]).decode()


def test_the_list_to_download_is_defanged_and_noted(lea: Client, brand: Brand) -> None:
    campaign = said(brand, EVIL, "+86 138 0013 8000")
    said(brand, "http://unjudged.com")
    ScamCampaign.objects.filter(pk=campaign.pk).update(state=ScamState.CONFIRMED)
    csv = _text(lea.get(f"{DESK}export.csv"))
    assert "hxxps://evil-wallet[.]com/pay,evil-wallet[.]com" in csv
    assert "'+8613800138000" in csv, "no spreadsheet runs it"
    assert "unjudged" not in csv
    rows = json.loads(_text(lea.get(f"{DESK}export.json")))["scams"]
    assert [row["kind"] for row in rows] == ["link", "phone"]
    assert AuditEntry.objects.filter(kind="exported").count() == 2


def test_a_list_for_another_program(lea: Client, brand: Brand, other_brand: Brand) -> None:
    campaign = said(brand, EVIL)
    ScamCampaign.objects.filter(pk=campaign.pk).update(state=ScamState.PUBLISHED)
    assert lea.post(f"{DESK}lists/", {"name": "Mail filter", "brand": "btp"}).status_code == 302
    assert lea.post(f"{DESK}lists/", {"name": "Mail filter", "brand": "btp"}).status_code == 422
    assert lea.post(f"{DESK}lists/", {"name": "", "brand": "btp"}).status_code == 422
    assert lea.post(f"{DESK}lists/", {"name": "All", "brand": ""}).status_code == 422, (
        "not all brands are hers"
    )
    html = lea.get(f"{DESK}lists/").content.decode()
    address = html.partition("http://testserver")[2].partition("<")[0]
    nobody = Client()
    assert "hxxps://evil-wallet[.]com/pay" in _text(nobody.get(address))
    assert EVIL in _text(nobody.get(f"{address}?plain=1"))
    as_json = json.loads(_text(nobody.get(address.replace(".csv", ".json") + "?plain=1")))
    assert as_json["scams"][0]["host"] == "evil-wallet.com"
    feed = ScamFeed.objects.get()
    assert feed.last_read_at is not None
    lea.post(f"{DESK}lists/{feed.pk}/switch/", {"on": "no"})
    assert nobody.get(address).status_code == 404
    assert nobody.get("/api/v1/scams/AAAA.csv").status_code == 404
