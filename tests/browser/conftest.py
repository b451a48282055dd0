"""The site as a browser sees it: a real server, a real Chromium, mail by a real worker to a real mail server."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.smtp import wait_until

# Playwright keeps an event loop in this thread, and Django would take our queries for asynchronous ones.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
# A busy machine is no fault of the site.
PatientMs = 30_000
expect.set_options(timeout=PatientMs)


def is_complaint(said: ConsoleMessage) -> bool:
    """An answer of 409 or 422 is the site speaking to the reader, not a fault; nor is a connection that was lost."""
    spoken = any(f"status of {status}" in said.text for status in (409, 422))
    lost = said.text.startswith("WebSocket connection to")
    return said.type == "error" and not spoken and not lost


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=OPTIONS)
        yield started
        started.close()


@pytest.fixture(autouse=True)
def all_is_answered(transactional_db: None, request: pytest.FixtureRequest) -> Iterator[None]:
    """The tables are emptied when the server is done: a page may have asked for something just before it was closed,
    and what answers that holds locks."""
    yield
    if "browser" in request.fixturenames:
        for context in request.getfixturevalue("browser").contexts:
            context.close()
    wait_until(lambda: not any("process_request_thread" in thread.name for thread in threading.enumerate()))


@pytest.fixture
def process_env(process_env: dict[str, str], live_server: LiveServer) -> dict[str, str]:
    """Processes of the test write links to the test's own server."""
    return process_env | {"PUBLIC_URL": live_server.url}


@pytest.fixture
def visit(
    browser: Browser, live_server: LiveServer, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Page]]:
    """``visit(language, phone=False)``: somebody new with a browser of their own, at the site's door.

    What a page's scripts complain of fails the test: a policy that blocks something, say, or a missing file.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_browser(language: str, *, phone: bool = False) -> Page:
        size = {"width": 375, "height": 740} if phone else {"width": 1360, "height": 900}
        context = browser.new_context(base_url=live_server.url, locale=language, viewport=size)  # type: ignore[arg-type]
        context.set_default_timeout(PatientMs)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if is_complaint(said) else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield open_browser
    for context in contexts:
        context.close()
    assert not complaints, complaints


@pytest.fixture
def log_in() -> Callable[[Page, str], None]:
    from tests.cast import PASSWORD  # the cast needs the settings, which are not there when this file is read

    def act(page: Page, email: str) -> None:
        page.goto("/accounts/login/")
        page.fill("input[name=login]", email)
        page.fill("input[name=password]", PASSWORD)
        page.locator("form:has(input[name=password]) button[type=submit]").first.click()
        page.wait_for_url(lambda url: "/login/" not in url)

    return act
