"""From bottom to top: what stands below the last words of the writer."""

from __future__ import annotations

import re

from tickets.rules.replies.announcements import Reading
from tickets.rules.replies.disclaimers import disclaimer_start
from tickets.rules.replies.headers import is_delimiter
from tickets.rules.replies.page import Kind, Page
from tickets.rules.replies.programs import is_added
from tickets.rules.replies.quotations import take_last
from tickets.rules.replies.signatures import signature_start

_LEADS = re.compile(
    r"(?:[:：]|\b(?:is|are|to|at|ist|lautet|sind|est|sont|es|son|è|sono|é|são|jest|to|это)|是|为|為|成|到|は|를|은|는)$",
    re.I,
)
MAX_LEAD, MAX_BLANK = 20, 12
#: More parts than these no mail has below its text; who sends more wants to keep us busy.
MAX_PARTS = 50


def take_tail(reading: Reading) -> None:
    """Takes away signatures, added lines, disclaimers and quotations, again and again, as long as they are
    last.
    """
    page, taken = reading.page, reading.taken
    waiting = list(reading.quotations)
    end = len(page)
    for _ in range(MAX_PARTS):
        while end and (taken[end - 1] or page.kinds[end - 1] is Kind.BLANK):
            end -= 1
        while waiting and waiting[-1].start >= end:
            waiting.pop()
        if not end:
            return
        if waiting and waiting[-1].end >= end:
            if not take_last(reading, waiting[-1]):
                return
            end = waiting.pop().start
            continue
        above = waiting[-1].end if waiting else 0
        start = _part_start(page, max(above, taken.rfind(1, above, end) + 1), end)
        if start is None:
            return
        reading.take(start, end)
        end = start


def _part_start(page: Page, start: int, end: int) -> int | None:
    """Where the last part begins that is not the writer's; it ends before ``end`` and begins at ``start`` or
    later.
    """
    found = _found(page, start, end)
    return None if found is None or _is_awaited(page, start, found) else found


def _found(page: Page, start: int, end: int) -> int | None:
    if is_added(page.plain[end - 1]) or _is_drawn_below(page, end):
        return end - 1
    # Wrapped by a program: "Sent from my\niPhone".
    if end - 2 >= start and is_added(f"{page.plain[end - 2]} {page.plain[end - 1]}"):
        return end - 2
    found = disclaimer_start(page, start, end)
    if found is None:
        found = signature_start(page, start, end)
    # A mail of nothing else was meant to be read.
    return None if found is None or (start == 0 and found <= page.filled[0]) else found


def _is_awaited(page: Page, start: int, at: int) -> bool:
    """Whether the writer's last line above leads to this one: "Write to me at:", "My new address is"."""
    for above in range(at - 1, max(start, at - MAX_BLANK) - 1, -1):
        line = page.plain[above]
        if line and not is_delimiter(line):
            return page.kinds[above] is Kind.TEXT and bool(_LEADS.search(line[-MAX_LEAD:]))
    return False


def _is_drawn_below(page: Page, end: int) -> bool:
    """A line drawn below all text; right below a line of text it belongs to a table or a heading."""
    apart = end == 1 or page.kinds[end - 2] is not Kind.TEXT or page.plain[end - 1] == "--"
    return apart and is_delimiter(page.plain[end - 1])
