"""From top to bottom: where mails are announced as quoted or forwarded, and what is marked as a quotation."""

from __future__ import annotations

from dataclasses import dataclass

from tickets.rules.replies.attribution import attribution_at
from tickets.rules.replies.headers import back_over_delimiters, headers_end, is_delimiter, is_marker
from tickets.rules.replies.page import MAX_LINE, MAX_LOOK, Kind, Page, unmarked

#: So many lines of a quotation are looked at for what announces it within.
MAX_WITHIN = 12
#: And into so many quotations.
MAX_QUOTATIONS = 200


@dataclass(frozen=True)
class Quotation:
    """Marked lines. ``announced``: a program said somewhere whose they are; ``answered``: it did so right
    above, and above that the writer wrote nothing.
    """

    start: int
    end: int
    announced: bool
    answered: bool


class Reading:
    """One way down the page.

    ``taken``: 1 for each line taken away, for being an announcement or below one; ``quotations``: what is
    marked.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.taken = bytearray(len(page))
        self.quotations: list[Quotation] = []
        self._wrote = False
        self._announced = False
        self._mingled = False
        at = page.filled[0]
        while at < len(page):
            at = page.filled[self._next(at)]

    def take(self, start: int, end: int) -> None:
        self.taken[start:end] = b"\x01" * (end - start)

    def _next(self, at: int) -> int:
        if self.page.kinds[at] is Kind.QUOTE:
            return self._quotation(at)
        span = _announcement(self.page, at) if at < MAX_LOOK else None
        if span:
            return self._announcement(*span)
        self._wrote = self._wrote or not is_delimiter(self.page.plain[at])
        self._announced = False
        return at + 1

    def _quotation(self, at: int) -> int:
        end = self.page.quote_end(at)
        before = bool(self.quotations) and self.quotations[-1].announced
        known = before or self._announced or self._announced_within(at, end)
        self.quotations.append(Quotation(at, end, known, self._announced and not self._wrote))
        self._announced = False
        return end

    def _announced_within(self, start: int, end: int) -> bool:
        """Whether a program's words are among the first marked lines, or marks stand on marks."""
        if len(self.quotations) > MAX_QUOTATIONS:
            return False
        head = [
            line[: MAX_LINE * 2] for line in self.page.plain[start : min(end, start + MAX_WITHIN)] if line
        ]
        # Lines of one depth may be a prompt, or arrows; a quotation of a quotation has two.
        if len({line[1:].lstrip().startswith((">", "＞")) for line in head}) == 2:
            return True
        within = Page("\n".join(map(unmarked, head)))
        return any(within.kinds[at] is Kind.TEXT and _announcement(within, at) for at in range(len(within)))

    def _announcement(self, start: int, end: int) -> int:
        """Takes the announcement, and all below where lines are not marked and something was written above.

        Where nothing was, the writer's words are among what was quoted or forwarded: that is kept, and so are
        further announcements in it, which help to understand.
        """
        self.page.mark_bars(end)
        self._announced = self.page.next_is_quoted(end)
        if not self._announced:
            if self._mingled and self._wrote:
                return end
            if self._wrote:
                end = len(self.page)
            self._mingled = True
        self.take(start, end)
        return end


def _announcement(page: Page, at: int) -> tuple[int, int] | None:
    """From where to where something announces a quotation, with the lines drawn around it."""
    line = page.plain[at]
    if len(line) > MAX_LINE:
        return None
    if is_marker(line):
        below = page.filled[at + 1]
        end = headers_end(page, below, marked=True) if below < len(page) else 0
        if not end and not is_delimiter(line[:2]) and not page.next_is_quoted(at + 1):
            # Without dashes around, "Original message:" may be a person's.
            return None
        return back_over_delimiters(page, at), end or at + 1
    if end := headers_end(page, at):
        return back_over_delimiters(page, at), end
    if end := attribution_at(page, at):
        return at, end
    return None
