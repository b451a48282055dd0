from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from accounts.choices import AuditKind
from accounts.models import AuditEntry, Brand, Customer, User
from tests.tickets.portal.pages import fields_of, picture, text_of
from tests.tickets.rules.secrets.said import WIF
from tickets import actors
from tickets.actions.scams import DESK, Judgement, ScamSaid, judge, report
from tickets.choices import ScamState
from tickets.models import OutboxMail, ScamCampaign, ScamReport, Ticket
from tickets.rules.scams import guess

pytestmark = pytest.mark.django_db
PAGE, KNOWN = "/btp/report-scam/", "/btp/known-scams/"
EVIL = "https://evil-wallet.com/pay"


def send(client: Client, **typed: Any) -> Any:
    return client.post(PAGE, {**fields_of(client.get(PAGE), "scam-form"), **typed})


def known(brand: Brand, lead: User, text: str = EVIL, state: ScamState = ScamState.PUBLISHED) -> ScamCampaign:
    sign = guess(text)
    assert sign is not None
    campaign = report(ScamSaid(brand=brand, signs=[sign]), by=DESK)
    advice = {"zh": "不要点开", "en": "Do not open it"}
    return judge(campaign, Judgement(state, title="False support", advice=advice), by=actors.staff(lead))


def test_it_is_reported_without_a_name(guest: Client, brand: Brand) -> None:
    response = send(guest, what=f"{EVIL}\n138 0013 8000", remark="They said they are you.")
    assert response["Location"] == PAGE + "thanks/"
    assert set(ScamReport.objects.values_list("value", flat=True)) == {EVIL, "+8613800138000"}
    assert not Ticket.objects.exists()
    assert "Thank you" in text_of(guest.get(PAGE + "thanks/"))


@pytest.mark.parametrize("what", [f"WIF{WIF}", f"{WIF}@example.com", f"https://evil.com/{WIF}"])
def test_a_key_is_no_sign(guest: Client, brand: Brand, what: str) -> None:
    for kind in ("", "wallet", "account", "email"):
        response = send(guest, what=what, kind=kind)
        assert response.status_code == 422
        assert "private key" in text_of(response)
        assert WIF.lower() not in response.content.decode().lower()
    response = send(guest, what=EVIL, email=f"{WIF}@example.com")
    assert (response.status_code, ScamReport.objects.count()) == (422, 0)
    assert not Customer.objects.exists()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_in_both_languages(brand: Brand, lead: User, language: str) -> None:
    known(brand, lead)
    client = Client(headers={"accept-language": language})
    page = text_of(client.get(KNOWN))
    assert ("Do not open it" if language == "en" else "不要点开") in page
    assert client.get(PAGE).status_code == 200


def test_a_picture_opens_a_case_for_the_desk_alone(guest: Client, brand: Brand) -> None:
    assert send(guest, attachments=[picture()])["Location"] == PAGE + "thanks/"
    ticket = Ticket.objects.get()
    assert ticket.messages.get().attachments.count() == 1
    assert ScamReport.objects.get().ticket == ticket
    assert ticket.tags == ["scam"]
    assert not OutboxMail.objects.exists()
    assert guest.get(f"/btp/cases/{ticket.display_number}/").status_code == 404, (
        "that of all who left no address"
    )


def test_whoever_leaves_an_address_gets_a_case(guest: Client, brand: Brand) -> None:
    send(guest, what=EVIL, email="wang@example.com", lost="yes")
    ticket = Ticket.objects.get()
    assert ticket.customer.email == "wang@example.com"
    assert EVIL not in ticket.subject
    thanks = guest.get(PAGE + "thanks/")
    assert ticket.display_number in text_of(thanks)
    assert b'class="button danger" href="/btp/emergency/"' in thanks.content
    page = guest.get(f"/btp/cases/{ticket.display_number}/")
    assert EVIL.encode() not in page.content
    assert "hxxps://evil-wallet[.]com/pay" in text_of(page)


def test_a_log_in_is_asked_for_no_address(mia: Client, member: Customer, brand: Brand) -> None:
    assert "email" not in fields_of(mia.get(PAGE), "scam-form")
    send(mia, what=EVIL, lost="yes")
    assert Ticket.objects.get().customer == member


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({}, "Give us the link, number or address"),
        ({"what": "somebody called"}, "is no link, number or address"),
        ({"what": "\n".join(f"evil{n}.com" for n in range(6))}, "At most five lines"),
        ({"what": EVIL, "kind": "phone"}, "is no link, number or address"),
        ({"what": EVIL, "email": "nobody"}, "name@example.com"),
        ({"remark": "x" * 1001}, "longer than 1000"),
    ],
)
def test_what_is_wrong_is_said(guest: Client, brand: Brand, typed: dict[str, str], words: str) -> None:
    response = send(guest, **typed)
    assert response.status_code == 422
    assert words in text_of(response)
    kept = fields_of(response, "scam-form")
    assert kept["what"].split() == typed.get("what", "").split()
    assert not ScamReport.objects.exists()


