"""A mail as it looked, in a real browser: nothing of it runs, nothing is fetched that nobody asked for."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Frame, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from tests.browser.conftest import PatientMs
from tests.browser.waiting import until
from tests.pictures import PNG
from tests.tickets.mail_copies import inline, write
from tickets.models import MailCopy, Ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LogIn = Callable[[Page, str], None]
Look = Callable[[MailCopy], Page]

#: As though cleaning had let all of it through. Each would say so in the page's title, or ask evil.test for something.
HOSTILE = {
    "script": "<script>top.document.title = 'ran'; new Image().src = '//evil.test/s'</script>",
    "script from afar": '<script src="https://evil.test/x.js"></script><script type="module" src="//evil.test/m.js">'
    "</script>",
    "handlers": '<img src="x:" onerror="top.document.title=\'ran\'"><body onload="top.document.title=\'ran\'">'
    '<svg onload="top.document.title=\'ran\'"></svg><details open ontoggle="top.document.title=\'ran\'">x</details>',
    "javascript address": '<iframe src="javascript:top.document.title=\'ran\'"></iframe>'
    "<a id=\"bait\" href=\"javascript:top.document.title='ran'\">x</a>",
    "frames": '<iframe src="https://evil.test/f"></iframe><iframe srcdoc="<script>top.document.title=\'ran\'</script>">'
    '</iframe><object data="https://evil.test/o"></object><embed src="https://evil.test/e">',
    "frame of our own": '<iframe src="/admin/"></iframe>',
    "images": '<img src="https://evil.test/i"><img srcset="https://evil.test/i2 1x"><picture>'
    '<source srcset="https://evil.test/i3"><img></picture><video poster="https://evil.test/v" src="https://evil.test/v2">'
    '</video><audio src="https://evil.test/a" autoplay></audio><svg><image href="https://evil.test/i4"/></svg>',
    "image of our own": '<img src="/admin/logout/"><img src="/static/img/icons.svg">',
    "styles": '<link rel="stylesheet" href="https://evil.test/c.css"><style>@import "https://evil.test/c2.css"; '
    '@font-face { font-family: f; src: url(https://evil.test/f) } '
    'body { background: url(https://evil.test/b); font-family: f }</style>'
    '<p style="background: url(https://evil.test/p)">x</p><td background="https://evil.test/t">x</td>',
    "refresh": '<meta http-equiv="refresh" content="0; url=https://evil.test/r">',
    "hints": '<link rel="prefetch" href="https://evil.test/p"><link rel="preconnect" href="https://evil.test">'
    '<link rel="icon" href="https://evil.test/i"><link rel="manifest" href="https://evil.test/m">',
    "base": '<base href="https://evil.test/"><img src="rel"><a href="rel">x</a>',
    "form": '<form action="https://evil.test/f" id="f"><input autofocus onfocus="top.document.title=\'ran\'">'
    '<button id="bait">x</button></form>',
    "end of the sheet": '</body></html><script>top.document.title="ran"</script><!-- --!>'
    '<script>top.document.title="ran"',
    "half a tag": '<img src="x" alt="<script>top.document.title=\'ran\'</script>"><style><img src="</style>'
    "<img src=x onerror=top.document.title='ran'>\">",
}  # fmt: skip


@pytest.fixture
def asked(browser: Browser) -> list[str]:
    """Addresses that were asked for elsewhere than at the site."""
    return []


@pytest.fixture
def page(browser: Browser, live_server: LiveServer, log_in: LogIn, agent: User, asked: list[str]) -> Page:
    """The agent's browser. What the policy blocks it says on the console: that is no fault here."""
    context = browser.new_context(
        base_url=live_server.url, locale="en", viewport={"width": 1360, "height": 900}
    )
    context.set_default_timeout(PatientMs)
    opened = context.new_page()

    def elsewhere(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(status=200, body=PNG, content_type="image/png")

    context.route(lambda url: not url.startswith((live_server.url, "data:")), elsewhere)
    log_in(opened, agent.email)
    return opened


@pytest.fixture
def look(page: Page) -> Look:
    """``look(mail)``: the ticket's page with the mail shown as it looked, by keyboard alone."""

    def act(mail: MailCopy) -> Page:
        page.goto(f"/admin/tickets/{mail.message.ticket.number}/")
        summary = page.locator(f"#ws-whole-{mail.message_id} > summary")
        summary.focus()
        page.keyboard.press("Enter")
        page.locator(f"#ws-sheet-{mail.message_id} .ws-as-text").focus()
        page.keyboard.press("ArrowRight")
        frame_of(page, mail)
        return page

    return act


def frame_of(page: Page, mail: MailCopy) -> Frame:
    """The frame, when all of it is there."""
    element = page.locator(f"#ws-sheet-{mail.message_id} iframe").element_handle()
    assert element is not None
    frame = element.content_frame()
    assert frame is not None
    frame.wait_for_url(re.compile(r"/mail/html/"), wait_until="load")
    return frame


def test_all_of_it_at_once_runs_and_loads_nothing(look: Look, ticket: Ticket, asked: list[str]) -> None:
    mail = write(ticket, html=f"<p>before</p>{''.join(HOSTILE.values())}")
    page = look(mail)
    title, frame = page.title(), frame_of(page, mail)
    expect(frame.get_by_text("before")).to_be_visible()
    for bait in frame.locator("#bait").all():
        bait.click(force=True)
    page.wait_for_load_state("networkidle")
    assert (page.title(), asked) == (title, [])
    assert "/mail/html/" in frame.url
    assert page.url.endswith(f"/admin/tickets/{ticket.number}/")
    assert frame.evaluate("window.origin") == "null"


@pytest.mark.long
def test_hostile_html_runs_and_loads_nothing(look: Look, ticket: Ticket, asked: list[str]) -> None:
    faults = []
    for kind, html in HOSTILE.items():
        mail = write(ticket, html=f"<p>before</p>{html}<p>after</p>")
        page = look(mail)
        title = page.title()
        frame = frame_of(page, mail)
        expect(frame.get_by_text("before")).to_be_visible()
        bait = frame.locator("#bait")
        if bait.count():
            bait.click(force=True)
        page.wait_for_load_state("networkidle")
        led_away = "/mail/html/" not in frame.url or not page.url.endswith(f"/admin/tickets/{ticket.number}/")
        if page.title() != title or asked or led_away or frame.evaluate("window.origin") != "null":
            faults.append(f"{kind}: {page.title()}, {asked}, {frame.url}")
        asked.clear()
    assert not faults


@pytest.mark.long
def test_opened_in_a_tab_of_its_own_it_is_as_powerless(
    page: Page, live_server: LiveServer, ticket: Ticket, asked: list[str]
) -> None:
    mail = write(ticket, html="".join(HOSTILE.values()))
    page.goto(f"/admin/messages/{mail.message_id}/mail/html/")
    page.wait_for_load_state("networkidle")
    assert page.title() == ""
    assert asked == []


def test_remote_images_only_on_click(look: Look, ticket: Ticket, asked: list[str]) -> None:
    html = '<p>Hello</p><img src="cid:shot@x" id="here"><img data-remote-src="https://pictures.test/a.png" id="there">'
    mail = write(ticket, html=html, has_remote_images=True, files=[inline()])
    page = look(mail)
    frame = frame_of(page, mail)
    assert frame.locator("#here").evaluate("image => image.complete && image.naturalWidth") > 0
    page.wait_for_load_state("networkidle")
    assert asked == []
    show = page.get_by_role("button", name="Show remote images")
    show.focus()
    page.keyboard.press("Enter")
    hide = page.get_by_role("button", name="Hide remote images")
    expect(hide).to_be_focused()
    frame = frame_of(page, mail)
    until(frame, "document.querySelector('#there').naturalWidth > 0")
    assert asked == ["https://pictures.test/a.png"]
    hide.click()
    expect(page.get_by_role("button", name="Show remote images")).to_be_visible()
    assert frame_of(page, mail).locator("#there").get_attribute("src") is None
    assert len(asked) == 1


@pytest.mark.long
def test_a_link_of_a_strangers_opens_nothing(look: Look, ticket: Ticket, asked: list[str]) -> None:
    mail = write(ticket, html='<a href="https://shop.test/" target="_top">shop</a>')
    page = look(mail)
    frame = frame_of(page, mail)
    frame.get_by_text("shop", exact=True).click()
    page.wait_for_load_state("networkidle")
    assert len(page.context.pages) == 1
    assert asked == []
    assert "/admin/tickets/" in page.url


@pytest.mark.long
def test_reading_a_mail_carries_nobody_away(look: Look, page: Page, ticket: Ticket) -> None:
    """The conversation stays where it is when the mail opens, and the mail stays open when something changes."""
    first = write(ticket, text="New\n" + "> old\n" * 50, html="<p>Hello</p>")
    for _ in range(8):
        write(ticket, body="More.\n" * 10)
    page.goto(f"/admin/tickets/{ticket.number}/")
    details = page.locator(f"#ws-whole-{first.message_id}")
    details.locator("summary").scroll_into_view_if_needed()
    log = page.locator("#ws-conversation")
    before = log.evaluate("log => log.scrollTop")
    page.evaluate("document.addEventListener('htmx:afterSettle', () => { window.settled = true; })")
    details.locator("summary").click()
    expect(details.locator(".ws-sheet-text")).to_contain_text("> old")
    until(page, "window.settled")
    assert abs(log.evaluate("log => log.scrollTop") - before) < 40
    page.get_by_role("switch", name="Complaint").press("Space")
    expect(page.locator("#ws-head .ws-complaint")).to_be_visible()
    expect(details).to_have_attribute("open", "")
    expect(details.locator(".ws-sheet-text")).to_contain_text("> old")


@pytest.mark.long
def test_without_javascript(
    browser: Browser, live_server: LiveServer, log_in: LogIn, agent: User, ticket: Ticket
) -> None:
    mail = write(ticket, html="<p>As it looked</p>", has_remote_images=True)
    context = browser.new_context(base_url=live_server.url, locale="en", java_script_enabled=False)
    page = context.new_page()
    log_in(page, agent.email)
    page.goto(f"/admin/tickets/{ticket.number}/")
    page.get_by_text("Show the whole mail").click()
    page.get_by_role("link", name="Open it on a page of its own").click()
    assert page.url.endswith(f"/admin/messages/{mail.message_id}/mail/")
    expect(page.locator(".ws-sheet-text")).to_contain_text("> What is the number?")
    page.get_by_role("radio", name="As it looked").check()
    page.get_by_role("button", name="Show remote images").click()
    assert "images=1" in page.url
    expect(page.locator(".ws-sheet-html")).to_be_visible()
    page.locator(".ws-back a").click()
    assert page.url.endswith(f"/admin/tickets/{ticket.number}/#message-{mail.message_id}")
    context.close()


@pytest.mark.long
@pytest.mark.parametrize("width", [320, 768, 1280])
def test_nothing_hangs_over_the_edge(look: Look, page: Page, ticket: Ticket, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    long = "very-long-name-of-somebody-who-has-no-blank-in-it@" + "sub." * 20 + "example.com"
    mail = write(
        ticket,
        html='<table width="1400"><tr><td>wide</td></tr></table>',
        cc=[{"name": "", "address": long}],
        withheld=[{"name": "x" * 150 + ".exe", "size": 1, "reason": "kind"}],
    )
    look(mail)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
