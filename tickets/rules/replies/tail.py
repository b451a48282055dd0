"""From bottom to top: what stands below the last words of the writer."""

from __future__ import annotations

from tickets.rules.replies.announcements import Quotation
from tickets.rules.replies.disclaimers import disclaimer_start
from tickets.rules.replies.page import Kind, Page
from tickets.rules.replies.programs import is_added
from tickets.rules.replies.quotations import take_last
from tickets.rules.replies.signatures import signature_start

#: More parts than these no mail has below its text; who sends more wants to keep us busy.
MAX_PARTS = 50


def take_tail(page: Page, taken: bytearray, quotations: list[Quotation]) -> None:
    """Takes away signatures, added lines, disclaimers and quotations, again and again, as long as they are last."""
    waiting = list(quotations)
    end = len(page)
    for _ in range(MAX_PARTS):
        while end and (taken[end - 1] or page.kinds[end - 1] is Kind.BLANK):
            end -= 1
        while waiting and waiting[-1].start >= end:
            waiting.pop()
        if not end:
            return
        if waiting and waiting[-1].end >= end:
            if not take_last(page, taken, waiting[-1]):
                return
            end = waiting.pop().start
            continue
        start = _part_start(page, _own_start(page, taken, waiting, end), end)
        if start is None:
            return
        taken[start:end] = b"\x01" * (end - start)
        end = start


def _own_start(page: Page, taken: bytearray, waiting: list[Quotation], end: int) -> int:
    """The first line of the writer's in whose part the line before ``end`` stands."""
    start = waiting[-1].end if waiting else 0
    gone = taken.rfind(1, start, end)
    return max(start, gone + 1)


def _part_start(page: Page, start: int, end: int) -> int | None:
    if is_added(page.plain[end - 1]):
        return end - 1
    # Wrapped by a program: "Sent from my\niPhone".
    if end - 2 >= start and is_added(f"{page.plain[end - 2]} {page.plain[end - 1]}"):
        return end - 2
    found = disclaimer_start(page, start, end)
    if found is None:
        found = signature_start(page, start, end)
    if found is None or not (found > page.filled[start] or start > 0):
        return None
    return found
