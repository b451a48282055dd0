"""From top to bottom: where mails are announced as quoted or forwarded, and what is marked as a quotation."""

from __future__ import annotations

from dataclasses import dataclass

from tickets.rules.replies.attribution import attribution_at
from tickets.rules.replies.headers import back_over_delimiters, headers_end, is_delimiter, is_marker
from tickets.rules.replies.page import MAX_LINE, MAX_LOOK, Kind, Page, unmarked

#: So many lines of a quotation are looked at for what announces it within.
MAX_WITHIN = 12


@dataclass(frozen=True)
class Quotation:
    """Marked lines. ``announced``: a program said whose they are; ``first``: the writer wrote nothing above."""

    start: int
    end: int
    announced: bool
    first: bool


def announced(page: Page) -> tuple[bytearray, list[Quotation]]:
    """Which lines are taken away for being announcements or all that follows one, and the marked quotations."""
    taken = bytearray(len(page))
    quotations: list[Quotation] = []
    wrote = just_announced = False
    at = 0
    while at < len(page):
        if page.kinds[at] is Kind.QUOTE:
            end = page.quote_end(at)
            known = just_announced or _announced_within(page, at, end)
            quotations.append(Quotation(at, end, known, not wrote))
            just_announced, at = False, end
            continue
        span = _announcement(page, at) if at < MAX_LOOK and page.kinds[at] is Kind.TEXT else None
        if span:
            start, end = span
            page.mark_bars(end)
            just_announced = page.next_is_quoted(end)
            if wrote and not just_announced:
                end = len(page)
            taken[start:end] = b"\x01" * (end - start)
            at = end
            continue
        if page.kinds[at] is Kind.TEXT:
            wrote = wrote or not is_delimiter(page.plain[at])
            just_announced = False
        at += 1
    return taken, quotations


def _announcement(page: Page, at: int) -> tuple[int, int] | None:
    """From where to where something announces a quotation, with the lines drawn around it."""
    line = page.plain[at]
    if len(line) > MAX_LINE:
        return None
    if is_marker(line):
        below = page.filled[at + 1]
        end = headers_end(page, below, marked=True) if below < len(page) else 0
        return back_over_delimiters(page, at), end or at + 1
    if end := headers_end(page, at):
        return back_over_delimiters(page, at), end
    if end := attribution_at(page, at):
        return at, end
    return None


def _announced_within(page: Page, start: int, end: int) -> bool:
    """Whether a program's words are among the first marked lines, or marks stand on marks."""
    head = [line for line in page.plain[start : min(end, start + MAX_WITHIN)] if line]
    if any(line[1:].lstrip().startswith((">", "＞")) for line in head if len(line) > 1):
        return True
    within = Page("\n".join(unmarked(line[: MAX_LINE * 2]) for line in head))
    return any(within.kinds[at] is Kind.TEXT and _announcement(within, at) for at in range(len(within)))
