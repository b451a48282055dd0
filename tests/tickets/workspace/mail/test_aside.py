"""The box "not a ticket": its list, one mail, one click to rescue it, and what is said of its sender."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

import pytest
from django.test import Client

from accounts.models import Brand, User
from helpdesk.lib.errors import Conflict
from helpdesk.lib.sealed import Unreadable
from tests.crowd import all_at_once
from tests.tickets.incoming_mails import aside
from tests.tickets.workspace.conftest import LogIn
from tickets import actors
from tickets.actors import Actor
from tickets.channels.email import rescuing
from tickets.choices import AsideReason, IncomingState, SenderVerdict
from tickets.models import IncomingMail, SenderRule, Ticket
from tickets.queries import aside as queries
from tickets.workspace import shell

PAGE = "/admin/mail/aside/"
HTMX = {"HX-Request": "true"}


class Rescues:
    """Whose rescue was asked for; ``answer`` says what comes of it."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, User | None]] = []
        self.answer: Ticket | Exception = Conflict()

    def __call__(self, mail: IncomingMail, *, by: Actor) -> Ticket:
        self.asked.append((mail.pk, by.user))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def rescued(monkeypatch: pytest.MonkeyPatch) -> Rescues:
    made = Rescues()
    monkeypatch.setattr(rescuing, "rescue", made)
    return made


def read(client: Client, path: str = "", **query: str) -> str:
    response = client.get(PAGE + path, query)
    assert response.status_code == 200
    return response.content.decode()


def test_the_list(desk: Client, brand: Brand, other_brand: Brand) -> None:
    mail = aside(brand, detail="List-Id: <x>", subject="<b>Sale")
    aside(other_brand, subject="Theirs")
    shown = read(desk)
    for text in (
        "&lt;b&gt;Sale",
        "张伟",
        "It went to a mailing list, or to many at once.",
        "List-Id: &lt;x&gt;",
    ):
        assert text in shown
    assert f"{PAGE}{mail.pk}/rescue/" in shown
    assert "Theirs" not in shown
    assert 'name="brand"' not in shown, "there is but one"


def test_every_reason_has_words() -> None:
    from tickets.workspace.mail.words import WHY_ASIDE

    assert set(WHY_ASIDE) == set(AsideReason.values)


def test_filters(log_in: LogIn, administrator: User, brand: Brand, other_brand: Brand) -> None:
    client = log_in(administrator)
    aside(brand, AsideReason.BLOCKED, subject="First")
    aside(other_brand, subject="Another of them")
    assert "Another of them" not in read(client, reason="blocked")
    assert "First" not in read(client, brand=str(other_brand.pk))
    assert "First" not in read(client, q="another")
    for nonsense in (
        {"reason": "x"},
        {"brand": "x"},
        {"after": "x"},
        {"brand": "9" * 30},
        {"after": "9" * 30},
    ):
        assert "First" in read(client, **nonsense)
    assert "Nothing matches these filters." in read(client, q="\x00nothing%_")


def test_paging(desk: Client, brand: Brand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries.find, "__defaults__", (2,))
    for number in range(5):
        aside(brand, subject=f"Mail {number}.")
    seen: list[str] = []
    address: str | None = PAGE
    while address:
        shown = desk.get(address.replace("&amp;", "&"), headers=HTMX).content.decode()
        assert "<html" not in shown
        seen += re.findall(r">Mail (\d)\.<", shown)
        found = re.search(r'rel="next" href="([^"]+)"', shown)
        address = found[1] if found else None
    assert seen == ["4", "3", "2", "1", "0"]


def test_an_empty_box(desk: Client, agent: User) -> None:
    assert "The box is empty" in read(desk)


def test_one_shows_its_text_and_nothing_else(desk: Client, brand: Brand) -> None:
    raw = (
        b"Content-Type: text/html\n\n<p>Win &amp; smile</p><script>alert(1)</script>"
        b'<img src="http://evil.test/pixel.png"><a href="http://evil.test/">here</a>'
    )
    mail = aside(brand, AsideReason.BLOCKED, raw, proof="failed", detail="@shop.test")
    shown = read(desk, f"{mail.pk}/")
    for text in (
        "Win &amp; smile",
        "The sender is blocked.",
        "@shop.test",
        "its proof failed",
        "Make it a ticket",
    ):
        assert text in shown
    for absent in ("<img src", 'href="http', "alert(1)"):
        assert absent not in shown


