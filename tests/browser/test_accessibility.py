"""Nothing grave by axe-core on any page of the staff, in both themes; and no page wider than the window it is in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import pytest
from django.apps import apps
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import Brand, Team
from accounts.rules.capabilities import ADMIN_MODELS
from tests.browser.axe import DESK, Inspector
from tests.browser.furnished import furnish
from tests.browser.waiting import until
from tests.doors import DOORS
from tests.test_doors import ROUTES, House, address, house, may_enter
from tickets.models import Ticket

__all__ = ["house"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Make = Callable[..., Ticket]

#: Answers that are no page: files, and parts that stand within pages looked at below.
NO_PAGES = frozenset(
    {
        "workspace:people", "workspace:link_find", "workspace:queue_rows", "workspace:queue_counts",
        "workspace:find_customer",
        "workspace:ticket_live", "workspace:attachment", "workspace:mail_html",
        "workspace:macro", "workspace:macro_changes", "workspace:articles", "analytics:promises-outlook",
        "workspace:fitting_articles", "workspace:earlier", "workspace:attachment_text", "workspace:mail_raw",
        "workspace:palette", "workspace:bell", "workspace:training_progress",
        "workspace:recalculation_progress", "workspace:alarm", "workspace:attachment_card", "workspace:emergency_rows",
        "workspace:scams_csv", "workspace:scams_json", "analytics:tickets-csv", "analytics:csv",
        "analytics:promises-list-csv", "analytics:promises-csv",
    }
)  # fmt: skip
#: Markup of the admin theme that no setting and no style of ours reaches, each with its reason.
EXCLUDED: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stop:
    """A page, what is done there, and what is to be seen then.

    Steps: ``key:…``, ``choose:list=value``, ``do:…`` for what is not shown at a desk, "open" for all folds, else what
    is clicked.
    """

    at: str
    steps: tuple[str, ...] = ()
    shows: str = "#ws-main"


ALL = "/admin/queue/?view=all"
#: What htmx marks until it is done.
UNDER_WAY = ".htmx-request, .htmx-swapping, .htmx-added, .htmx-settling"
PICKED = ("key:j", "key:x", "key:j", "key:x", "button[name=act][value=priority]")
MOST_USED: Mapping[str, Stop] = {
    "queue": Stop(f"{ALL}&priority=urgent,normal,high,low&status=new,open", shows=".ws-chip"),
    "filters": Stop(ALL, ("#ws-add-filter",), "#ws-offers"),
    "bulk preview": Stop(ALL, (*PICKED, "choose:#ws-bulk-priority=low"), ".ws-bulk-go"),
    "bell": Stop(ALL, ("#ws-bell > summary",), "#ws-bell-list ul"),
    "ticket": Stop("{ticket}", shows="#ws-composer"),  # where its notices are read
    "note on a mail": Stop("{mail}", ("key:o",), "#ws-suggestion"),
    "palette": Stop(ALL, ("key:Control+k",), "#ws-palette[open]"),
    "keys": Stop("{ticket}", ("key:?",), "#ws-help[open]"),
    "new ticket": Stop("/admin/tickets/new/"),
    "drafts": Stop("/admin/drafts/", shows=".ws-drafts"),
}
STATES: Mapping[str, Stop] = {
    "columns": Stop(ALL, ("#ws-columns",), ".ws-column-list"),
    "a view to be": Stop(f"{ALL}&priority=urgent", ("#ws-save-view",), "#ws-view-name"),
    "compact": Stop(f"{ALL}&density=compact", shows=".ws-row"),
    "own columns": Stop(f"{ALL}&columns=number,subject,tags,team,opened", shows=".ws-own"),
    "found": Stop("/admin/queue/?q=Case", shows=".ws-row"),
    "nothing found": Stop("/admin/queue/?q=unheardof", shows=".ws-empty"),
    "merged": Stop("{merged}"),
    "bulk act": Stop("{run}"),
    "a mail not read": Stop("{unread}"),
    "forward": Stop("{ticket}", ("key:f",), "#ws-forward-to"),
    "a file in place": Stop("{ticket}", ("#ws-conversation [data-view]",), "#ws-viewer[open]"),
    # Of a narrow window, one part at a time.
    "who asks": Stop("{ticket}", ("do:[data-part=customer]", "open")),
    "the case": Stop("{ticket}", ("do:[data-part=context]", "open")),
    "every fold open": Stop("{ticket}", ("open",), "#ws-composer"),
}


@pytest.fixture
def addresses(house: House, brand: Brand, team: Team, make_ticket: Make) -> dict[str, str]:
    return furnish(house, brand, team, make_ticket)


@pytest.fixture
def page(
    browser: Browser, live_server: LiveServer, house: House, log_in: Callable[[Page, str], None]
) -> Iterator[Page]:
    """The administrator's, who may see every page. axe is no part of the site: its policy is not asked."""
    context = browser.new_context(
        base_url=live_server.url, locale="en", bypass_csp=True, reduced_motion="reduce",
        viewport=DESK,  # type: ignore[arg-type]
    )  # fmt: skip
    opened = context.new_page()
    ada = house.people["administrator"]
    assert ada is not None
    log_in(opened, ada.email)
    yield opened
    context.close()


def speak(page: Page, language: str, house: House) -> None:
    ada = house.people["administrator"]
    assert ada is not None
    ada.language = language
    ada.save()
    site = page.url.partition("/admin/")[0]
    page.context.add_cookies([{"name": "django_language", "value": language, "url": site}])


