"""Many days in few lines: a day in one, then a run of ordinary days, then weeks of them with their weekends.

Days that differ, breaks of the pattern by a pause or a clock that is changed, and days told in part stand alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from tickets.rules.explanation.lines import Closed, Line, LineKind

#: Up to so many lines every break and night is told; up to so many, every weekend.
IN_FULL, BY_WEEKS = 14, 25

Between = frozenset[Closed]
NIGHTS: Between = frozenset({Closed.HOURS})
NIGHTS_AND_WEEKENDS: Between = NIGHTS | {Closed.NO_WORKING_DAY}


def folded(lines: Sequence[Line]) -> list[Line]:
    """As little folded as need be."""
    if len(lines) <= IN_FULL:
        return list(lines)
    days = list(_days_as_one(lines))
    weeks = list(_runs_as_one(days, NIGHTS))
    return weeks if len(weeks) <= BY_WEEKS else list(_runs_as_one(days, NIGHTS_AND_WEEKENDS))


def _days_as_one(lines: Sequence[Line]) -> Iterator[Line]:
    """Work before and after a break becomes one line."""
    at = 0
    while at < len(lines):
        line = lines[at]
        while _is_worked(line) and _goes_on_after_a_break(line, lines[at + 1 : at + 3]):
            line = _together([line, *lines[at + 1 : at + 3]])
            at += 2
        yield line
        at += 1


def _goes_on_after_a_break(line: Line, following: Sequence[Line]) -> bool:
    return (
        len(following) == 2
        and following[0].closed == Closed.BREAK
        and _is_worked(following[1])
        and following[1].special == line.special
    )


def _runs_as_one(lines: Sequence[Line], between: Between) -> Iterator[Line]:
    """Whole ordinary days with nothing but ``between`` among them become one line, with the night after them."""
    at = 0
    while at < len(lines):
        run = _run(lines, at, between)
        if len(run) == 1:
            yield lines[at]
        else:
            end, days_off = run[-1].end, sum(len(line.days) for line in run if line.kind == LineKind.CLOSED)
            at += len(run) - 1
            if at + 1 < len(lines) and lines[at + 1].closed == Closed.HOURS:
                at += 1
                end = lines[at].end
            yield replace(_together(run), end=end, days_off=days_off)
        at += 1


def _run(lines: Sequence[Line], first: int, between: Between) -> Sequence[Line]:
    """The run that begins here, ending with a day of work; the line alone where none does."""
    last = first
    if _is_whole_day(lines, first):
        at = first + 1
        while at < len(lines) and (lines[at].closed in between or _is_whole_day(lines, at)):
            last = at if _is_worked(lines[at]) else last
            at += 1
    return lines[first : last + 1]


def _is_whole_day(lines: Sequence[Line], at: int) -> bool:
    """An ordinary day, or several worked through, that no mark and no break's end cuts short."""
    around = [lines[near] if 0 <= near < len(lines) else None for near in (at - 1, at + 1)]
    whole = all(line is not None and line.closed not in (None, Closed.BREAK) for line in around)
    return _is_worked(lines[at]) and lines[at].special is None and whole


def _is_worked(line: Line) -> bool:
    return line.kind == LineKind.WORKED


def _together(lines: Sequence[Line]) -> Line:
    days = sorted({day for line in lines if _is_worked(line) for day in line.days})
    return replace(
        lines[0],
        end=lines[-1].end,
        seconds=sum(line.seconds for line in lines),
        days=tuple(days),
    )