def test_one_whose_bytes_are_gone_or_sender_unknown(desk: Client, brand: Brand) -> None:
    mail = aside(brand, AsideReason.DISMISSED, sender="", sender_name="", subject="")
    IncomingMail.objects.update(raw_sealed=None)
    shown = read(desk, f"{mail.pk}/")
    assert "(no subject)" in shown
    assert "Its raw bytes are no longer kept." in shown
    assert "Block" not in shown


def test_of_other_brands(desk: Client, other_brand: Brand, rescued: Rescues) -> None:
    mail = aside(other_brand)
    assert desk.get(f"{PAGE}{mail.pk}/").status_code == 404
    for path in ("rescue/", "sender/", "sender/1/remove/"):
        assert desk.post(f"{PAGE}{mail.pk}/{path}").status_code == 404
    assert rescued.asked == []


def test_rescue(desk: Client, agent: User, brand: Brand, ticket: Ticket, rescued: Rescues) -> None:
    mail = aside(brand)
    rescued.answer = ticket
    response = desk.post(f"{PAGE}{mail.pk}/rescue/")
    assert response["Location"] == f"/admin/tickets/{ticket.number}/"
    assert rescued.asked == [(mail.pk, agent)]


def test_a_real_rescue(desk: Client, brand: Brand) -> None:
    mail = aside(brand)
    response = desk.post(f"{PAGE}{mail.pk}/rescue/", follow=True)
    assert "It is a ticket now." in response.content.decode()
    mail.refresh_from_db()
    ticket = Ticket.objects.get()
    assert (mail.state, mail.ticket, ticket.subject) == (IncomingState.DONE, ticket, "Big sale")


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (Conflict(), "Somebody else changed this meanwhile."),
        (Unreadable(), ""),
        (ValueError("confidential"), "This mail cannot be read, so no ticket could be made of it."),
    ],
)
def test_a_rescue_that_came_to_nothing(
    desk: Client, brand: Brand, rescued: Rescues, problem: Exception, said: str
) -> None:
    mail = aside(brand)
    rescued.answer = problem
    response = desk.post(f"{PAGE}{mail.pk}/rescue/", follow=True)
    assert response.status_code == 200
    assert said in response.content.decode()
    assert "confidential" not in response.content.decode()


def test_a_key_that_is_gone(desk: Client, brand: Brand, settings: Any) -> None:
    mail = aside(brand)
    settings.MAIL_KEYS = ["another key of thirty-two characters"]
    response = desk.post(f"{PAGE}{mail.pk}/rescue/", follow=True)
    assert response.content.decode().count("no longer in MAIL_KEYS") == 2, "said of the act, and of the text"
    assert not Ticket.objects.exists()


def test_the_second_click_leads_to_the_same_ticket(
    desk: Client, brand: Brand, ticket: Ticket, rescued: Rescues
) -> None:
    mail = aside(brand)
    IncomingMail.objects.filter(pk=mail.pk).update(state=IncomingState.DONE, ticket=ticket)
    response = desk.post(f"{PAGE}{mail.pk}/rescue/")
    assert response["Location"] == f"/admin/tickets/{ticket.number}/"
    assert rescued.asked == []
    assert ticket.display_number in read(desk, f"{mail.pk}/")


@pytest.mark.django_db(transaction=True)
def test_two_at_once_make_one_ticket(agent: User, second_agent: User, brand: Brand) -> None:
    mail = aside(brand)
    people = (agent, second_agent, agent)
    found = all_at_once([partial(rescuing.rescue, mail, by=actors.staff(person)) for person in people])
    assert Ticket.objects.count() == 1
    assert {getattr(one, "pk", one) for one in found} == {Ticket.objects.get().pk}


