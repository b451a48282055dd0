from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import Brand, Team, User
from helpdesk.lib import clock
from tests import forms
from tests.tickets.actions.test_emergencies import said
from tickets.choices import EventKind, Situation
from tickets.models import Emergency, Event, OnCall, Ticket

pytestmark = pytest.mark.django_db
PAGE, PLAN, ALARM = "/admin/emergencies/", "/admin/emergencies/on-call/", "/admin/emergencies/alarm/"


@pytest.fixture
def lea(lead: User) -> Client:
    return _logged_in(lead)


def _logged_in(user: User, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["django_language"] = language
    return client


@pytest.mark.parametrize(("language", "words"), [("en", "Emergencies"), ("zh-hans", "138")])
def test_what_waits_stands_first(brand: Brand, lead: User, language: str, words: str) -> None:
    brand.country = "CN"
    brand.save()
    first = said(brand, situations=[Situation.MONEY_GONE], money_left_at=clock.now() - timedelta(hours=2))
    second = said(brand, "+8613700137000", call_back="+8613900139000")
    html = _logged_in(lead, language).get(PAGE).content.decode()
    if language == "en":
        assert words in html
        assert "45 h" in html or "46 h" in html
        assert "another number than the registered one" in html
    assert html.index(first.ticket.display_number) < html.index(second.ticket.display_number)
    assert "13800138000" not in html
    assert html.count("/take/") == 2


def test_i_take_it(lea: Client, lead: User, brand: Brand, other_team: Team) -> None:
    emergency = said(brand)
    Ticket.objects.filter(pk=emergency.ticket_id).update(team=other_team)
    assert lea.get(f"/admin/tickets/{emergency.ticket.number}/").status_code == 404, "not hers to see before"
    response = lea.post(f"{PAGE}{emergency.pk}/take/")
    assert response["Location"] == f"/admin/tickets/{emergency.ticket.number}/"
    page = lea.get(response["Location"]).content.decode()
    assert "Nobody has proved who reported this" in page
    emergency.refresh_from_db()
    assert emergency.taken_by == lead


def test_somebody_was_quicker(lea: Client, manager: User, brand: Brand) -> None:
    emergency = said(brand)
    _logged_in(manager).post(f"{PAGE}{emergency.pk}/take/")
    response = lea.post(f"{PAGE}{emergency.pk}/take/")
    assert response.status_code == 409
    assert "Max has taken this emergency already." in response.content.decode()


def test_the_alarm_rings_until_somebody_takes_it(lea: Client, brand: Brand, manager: User) -> None:
    assert lea.get(ALARM).content.strip() == b""
    emergency = said(brand)
    assert emergency.ticket.display_number in lea.get(ALARM).content.decode()
    assert b"em-alarm" not in _logged_in(manager).get(ALARM).content, "leads first"
    lea.post(f"{PAGE}{emergency.pk}/take/")
    assert lea.get(ALARM).content.strip() == b""


def test_the_shell_asks_for_it(lea: Client, brand: Brand, agent: User) -> None:
    assert b'hx-get="/admin/emergencies/alarm/"' in lea.get(PAGE).content
    assert b"/admin/emergencies/" not in _logged_in(agent).get("/admin/notices/").content


def test_another_brands_is_not_there(
    lea: Client, other_brand: Brand, brand: Brand, administrator: User
) -> None:
    emergency = said(other_brand)
    assert emergency.ticket.display_number not in lea.get(PAGE).content.decode()
    assert lea.post(f"{PAGE}{emergency.pk}/take/").status_code == 404


def test_the_notice_leads_where_it_is_taken(lea: Client, brand: Brand) -> None:
    said(brand)
    assert b'href="/admin/emergencies/"' in lea.get("/admin/notices/new/").content


def test_the_call_is_noted_on_the_case(lea: Client, lead: User, brand: Brand) -> None:
    emergency = said(brand, call_back="+8613900139000")
    lea.post(f"{PAGE}{emergency.pk}/take/")
    page = f"/admin/tickets/{emergency.ticket.number}/"
    html = lea.get(page).content.decode()
    assert 'href="tel:+8613900139000"' in html
    assert "Not the registered number" in html
    lea.post(f"{page}call-back/", {"reached": "no"})
    assert lea.post(f"{page}call-back/", {"reached": "yes"}).status_code == 302
    emergency.refresh_from_db()
    assert (emergency.call_back_tries, emergency.wants_call) == (2, False)
    assert Event.objects.filter(kind=EventKind.CALLED_BACK).count() == 2
    assert lea.post(f"{page}call-back/", {"reached": "yes"}).status_code == 409


def test_an_ordinary_case_has_no_card_and_no_call(lea: Client, ticket: Ticket) -> None:
    page = f"/admin/tickets/{ticket.number}/"
    assert b'data-card="emergency"' not in lea.get(page).content
    assert lea.post(f"{page}call-back/", {"reached": "yes"}).status_code == 403


def test_reported_before_is_said(lea: Client, brand: Brand) -> None:
    said(brand)
    emergency = said(brand)
    lea.post(f"{PAGE}{emergency.pk}/take/")
    assert "Reported 1 more time" in lea.get(f"/admin/tickets/{emergency.ticket.number}/").content.decode()


def typed(client: Client, **more: Any) -> dict[str, Any]:
    return {**forms.fields(client.get(PLAN).content.decode()), **more}


def test_somebody_is_put_on_call(lea: Client, lead: User, brand: Brand) -> None:
    plan = typed(lea, brand=brand.pk, person=lead.pk, weekdays=["0", "6"], opens="22:00", closes="08:00")
    assert lea.post(PLAN, plan).status_code == 302
    assert list(OnCall.objects.values_list("weekday", flat=True)) == [0, 6]
    page = lea.get(PLAN).content.decode()
    assert "Monday 22:00–08:00" in page
    row = OnCall.objects.earliest("pk")
    assert lea.post(f"{PLAN}{row.pk}/remove/").status_code == 302
    assert OnCall.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"person": ""}, "Choose somebody"),
        ({"person": "x"}, "Choose somebody"),
        ({"brand": "999999"}, "Choose one of your brands"),
        ({"opens": "noon"}, "Write a time of day"),
        ({"weekdays": []}, "Choose days of the week, or say"),
        ({"starts_at": "soon"}, "Enter date and time"),
        ({"weekdays": [], "starts_at": "2026-03-02T14:00", "ends_at": "2026-03-02T13:00"}, "must lie after"),
    ],
)
def test_a_wrong_plan_is_told_and_kept(lea: Client, lead: User, brand: Brand, wrong: Any, words: str) -> None:
    plan = {
        "brand": brand.pk,
        "person": lead.pk,
        "weekdays": ["0"],
        "opens": "22:00",
        "closes": "08:00",
        **wrong,
    }
    response = lea.post(PLAN, typed(lea, **plan))
    assert response.status_code == 422
    assert words in response.content.decode()
    if "opens" not in wrong:
        assert 'value="22:00"' in response.content.decode()
    assert not OnCall.objects.exists()


def test_the_queue_costs_the_same_whatever_waits(
    lea: Client, brand: Brand, django_assert_max_num_queries: Any
) -> None:
    for number in range(8):
        said(brand, f"+861380013800{number}")
    with django_assert_max_num_queries(20):
        lea.get("/admin/emergencies/rows/")
    assert Emergency.objects.count() == 8