def go(page: Page, stop: Stop, addresses: Mapping[str, str]) -> None:
    page.goto(stop.at.format(**addresses))
    for step in stop.steps:
        rest(page)
        kind, _, key = step.partition(":")
        if step == "open":
            page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")
        elif kind == "key":
            page.keyboard.press(key)
        elif kind == "do":
            page.locator(key).first.dispatch_event("click")
        elif kind == "choose":
            page.select_option(*key.split("="))
        else:
            page.locator(step).first.click()
    expect(page.locator(stop.shows).first).to_be_attached()
    rest(page)


def rest(page: Page) -> None:
    """Until all that was asked for is there, and answers."""
    until(page, f"!document.querySelector({UNDER_WAY!r})")


def look(page: Page, stops: Mapping[str, Stop], addresses: Mapping[str, str]) -> dict[str, list[str]]:
    """What is grave, by the name of the stop; nothing for those without."""
    found = {}
    for name, stop in stops.items():
        go(page, stop, addresses)
        if findings := Inspector(page, EXCLUDED).findings():
            found[name] = findings
    return found


def report(found: Mapping[str, list[str]]) -> str:
    """Each finding once, with the first place of it and in how many it is."""
    places: dict[str, list[str]] = {}
    for name, findings in found.items():
        for finding in findings:
            places.setdefault(finding, []).append(name)
    return "\n".join(f"{names[0]} (of {len(names)}): {finding}" for finding, names in places.items())


BAD = """<!DOCTYPE html><html lang="en"><title>Bad</title>
<style>.dark body { background: #333 } i { display: inline-block; width: 700px; height: 1px }</style>
<p style="color: #555; background: none">Words</p><p style="color: #bbb">Pale</p><i></i><input><main>
<button style="width: 12px; height: 12px; padding: 0">a</button><button style="width: 12px; padding: 0">b</button>"""


def test_what_is_bad_is_seen(page: Page) -> None:
    page.set_content(BAD)
    found = Inspector(page).findings()
    for words in (
        *('light: color-contrast: <p style="color: #bbb', 'dark: color-contrast: <p style="color: #555'),
        *("light: label: <input", "light: target-size: <button", "320 px: target-size: <button"),
        *("200 %: sideways", "320 px: sideways"),
    ):
        assert any(finding.startswith(words) for finding in found), (words, found)


def test_what_is_used_most(page: Page, addresses: dict[str, str]) -> None:
    found = look(page, MOST_USED, addresses)
    assert not found, report(found)


@pytest.mark.long
def test_what_is_used_most_in_chinese(page: Page, house: House, addresses: dict[str, str]) -> None:
    speak(page, "zh-hans", house)
    found = look(page, MOST_USED, addresses)
    assert page.locator("html").get_attribute("lang") == "zh-hans"
    assert not found, report(found)


@pytest.mark.long
def test_every_state(page: Page, addresses: dict[str, str]) -> None:
    found = look(page, STATES, addresses)
    assert not found, report(found)


@pytest.mark.long
def test_every_address_of_the_staff(page: Page, house: House, addresses: dict[str, str]) -> None:
    found: dict[str, list[str]] = {}
    no_pages = set()
    for route in ROUTES:
        door = DOORS.get(route.name)
        if door is None or door.method != "GET" or not route.name.startswith(("workspace:", "analytics:")):
            continue
        if not may_enter(door, "administrator", house.people["administrator"]):
            continue
        target = address(route, house.values) + door.query
        answer = page.request.get(target)
        if not (answer.ok and b'id="ws-main"' in answer.body()):
            no_pages.add(route.name)
            continue
        found |= look(page, {route.name: Stop(target)}, addresses)
    assert not found, report(found)
    assert no_pages == NO_PAGES


@pytest.mark.long
def test_what_the_officer_alone_sees(
    browser: Browser,
    live_server: LiveServer,
    house: House,
    addresses: dict[str, str],
    log_in: Callable[[Page, str], None],
) -> None:
    """The administrator may not open them: who hands out powers reads nobody's data."""
    context = browser.new_context(
        base_url=live_server.url, locale="en", bypass_csp=True, reduced_motion="reduce",
        viewport=DESK,  # type: ignore[arg-type]
    )  # fmt: skip
    page, ada, officer = context.new_page(), house.people["administrator"], house.people["officer"]
    assert officer is not None
    log_in(page, officer.email)
    stops = {}
    for route in ROUTES:
        door = DOORS.get(route.name)
        if door is None or door.method != "GET" or not route.name.startswith("workspace:"):
            continue
        if may_enter(door, "officer", officer) and not may_enter(door, "administrator", ada):
            stops[route.name] = Stop(address(route, house.values) + door.query)
    assert "workspace:privacy" in stops
    found = look(page, stops, addresses)
    context.close()
    assert not found, report(found)


@pytest.mark.long
def test_every_page_of_the_configuration(page: Page, addresses: dict[str, str]) -> None:
    """The list of each model, and its form: of the first that there is, else an empty one."""
    known = {route.name for route in ROUTES}
    found: dict[str, list[str]] = {}
    for label in ADMIN_MODELS:
        stem = f"admin:{label.replace('.', '_')}"
        if f"{stem}_changelist" not in known:
            continue
        first = apps.get_model(label)._default_manager.order_by("pk").first()
        form = reverse(f"{stem}_change", args=[first.pk]) if first else reverse(f"{stem}_add")
        for target in (reverse(f"{stem}_changelist"), form):
            if page.request.get(target).ok:
                found |= look(page, {target: Stop(target, shows="#content")}, addresses)
    assert not found, report(found)
