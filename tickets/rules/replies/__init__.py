"""What a customer newly wrote in a mail, apart from quotations, forwarded mails, signatures and disclaimers.

A helpdesk that hides what a customer wrote is worse than one that shows too much: whatever is in doubt is kept. Every line
of the text is in one of the two parts, whole and in order, so "show the rest" shows all that is missing. Rules look for
the shapes that mail programs give, with the words of some thirty languages from one table.
"""

from __future__ import annotations

from dataclasses import dataclass

from tickets.rules.replies.announcements import announced
from tickets.rules.replies.page import Page
from tickets.rules.replies.tail import take_tail
from tickets.rules.replies.quotations import take_answered


@dataclass(frozen=True)
class Split:
    """``new``: what the writer wrote now; empty only where there is nothing but quotation and signature.

    ``rest``: what was taken away, in order. Both without blank lines around.
    """

    new: str
    rest: str


def split_reply(text: str) -> Split:
    """Splits the plain text of a mail."""
    page = Page(text)
    taken, quotations = announced(page)
    take_tail(page, taken, quotations)
    take_answered(page, taken, quotations)
    return Split(_joined(page, taken, False), _joined(page, taken, True))


def _joined(page: Page, taken: bytearray, which: bool) -> str:
    lines = [line for line, away in zip(page.raw, taken, strict=True) if away == which]
    return "\n".join(lines).strip()
