"""What a customer newly wrote in a mail, apart from quotations, forwarded mails, signatures and disclaimers.

A helpdesk that hides what a customer wrote is worse than one that shows too much: whatever is in doubt is
kept. Every line of the text is in one of the two parts, whole and in order, so "show the rest" shows all that
is missing. Rules look for the shapes that mail programs give, with the words of some thirty languages from
one table.
"""

from __future__ import annotations

from dataclasses import dataclass

from tickets.rules.replies.announcements import Reading
from tickets.rules.replies.page import Page
from tickets.rules.replies.quotations import take_answered
from tickets.rules.replies.tail import take_tail


@dataclass(frozen=True)
class Split:
    """``new``: what the writer wrote now; empty only where there is nothing but quotation and signature.

    ``rest``: what was taken away, in order. Both without blank lines around.
    """

    new: str
    rest: str


def split_reply(text: str) -> Split:
    """Splits the plain text of a mail."""
    reading = Reading(Page(text))
    take_tail(reading)
    take_answered(reading)
    _take_between(reading)
    return Split(_joined(reading, 0), _joined(reading, 1))


def _take_between(reading: Reading) -> None:
    """Blank lines between lines that were taken away go with them."""
    page, taken = reading.page, reading.taken
    at, before = 0, 0
    while at < len(page):
        below = page.filled[at]
        if below > at and before and (below == len(page) or taken[below]):
            reading.take(at, below)
        if below < len(page):
            before = taken[below]
        at = below + 1


def _joined(reading: Reading, which: int) -> str:
    lines = [line for line, away in zip(reading.page.raw, reading.taken, strict=True) if away == which]
    return "\n".join(lines).strip()