def test_a_recovery_phrase_is_not_shown_again(guest: Client, brand: Brand) -> None:
    response = send(guest, what="abandon " * 11 + "about")
    assert response.status_code == 422
    assert b"abandon" not in response.content


HOSTILE = [
    'https://evil.com/"><script>alert(1)</script>',
    "javascript:alert(document.domain)",
    "https://evil.com/'onmouseover='x",
    "//evil.com/x",
    "hxxps://evil[.]com",
    "data:text/html,<script>1</script>",
    "https://xn--80ak6aa92e.com/",
    "https://аррӏе.com/",
]


@pytest.mark.parametrize("typed", HOSTILE)
def test_what_strangers_write_opens_nothing_anywhere(
    guest: Client, brand: Brand, lead: User, typed: str
) -> None:
    """On the form again, in the case, on the list: no link, no script, no address that a browser would open."""
    pages = [send(guest, what=typed, remark=f"{typed} {EVIL}", email="wang@example.com")]
    for ticket in Ticket.objects.all():
        pages.append(guest.get(f"/btp/cases/{ticket.display_number}/"))
    for campaign in ScamCampaign.objects.all():
        judge(campaign, Judgement(ScamState.PUBLISHED, title=typed), by=actors.staff(lead))
    pages.append(guest.get(KNOWN))
    for page in pages:
        html = page.content.decode()
        assert "<script>alert" not in html
        assert 'href="http' not in html.replace('href="http://testserver', "")
        shown = html.partition("<main")[2].partition("<form")[0]
        assert not re.search(r"https?://|\bevil\.com", shown)


def test_known_scams_are_listed_without_a_link(
    guest: Client, brand: Brand, other_brand: Brand, lead: User
) -> None:
    known(brand, lead)
    known(brand, lead, "http://only-confirmed.com", ScamState.CONFIRMED)
    page = guest.get(KNOWN)
    assert "False support" in text_of(page)
    assert "hxxps://evil-wallet[.]com/pay" in text_of(page)
    assert "only-confirmed" not in text_of(page)
    assert "False support" not in text_of(guest.get("/bobao/known-scams/"))


@pytest.mark.parametrize(
    ("typed", "status", "words"),
    [
        ("http://evil-wallet.com/other", 200, "a scam that we know"),
        ("hxxp://www.evil-wallet[.]com", 200, "a scam that we know"),
        ("http://harmless.com", 200, "We do not know it yet"),
        ("http://dismissed.com", 200, "We do not know it yet"),
        ("https://help.btp.test", 200, "an address of ours"),
        ("what is this", 422, "Enter one link"),
    ],
)
def test_is_it_one_of_them(
    guest: Client, brand: Brand, lead: User, typed: str, status: int, words: str
) -> None:
    known(brand, lead)
    known(brand, lead, "http://dismissed.com", ScamState.DISMISSED)
    response = guest.post(KNOWN, {**fields_of(guest.get(KNOWN), "check-form"), "what": typed})
    assert response.status_code == status
    assert words in text_of(response)


def test_not_too_often(guest: Client, brand: Brand) -> None:
    for number in range(31):
        response = send(guest, what=f"http://evil{number}.com")
    assert response.status_code == 429
    assert fields_of(response, "scam-form")["what"] == "http://evil30.com"
    assert ScamReport.objects.count() == 30


def test_nobody_thanks_whoever_reported_nothing(guest: Client, brand: Brand) -> None:
    assert guest.get(PAGE + "thanks/")["Location"] == PAGE


PHRASE = "legal winner thank year wave sausage worth useful legal winner thank yellow"
WIF = "5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ"


@pytest.mark.parametrize("more", [{}, {"email": "wang@example.com"}])
def test_a_secret_in_their_words_is_said_with_what_to_do_now(
    guest: Client, brand: Brand, more: dict[str, str]
) -> None:
    """Also where there is no case to which a mail could be written."""
    response = send(guest, what=EVIL, remark=f"They wanted this: {PHRASE}", **more)
    assert response["Location"] == PAGE + "thanks/"
    page = text_of(guest.get(PAGE + "thanks/"))
    assert "You sent us a secret" in page
    assert "Consider this wallet lost" in page
    assert "sausage" not in ScamReport.objects.get().remark
    assert AuditEntry.objects.get(kind=AuditKind.SECRET_REMOVED).data["kinds"] == ["recovery_phrase"]
    send(guest, what=EVIL, remark="They called again.")
    assert "You sent us a secret" not in text_of(guest.get(PAGE + "thanks/"))


@pytest.mark.parametrize(
    ("secret", "kind"), [(PHRASE, ""), (WIF, "account"), ("4278528177312557", "account")]
)
def test_a_secret_in_place_of_a_link_is_refused_with_advice(
    guest: Client, brand: Brand, secret: str, kind: str
) -> None:
    response = send(guest, kind=kind, what=f"{EVIL}\n{secret}", remark=f"And {secret}")
    assert response.status_code == 422
    assert "You sent us a secret" in text_of(response)
    assert secret not in response.content.decode()
    assert EVIL in fields_of(response, "scam-form")["what"]
    assert not ScamReport.objects.exists()
