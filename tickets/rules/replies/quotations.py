"""Marked quotations that are no longer needed: those at the end, and the one that is answered below.

Programs say whose words they mark. Where none said so, neither here nor above, the writer may have marked the
lines: a line of a log, a price. Then they are kept.
"""

from __future__ import annotations

from tickets.rules.replies.announcements import Quotation, Reading
from tickets.rules.replies.page import Page, unmarked

#: Marks in a line.
MAX_MARKS = 40


def take_last(reading: Reading, quotation: Quotation) -> bool:
    """Takes away a quotation below which nothing is left; says whether it did."""
    if not (quotation.announced or _is_empty(reading.page, quotation)):
        return False
    reading.take(quotation.start, quotation.end)
    return True


def take_answered(reading: Reading) -> None:
    """Takes away the one announced quotation on top, and what has nothing but marks.

    Where answers stand between several quotations, those are needed to understand the answers.
    """
    quotations = reading.quotations
    for quotation in quotations:
        if (len(quotations) == 1 and quotation.answered) or _is_empty(reading.page, quotation):
            reading.take(quotation.start, quotation.end)


def _is_empty(page: Page, quotation: Quotation) -> bool:
    """Nothing behind the marks, or so many of them that nobody answers to it."""
    for line in page.plain[quotation.start : quotation.end]:
        if unmarked(line) and line.count(">") <= MAX_MARKS:
            return False
    return True
