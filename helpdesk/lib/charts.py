"""Geometry of charts: numbers in, places out. Across, places are per cent, so that a chart fits any width and its words
keep their size; down, they are pixels. Bars always begin at zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

PLOT_TOP = 22
PLOT_BOTTOM = 172
PLOT_HEIGHT = PLOT_BOTTOM - PLOT_TOP


@dataclass(frozen=True)
class Tick:
    value: int
    y: float


@dataclass(frozen=True)
class Mark:
    """One bar: x and width in per cent, y and height in pixels."""

    value: int
    x: str
    width: str
    y: float
    height: float


@dataclass(frozen=True)
class Column:
    """One place on the time axis: its bars, and the strip that reacts to the pointer."""

    x: str
    width: str
    middle: str
    marks: list[Mark]


@dataclass(frozen=True)
class Segment:
    x: str
    width: str
    value: int


def percent(part: float) -> str:
    """0.125 to ``12.5%``."""
    return f"{100 * part:.3f}".rstrip("0").rstrip(".") + "%"


def ceiling(greatest: float, steps: int = 4) -> tuple[int, int]:
    """(top of the axis, distance of its ticks): whole numbers that people count in, 1, 2 or 5 times a power of ten."""
    if greatest <= 0:
        return 1, 1
    rough = greatest / steps
    power = 10 ** max(floor(log10(rough)), 0)
    step = max(int(next(factor for factor in (1, 2, 5, 10) if factor * power >= rough) * power), 1)
    return ceil(greatest / step) * step, step


def ticks(greatest: float) -> list[Tick]:
    top, step = ceiling(greatest)
    return [Tick(value, _y(value, top)) for value in range(0, top + 1, step)]


def columns(series: Sequence[Sequence[int]], *, gap: float = 0.25) -> list[Column]:
    """Bars side by side for each place on the time axis; ``gap`` is the part of the place left empty."""
    count = len(series[0]) if series else 0
    top, _step = ceiling(max((value for row in series for value in row), default=0))
    place = 1 / count if count else 0
    bar = place * (1 - gap) / max(len(series), 1)
    return [
        Column(
            percent(index * place),
            percent(place),
            percent((index + 0.5) * place),
            [
                _mark(row[index], top, index * place + place * gap / 2 + number * bar, bar)
                for number, row in enumerate(series)
            ],
        )
        for index in range(count)
    ]


def _mark(value: int, top: int, x: float, width: float) -> Mark:
    y = _y(value, top)
    return Mark(value, percent(x), percent(width), y, round(PLOT_BOTTOM - y, 1))


def _y(value: float, top: int) -> float:
    return round(PLOT_BOTTOM - PLOT_HEIGHT * value / top, 1)


def labelled(count: int, most: int = 6) -> list[int]:
    """Which places get words under them: evenly spread, the last one always."""
    if count <= most:
        return list(range(count))
    step = ceil(count / most)
    return sorted(range(count - 1, -1, -step))


def lengths(values: Sequence[float]) -> list[str]:
    """Bars lying down, from zero to the greatest."""
    greatest = max(values, default=0)
    return [percent(value / greatest) if greatest else "0%" for value in values]


def segments(values: Sequence[int]) -> list[Segment]:
    """One bar cut into its parts, end to end."""
    whole, done, found = sum(values), 0, []
    for value in values:
        if value:
            found.append(Segment(percent(done / whole), percent(value / whole), value))
        done += value
    return found


def runs(shares: Sequence[float | None], floor: float) -> list[list[tuple[float, float]]]:
    """A line through shares over time, broken where there is none; on a field of 100 by 100 that may be stretched to
    any width. At its top is the whole, at its bottom ``floor``.
    """
    found: list[list[tuple[float, float]]] = [[]]
    for at, share in enumerate(shares):
        if share is None:
            found.append([])
        else:
            height = (share - floor) / (1 - floor)
            found[-1].append((round(100 * (at + 0.5) / len(shares), 2), round(100 - 100 * height, 2)))
    return [run for run in found if run]


def floor_of(shares: Sequence[float | None]) -> float:
    """Where an axis of shares may begin so that differences are seen: a round share below the lowest, 0.9 at most."""
    lowest = min((share for share in shares if share is not None), default=0.0)
    return next((step for step in (0.9, 0.75, 0.5) if step <= lowest), 0.0)