def test_blocking_and_taking_it_back(desk: Client, brand: Brand) -> None:
    mail = aside(brand)
    # As the form on the page sends it.
    said = {"pattern": "z***@s***.test", "verdict": "block", "note": "sells shoes"}
    shown = desk.post(f"{PAGE}{mail.pk}/sender/", said, follow=True).content.decode()
    assert "Blocked. Mail from z***@s***.test goes straight into this box" in shown
    assert "z***@s***.test is blocked (BTP Wallet)." in shown
    rule = SenderRule.objects.get()
    assert rule.pattern == "zhang@shop.test"
    assert (rule.brand, rule.verdict, rule.created_by) == (brand, SenderVerdict.BLOCK, "Ann")
    shown = desk.post(f"{PAGE}{mail.pk}/sender/{rule.pk}/remove/", follow=True).content.decode()
    assert "Removed." in shown
    assert not SenderRule.objects.exists()
    assert desk.post(f"{PAGE}{mail.pk}/sender/{rule.pk}/remove/").status_code == 404


def test_agents_are_offered_the_address_alone(desk: Client, brand: Brand) -> None:
    mail = aside(brand)
    shown = read(desk, f"{mail.pk}/")
    assert 'type="hidden" name="pattern" value="z***@s***.test"' in shown
    assert 'name="everywhere"' not in shown
    for said, status in (
        ({"pattern": "@shop.test", "verdict": "block"}, 403),
        ({"pattern": "zhang@shop.test", "verdict": "block", "everywhere": "on"}, 403),
        ({"pattern": "somebody@else.test", "verdict": "block"}, 422),
        ({"pattern": "zhang@shop.test", "verdict": "x"}, 422),
        ({}, 422),
    ):
        assert desk.post(f"{PAGE}{mail.pk}/sender/", said).status_code == status
    assert not SenderRule.objects.exists()


def test_managers_say_so_of_whole_domains(log_in: LogIn, manager: User, desk: Client, brand: Brand) -> None:
    mail, client = aside(brand), log_in(manager)
    assert '<option value="@shop.test">' in read(client, f"{mail.pk}/")
    said = {"pattern": "@shop.test", "verdict": "allow", "everywhere": "on"}
    shown = client.post(f"{PAGE}{mail.pk}/sender/", said, follow=True).content.decode()
    assert "@shop.test is allowed (every brand)." in shown
    rule = SenderRule.objects.get()
    assert rule.brand is None
    assert f"sender/{rule.pk}/remove/" not in read(desk, f"{mail.pk}/"), "not the agent's to remove"
    assert desk.post(f"{PAGE}{mail.pk}/sender/{rule.pk}/remove/").status_code == 403


def test_our_own_address_is_never_blocked(desk: Client, brand: Brand) -> None:
    mail = aside(brand, AsideReason.OURSELVES, sender="help@btp.test")
    response = desk.post(f"{PAGE}{mail.pk}/sender/", {"pattern": "help@btp.test", "verdict": "block"})
    assert response.status_code == 422
    assert "That is an address of our own" in response.content.decode()


def test_the_entry_in_the_navigation(
    log_in: LogIn, agent: User, officer: User, administrator: User, brand: Brand
) -> None:
    shell._kept.clear()
    desk = log_in(agent)
    assert PAGE not in desk.get("/admin/queue/").content.decode(), "nothing is in it"
    aside(brand)
    queries.forget_counts(agent)
    shown = desk.get("/admin/queue/").content.decode()
    entry = re.search(rf'<a href="{PAGE}".*?</a>', shown, re.DOTALL)
    assert entry is not None
    assert re.sub(r"<[^>]+>|\s", "", entry[0]).endswith("Notaticket1")
    assert PAGE not in log_in(officer).get("/admin/queue/").content.decode()
    shown = read(log_in(administrator))
    active = re.findall(r'<a href="([^"]+)" class="[^"]* active"', shown)
    assert active == [PAGE], "and not the operator's page above it"


def test_the_price_of_the_list(desk: Client, brand: Brand, django_assert_max_num_queries: Any) -> None:
    counts = []
    for number in (2, 20):
        for _ in range(number):
            aside(brand)
        read(desk)
        with django_assert_max_num_queries(14) as counted:
            read(desk)
        counts.append(len(counted))
    assert counts[0] == counts[1]
