"""Marked quotations that are no longer needed: those at the end, and the one that is answered below."""

from __future__ import annotations

from tickets.rules.replies.announcements import Quotation, Reading
from tickets.rules.replies.page import Kind, Page, unmarked

#: So few marked lines right below a line of the writer's may be the writer's own: "> 500 USDT", a line of a log.
MAX_OWN = 2


def take_last(reading: Reading, quotation: Quotation) -> bool:
    """Takes away a quotation below which nothing is left; says whether it did."""
    if not quotation.announced and (quotation.first or _is_own(reading.page, quotation)):
        return False
    reading.take(quotation.start, quotation.end)
    return True


def take_answered(reading: Reading) -> None:
    """Takes away the one announced quotation on top, and what has marks only.

    Where answers stand between several quotations, they are needed to understand the answers.
    """
    left = [one for one in reading.quotations if not reading.taken[one.start]]
    for quotation in left:
        answered = len(left) == 1 and quotation.first and quotation.announced
        if answered or _is_empty(reading.page, quotation):
            reading.take(quotation.start, quotation.end)


def _is_empty(page: Page, quotation: Quotation) -> bool:
    return not any(map(unmarked, page.plain[quotation.start : quotation.end]))


def _is_own(page: Page, quotation: Quotation) -> bool:
    """Whether the writer seems to have marked the lines: announced in own words, or a few right below them."""
    above = quotation.start - 1
    adjacent = above >= 0 and page.kinds[above] is Kind.TEXT
    while above >= 0 and page.kinds[above] is Kind.BLANK:
        above -= 1
    if above >= 0 and page.plain[above].endswith((":", "：")):
        return True
    return adjacent and quotation.end - quotation.start <= MAX_OWN
