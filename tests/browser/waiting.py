"""Waiting for what an expression says, on pages whose policy lets no string be run: each look is one of its own."""

from __future__ import annotations

from playwright.sync_api import Frame, Page

from tests.smtp import wait_until


def until(page: Page | Frame, expression: str) -> None:
    wait_until(lambda: page.evaluate(expression), what=expression)
