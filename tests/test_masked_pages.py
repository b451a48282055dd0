"""No page and no answer of the API shows staff a customer's address or number, by the table of addresses itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import Customer, User, Verification
from accounts.rules.scopes import Scope
from helpdesk.lib import clock
from helpdesk.models import FailedTask
from tests.doors import Who
from tests.test_doors import ROUTES, House, Route, address, door_of, house, may_enter
from tickets.actions.search import rewrite
from tickets.choices import ActKind
from tickets.models import (
    Attachment,
    DeadAddress,
    Emergency,
    LegalHold,
    Message,
    OutboxMail,
    PrivacyRequest,
    ScamReport,
    SensitiveAct,
    Ticket,
)
from tickets.queries import palette, search

__all__ = ["house"]

EMAIL, PHONE = "mia@demo.test", "13712349876"
#: Somebody else's, in the text of a message.
OTHER_EMAIL, OTHER_PHONE = "brother.of.mia@elsewhere.test", "13612345678"
IN_CLEAR = (EMAIL, EMAIL.replace("@", "%40"), PHONE, "137-1234-9876", OTHER_EMAIL, OTHER_PHONE)
#: Files as they came: whoever opens one is written down (docs/least-data.md).
FILES = {"workspace:attachment", "workspace:mail_raw", "api_attachment", "workspace:draft_file"}
STAFF = ("agent", "lead", "manager", "officer", "administrator")


@pytest.fixture
def known(house: House) -> House:
    Customer.objects.filter(pk=house.ticket.customer_id).update(phone=f"+86{PHONE}", name="")
    text = f"打 137-1234-9876 或写 {EMAIL}；我哥哥 {OTHER_EMAIL}，{OTHER_PHONE}"
    Message.objects.filter(ticket=house.ticket).update(body=text)
    _beside_the_case(house, f"{EMAIL} / {PHONE}, {OTHER_EMAIL}, {OTHER_PHONE}")
    house.ticket.subject = f"{EMAIL} {OTHER_PHONE}"
    house.ticket.save(update_fields=["subject"])
    return house


def _beside_the_case(house: House, text: str) -> None:
    """Wherever else somebody may have written it: emergencies, acts, reports of fraud, files, requests, tasks."""
    ticket, pk = house.ticket, int(str(house.values["pk"]))
    Emergency.objects.update(account=f"+86{PHONE}", call_back_phone=f"+86{OTHER_PHONE}")
    act = SensitiveAct.objects.create(
        ticket=ticket, brand=ticket.brand, customer=ticket.customer, kind=ActKind.UNBIND_PHONE, account=EMAIL,
        details={"phone": f"+86{PHONE}", "words": text}, reason_code="lost", reason=text, content_hash="a" * 64,
        needed_level=2, needed_approvals=1, requester_kind="staff", requested_by=house.people["agent"],
        requester_name="Ann", expires_at=clock.now() + timedelta(hours=1),
    )  # fmt: skip
    house.values["act"] = act.key
    ScamReport.objects.create(
        campaign_id=pk,
        brand=ticket.brand,
        ticket=ticket,
        kind="link",
        value="http://fraud.example/",
        remark=text,
    )
    Attachment.objects.filter(pk=pk).update(name=f"{EMAIL} {PHONE}.png", finding=text, state="quarantined")
    LegalHold.objects.update(reason=text)
    PrivacyRequest.objects.update(remark=text)
    Verification.objects.create(customer=ticket.customer, level=2, method="document", note=text)
    OutboxMail.objects.update(to=EMAIL, to_name=OTHER_EMAIL, last_error=f"no such box {EMAIL}")
    FailedTask.objects.update(args=[EMAIL], kwargs={"phone": PHONE}, error=text, traceback=text)
    DeadAddress.objects.create(email=EMAIL, reason=text)


def pages(name: str, user: User | None) -> Iterator[Route]:
    for route in ROUTES:
        door = door_of(route)
        if route.name in FILES or route.name.startswith(("portal:", "account_", "mfa_")):
            continue
        is_page = door is None or (
            door.method == "GET" and (door.who is Who.SIGNED_IN or may_enter(door, name, user))
        )
        if is_page and route.pattern.startswith(("admin/", "api/")):
            yield route


@pytest.mark.parametrize("name", STAFF)
def test_nobody_is_shown_what_reaches_a_customer(name: str, known: House) -> None:
    user = known.people[name]
    assert user is not None
    client = Client(raise_request_exception=False, headers={"accept-language": "en"})
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    seen, wrong = 0, []
    for route in pages(name, user):
        door = door_of(route)
        response = client.get(address(route, known.values) + (door.query if door else ""))
        if response.status_code != 200:
            continue
        content = response.getvalue()
        text = content.decode("utf-8", "replace").lower()
        seen += 1
        wrong += [f"{route.name}: {contact}" for contact in IN_CLEAR if contact in text]
    assert not wrong, "; ".join(wrong)
    assert seen > 25


SEARCHES = (
    "/admin/queue/?view=all&q=brother",
    "/admin/queue/?view=all&q=mia",
    "/admin/queue/?view=all&sort=customer",
    "/admin/palette/?q=mia@demo.test",
    "/admin/tickets/new/customer/?email=mia@demo.test",
    "/api/v1/tickets/?page_size=100",
)


@pytest.mark.parametrize("asked", SEARCHES)
def test_searching_shows_no_more(asked: str, known: House) -> None:
    client = Client(headers={"accept-language": "en"})
    agent = known.people["agent"]
    assert agent is not None
    client.force_login(agent)
    text = client.get(asked).content.decode().lower()
    shown = [contact for contact in IN_CLEAR if contact in text]
    # What they typed themselves stays where they typed it.
    typed = asked.partition("?")[2]
    assert [contact for contact in shown if contact.replace("%40", "@") not in typed] == []


def test_a_token_sees_no_more(known: House) -> None:
    from accounts.actions.api_tokens import issue

    agent = known.people["agent"]
    assert agent is not None
    made = issue(user=agent, name="t", scopes=[Scope.TICKETS_READ], by=None)
    client = Client(headers={"authorization": f"Bearer {made.secret}"})
    for path in ("", "messages/", "events/"):
        response = client.get(f"/api/v1/tickets/{known.ticket.number}/{path}")
        assert response.status_code == 200
        assert not [contact for contact in IN_CLEAR if contact in response.content.decode().lower()]


def test_the_customer_sees_their_own(known: House) -> None:
    client = Client(headers={"accept-language": "en"})
    owner = known.people["owner"]
    assert owner is not None
    client.force_login(owner)
    assert EMAIL in client.get(f"/api/v1/tickets/{known.ticket.number}/messages/").content.decode()


NAME = "Zhou maskme91@example.net 13812345601"


def test_contact_data_in_a_name(known: House) -> None:
    """A name is shown whole; what reaches somebody is not, in the queue, the palette and the API too."""
    Customer.objects.filter(pk=known.ticket.customer_id).update(name=NAME)
    Message.objects.filter(ticket=known.ticket).update(author_name=NAME)
    known.ticket.events.update(actor_name=NAME)
    rewrite(known.ticket.pk)
    agent = known.people["agent"]
    assert agent is not None
    client = Client(headers={"accept-language": "en"})
    client.force_login(agent)
    number = known.ticket.number
    wrong = []
    for path in (
        "/admin/queue/?view=all&status=any",
        "/admin/queue/?view=all&status=any&q=Zhou",
        "/admin/palette/?q=Zhou",
        f"/admin/tickets/{number}/",
        "/api/v1/tickets/?q=Zhou",
        f"/api/v1/tickets/{number}/",
        f"/api/v1/tickets/{number}/events/",
    ):
        response = client.get(path)
        assert response.status_code == 200, path
        text = response.content.decode()
        assert "Zhou" in text, path
        wrong += [path for contact in ("maskme91", "13812345601") if contact in text]
    assert not wrong


@pytest.mark.parametrize("contact", [EMAIL, PHONE, f"+86{PHONE}", OTHER_EMAIL, OTHER_PHONE])
def test_nothing_masked_is_read_out_letter_by_letter(contact: str, known: House) -> None:
    """A search by a beginning tells nobody whether it is right: in the API, the queue and the palette."""
    Customer.objects.filter(pk=known.ticket.customer_id).update(email=EMAIL)
    # A number that begins as no contact does: cases are found by the beginning of theirs.
    Ticket.objects.filter(pk=known.ticket.pk).update(number="XXXXXXXXX")
    known.ticket.refresh_from_db()
    rewrite(known.ticket.pk)
    agent = known.people["agent"]
    assert agent is not None
    rows = Ticket.objects.visible_to(agent)
    for length in range(2, len(contact)):
        asked = contact[:length]
        assert not search.matching(rows, asked).exists(), asked
        assert palette.tickets(agent, asked) == [], asked
    client = Client(headers={"accept-language": "en"})
    client.force_login(agent)
    for path in ("/api/v1/tickets/", "/admin/queue/", "/admin/palette/"):
        asked_for = {"q": contact[: len(contact) // 2], "view": "all", "status": "any"}
        query = {"q": asked_for["q"]} if path.startswith("/api/") else asked_for
        assert known.ticket.display_number not in client.get(path, query).content.decode(), path
        query["q"] = contact
        assert known.ticket.display_number in client.get(path, query).content.decode(), path
