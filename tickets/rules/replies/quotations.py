"""Marked quotations that are no longer needed: those at the end, and the one that is answered below."""

from __future__ import annotations

from tickets.rules.replies.announcements import Quotation
from tickets.rules.replies.page import Kind, Page

#: So few marked lines right below a line of the writer's may be the writer's own: "> 500 USDT", a line of a log.
MAX_OWN = 2


def take_last(page: Page, taken: bytearray, quotation: Quotation) -> bool:
    """Takes away a quotation below which nothing is left; says whether it did."""
    if not quotation.announced and (quotation.first or _is_own(page, quotation)):
        return False
    taken[quotation.start : quotation.end] = b"\x01" * (quotation.end - quotation.start)
    return True


def take_answered(page: Page, taken: bytearray, quotations: list[Quotation]) -> None:
    """Takes away the one announced quotation on top. Where answers stand between several, they are needed to understand."""
    left = [quotation for quotation in quotations if not taken[quotation.start]]
    if len(left) == 1 and left[0].first and left[0].announced:
        taken[left[0].start : left[0].end] = b"\x01" * (left[0].end - left[0].start)


def _is_own(page: Page, quotation: Quotation) -> bool:
    """Whether the writer seems to have marked the lines: announced in own words, or a few right below them."""
    above = quotation.start - 1
    adjacent = above >= 0 and page.kinds[above] is Kind.TEXT
    while above >= 0 and page.kinds[above] is Kind.BLANK:
        above -= 1
    if above >= 0 and page.plain[above].endswith((":", "：")):
        return True
    return adjacent and quotation.end - quotation.start <= MAX_OWN
