"""Warned while typing, before anything is sent; and what is typed leaves the browser only when the form is sent."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Brand, User
from helpdesk.env import BASE_DIR
from tests.secrets_maker import Maker
from tests.tickets.rules.secrets import said
from tickets.models import Category, Message, Ticket
from tickets.rules.secrets.wordlists import ENGLISH

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WORDS: Path = BASE_DIR / "static" / "data" / "recovery-words.txt"
PHRASE = "legal winner thank year wave sausage worth useful legal winner thank yellow"
#: Whether the list of fitting articles may be asked for, as htmx asks before it does.
ASKS = """list => list.dispatchEvent(
    new CustomEvent("htmx:beforeRequest", { bubbles: true, cancelable: true, detail: { elt: list } }))"""
Visit = Callable[..., Page]


def test_the_list_is_the_standards() -> None:
    assert WORDS.read_text().split() == list(ENGLISH)


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_on_the_customers_form(visit: Visit, brand: Brand, category: Category, language: str) -> None:
    page = visit(language, phone=True)
    asked: list[str] = []
    page.on("request", lambda one: asked.append(f"{one.method} {one.url} {one.post_data or ''}"))
    page.goto("/btp/new/withdrawal/")
    assert not [line for line in asked if "recovery-words" in line], "fetched when it is needed"
    body, box = page.locator("#id_body"), page.locator("#id_body-secret")
    body.press_sequentially("I cannot log in. ")
    expect(box).to_have_count(0)
    with page.expect_response(lambda answer: "recovery-words" in answer.url):
        body.fill(f"I cannot log in. My words: {PHRASE}")
    expect(box).to_be_visible()
    expect(box.locator("li")).to_have_count(1)
    if language == "en":
        expect(box).to_contain_text("Please do not send this")
    assert "id_body-secret" in (body.get_attribute("aria-describedby") or "")
    assert page.locator("#suggestions").evaluate(ASKS) is False
    body.fill("I cannot log in.")
    expect(box).to_have_count(0)
    assert page.locator("#suggestions").evaluate(ASKS) is True
    assert "secret" not in (body.get_attribute("aria-describedby") or "")
    assert not [line for line in asked if "sausage" in line]


def test_on_the_emergency_form_it_says_what_names_the_account(visit: Visit, brand: Brand) -> None:
    """There the last four digits of a card would find nothing."""
    page = visit("zh-CN", phone=True)
    page.goto("/btp/emergency/")
    page.fill("input[name=account]", "4278528177312557")
    box = page.locator(".secret-warning")
    expect(box.locator("li")).to_have_text("银行卡号")
    expect(box).to_contain_text("请填写账户的手机号、邮箱地址或账户号")


def test_pasted_and_sent_at_once_is_held_back_once(visit: Visit, ticket: Ticket, brand: Brand) -> None:
    from tickets.queries.links import newest_link, tracking_path

    link = newest_link(ticket)
    assert link is not None
    page = visit("en")
    page.goto(tracking_path(link, brand.slug))
    before = Message.objects.count()
    page.fill("#id_body", "my card is 4111 1111 1111 1111")
    send = page.locator("#reply .actions .button")
    send.click()
    expect(page.locator("#id_body-secret")).to_contain_text("the last four digits are enough")
    assert Message.objects.count() == before
    send.click()
    expect(page.get_by_text("please act now")).to_be_visible()
    assert "4111 1111" not in Message.objects.latest("pk").body


def test_in_the_composer(
    visit: Visit, log_in: Callable[[Page, str], None], ticket: Ticket, agent: User
) -> None:
    page = visit("en")
    log_in(page, agent.email)
    page.goto(f"/admin/tickets/{ticket.number}/")
    page.locator("#ws-composer label", has_text="Internal note").click()
    page.fill("#ws-text", "they told me: 私钥 " + "e9873d79c6d87dc0" * 4)
    box = page.locator("#ws-text-secret")
    expect(box).to_contain_text("a private key")
    assert box.evaluate("box => box.previousElementSibling.className") == "ws-written", (
        "below the frame of the field"
    )
    page.click("#ws-send")
    expect(page.get_by_text("Kept without what must not be stored here: private key.").first).to_be_visible()
    assert "e9873d79" not in Message.objects.latest("pk").body


@pytest.fixture
def finder(visit: Visit) -> Callable[[list[str]], list[list[str]]]:
    page = visit("en")
    page.goto("about:blank")
    page.add_script_tag(path=str(BASE_DIR / "static" / "js" / "secret-finder.js"))

    def find(texts: list[str]) -> list[list[str]]:
        found: Any = page.evaluate(
            "([texts, words]) => texts.map((text) => SecretFinder.find(text, new Set(words)))",
            [texts, list(ENGLISH)],
        )
        return list(found)

    return find


def test_it_sees_what_the_server_sees(finder: Callable[[list[str]], list[list[str]]]) -> None:
    planted = list(Maker(seed=41).planted(1_000))
    told = (("card", said.CARDS, 0), ("identity", said.IDENTITIES, 0), ("password", said.PASSWORDS, 3))
    for kind, sentences, may_miss in told:
        texts = [text for text, _start, _end in said.marked(sentences)]
        unseen = [text for text, kinds in zip(texts, finder(texts), strict=True) if kind not in kinds]
        assert len(unseen) <= may_miss, unseen
    assert finder([PHRASE.replace(" ", blank) for blank in said.BLANKS]) == [["recovery_phrase"]] * len(
        said.BLANKS
    )
    missed = [
        one.text
        for one, kinds in zip(planted, finder([one.text for one in planted]), strict=True)
        if one.kind.value not in kinds
    ]
    assert len(missed) <= 10, missed


def test_it_warns_of_nothing_else(finder: Callable[[list[str]], list[list[str]]]) -> None:
    texts = [*Maker(seed=42).look_alikes(1_200), *said.plain(said.NOTHING)]
    warned = [(text, kinds) for text, kinds in zip(texts, finder(texts), strict=True) if kinds]
    assert len(warned) <= len(texts) // 100, warned
