"""The pages get by with what the Content-Security-Policy allows: no inline script or style, no eval, nothing foreign.

``visit`` fails a test when the browser's console complains: of something that the policy blocked, or of an
expression of the admin theme that static/js/expressions.js does not read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import Brand, Team
from accounts.rules.capabilities import ADMIN_MODELS
from tests.browser.furnished import furnish
from tests.doors import DOORS, Who
from tests.test_doors import ROUTES, House, address, house
from tickets.models import Ticket

__all__ = ["house"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Visit = Callable[..., Page]
LogIn = Callable[[Page, str], None]


@pytest.fixture
def furnished(house: House, brand: Brand, team: Team, make_ticket: Callable[..., Ticket]) -> House:
    furnish(house, brand, team, make_ticket)
    return house


def as_administrator(visit: Visit, log_in: LogIn, house: House) -> Page:
    page, ada = visit("en"), house.people["administrator"]
    assert ada is not None
    log_in(page, ada.email)
    return page


def configuration() -> Iterator[str]:
    """The list of each model, and its form: of the first that there is, else an empty one."""
    known = {route.name for route in ROUTES}
    for label in ADMIN_MODELS:
        stem = f"admin:{label.replace('.', '_')}"
        if f"{stem}_changelist" in known:
            first = apps.get_model(label)._default_manager.order_by("pk").first()
            yield reverse(f"{stem}_changelist")
            yield reverse(f"{stem}_change", args=[first.pk]) if first else reverse(f"{stem}_add")


def addresses(house: House, who: Callable[[str], bool]) -> Iterator[str]:
    for route in ROUTES:
        door = DOORS.get(route.name)
        if door is not None and door.method == "GET" and who(route.name):
            yield address(route, house.values) + door.query


def open_each(page: Page, targets: Iterator[str]) -> int:
    """How many of them are pages; files are not opened, nor what is not there."""
    pages = 0
    for target in targets:
        answer = page.request.get(target)
        if answer.ok and "text/html" in answer.headers.get("content-type", "") and b"<html" in answer.body():
            page.goto(target, wait_until="load")
            pages += 1
    return pages


def test_the_theme_works_without_eval(visit: Visit, log_in: LogIn, furnished: House) -> None:
    page = as_administrator(visit, log_in, furnished)
    page.goto("/admin/tickets/category/")
    theme = page.locator("html")
    page.evaluate("document.querySelector('[x-on\\\\:click=\"openUserLinks = !openUserLinks\"]').click()")
    expect(page.locator('[x-show="openUserLinks"]')).to_be_visible()
    page.keyboard.press("Control+e")
    expect(theme).to_have_class("light")
    page.keyboard.press("Control+e")
    expect(theme).to_have_class("dark")
    assert page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--color-primary-600')")


def test_an_attribute_can_run_no_code(
    browser: Browser, live_server: LiveServer, log_in: LogIn, furnished: House
) -> None:
    context, ada = (
        browser.new_context(base_url=live_server.url, locale="en"),
        furnished.people["administrator"],
    )
    page, told = context.new_page(), list[str]()
    assert ada is not None
    log_in(page, ada.email)
    page.goto("/admin/queue/")
    page.on("console", lambda said: told.append(said.text))
    for words in (
        "''.constructor.constructor('window.hacked = 1')()",
        "$el.ownerDocument.defaultView.eval('window.hacked = 1')",
        "window.eval('window.hacked = 1')",
        "$el.innerHTML = '<img src=x onerror=\\'window.hacked = 1\\'>'",
        "fetch('/admin/')",
    ):
        page.evaluate(
            """(words) => { const one = document.createElement("div");
            one.setAttribute("x-data", "{}"); one.setAttribute("x-init", words); document.body.append(one);
            return new Promise((done) => requestAnimationFrame(() => setTimeout(done))); }""",
            words,
        )
    assert page.evaluate("window.hacked") is None
    assert len(told) == 5
    context.close()


def test_the_policy_of_every_answer(client: Client, furnished: House) -> None:
    """As it is sent, whoever asks, whatever is answered."""
    for name in ("anonymous", "agent", "administrator"):
        person = furnished.people.get(name)
        client.logout()
        if person is not None:
            client.force_login(person)
        for target in addresses(furnished, lambda _name: True):
            policy = client.get(target).headers.get("Content-Security-Policy", "")
            assert "default-src 'none'" in policy or "default-src &#x27;none&#x27;" in policy, target
            assert "unsafe-eval" not in policy, target
            script = next((part for part in policy.split("; ") if part.startswith("script-src")), "")
            assert "unsafe-inline" not in script, target
            if "sandbox" not in policy:  # frames of mails and files: no script, no forms, styled as they came
                assert "unsafe-inline" not in policy, target


@pytest.mark.long
def test_every_page_of_the_staff(visit: Visit, log_in: LogIn, furnished: House) -> None:
    page = as_administrator(visit, log_in, furnished)
    staff = addresses(furnished, lambda name: name.startswith(("workspace:", "analytics:")))
    assert open_each(page, staff) > 30


@pytest.mark.long
def test_every_page_of_the_configuration(visit: Visit, log_in: LogIn, furnished: House) -> None:
    page = as_administrator(visit, log_in, furnished)
    assert open_each(page, configuration()) > 30


@pytest.mark.long
def test_every_page_for_anybody(visit: Visit, furnished: House) -> None:
    anybody = addresses(furnished, lambda name: DOORS[name].who == Who.ANYBODY)
    assert open_each(visit("en"), anybody) > 10
