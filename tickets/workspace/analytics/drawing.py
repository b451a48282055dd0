"""What has hundreds of places is written by Python: a template would take ten times as long. Everything is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Protocol

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from helpdesk.lib import charts


class Shown(Protocol):
    @property
    def text(self) -> str: ...

    @property
    def href(self) -> str: ...


def table_head(heads: Iterable[object]) -> str:
    return "".join(f'<th scope="col">{conditional_escape(str(head))}</th>' for head in heads)


def table_row(cells: Sequence[Shown], *, after_first: str = "") -> str:
    first, *rest = cells
    shown = "".join(f"<td>{_linked(cell)}</td>" for cell in rest)
    return f'<tr><th scope="row">{escape(first.text)}</th>{after_first}{shown}</tr>'


def _linked(cell: Shown) -> str:
    return f'<a href="{escape(cell.href)}">{escape(cell.text)}</a>' if cell.href else escape(cell.text)


def _safe(*parts: str) -> SafeString:
    return mark_safe("".join(parts))  # noqa: S308 (every text in it went through escape)  # nosec B308 B703


@dataclass(frozen=True)
class Heat:
    """The week: hours across, weekdays down (on a phone the other way round)."""

    rows: Sequence[tuple[str, Sequence[tuple[int, int, str]]]]

    def __html__(self) -> SafeString:
        hours = "".join(f'<span class="an-hour">{hour}</span>' for hour in range(24))
        return _safe(
            '<div class="an-heat" aria-hidden="true"><span></span>',
            hours,
            *map(self._row, self.rows),
            "</div>",
        )

    __str__ = __html__

    @staticmethod
    def _row(row: tuple[str, Sequence[tuple[int, int, str]]]) -> str:
        weekday, cells = row
        drawn = "".join(
            f'<a href="{escape(href)}" tabindex="-1" class="an-cell an-heat-{level}">{value or ""}</a>'
            for value, level, href in cells
        )
        return f'<span class="an-weekday">{escape(str(weekday))}</span>{drawn}'


@dataclass(frozen=True)
class ColumnChart:
    """Columns by time: what each shows in words, and the cases behind it."""

    columns: Sequence[tuple[charts.Column, str, str]]
    ticks: Sequence[tuple[float, str]]
    labels: Sequence[tuple[str, str, str]]
    keys: Sequence[tuple[int, str]]
    is_area: bool = False

    def __html__(self) -> SafeString:
        axis = "".join(
            f'<text x="46" y="{y}" dy="4" text-anchor="end">{text}</text>' for y, text in self.ticks
        )
        lines = "".join(
            f'<line class="an-line" x1="0" x2="100%" y1="{y}" y2="{y}"/>' for y, _text in self.ticks
        )
        return _safe(
            self._keys() if len(self.keys) > 1 else "",
            f'<div class="an-plot{" an-area" if self.is_area else ""}" aria-hidden="true">',
            f'<svg class="an-axis" width="52" height="196" focusable="false">{axis}</svg>',
            f'<svg class="an-canvas" width="100%" height="196" focusable="false">{lines}',
            *(self._column(*column) for column in self.columns),
            *(self._label(at, *label) for at, label in enumerate(reversed(self.labels))),
            "</svg></div>",
        )

    __str__ = __html__

    def _keys(self) -> str:
        keys = "".join(
            f'<span class="an-key an-key-{number}">{escape(name)}</span>' for number, name in self.keys
        )
        return f'<p class="an-keys" aria-hidden="true">{keys}</p>'

    def _column(self, column: charts.Column, told: str, href: str) -> str:
        bars = "".join(self._bar(number, mark) for number, mark in enumerate(column.marks, 1))
        return (
            f'<a href="{escape(href)}" tabindex="-1"><title>{escape(told)}</title>'
            f'<rect class="an-hit" x="{column.x}" width="{column.width}" y="0" height="174"/>{bars}</a>'
        )

    def _bar(self, number: int, mark: charts.Mark) -> str:
        place = f'x="{mark.x}" width="{mark.width}" y="{mark.y}"'
        edge = f'<rect class="an-edge" {place} height="2"/>' if self.is_area else ""
        return f'<rect class="an-bar an-bar-{number}" {place} height="{mark.height}"/>{edge}'

    @staticmethod
    def _label(at: int, x: str, text: str, anchor: str) -> str:
        # Every other one gives way on a phone; the last never does.
        sparse = ' class="an-sparse"' if at % 2 else ""
        return f'<text x="{x}" y="190" text-anchor="{anchor}"{sparse}>{escape(text)}</text>'


@dataclass(frozen=True)
class AgentRows:
    """A table that is its own chart: a bar beside each name."""

    heads: Sequence[object]
    rows: Sequence[Sequence[Shown]]
    widths: Sequence[str]

    def __html__(self) -> SafeString:
        head = table_head(self.heads).replace("</th>", "</th><td></td>", 1)
        rows = (
            table_row(row, after_first=self._bar(width))
            for row, width in zip(self.rows, self.widths, strict=True)
        )
        return _safe(
            f'<table class="an-table"><thead><tr>{head}</tr></thead><tbody>', *rows, "</tbody></table>"
        )

    __str__ = __html__

    @staticmethod
    def _bar(width: str) -> str:
        return (
            '<td class="an-agent-bar"><svg class="an-canvas" width="100%" height="14" aria-hidden="true" '
            f'focusable="false"><rect class="an-bar" x="0" y="0" width="{width}" height="14"/></svg></td>'
        )


@dataclass(frozen=True)
class Multiple:
    """One small chart: a share over time, its number in full, and what lies behind each of its places."""

    title: str
    kind: str
    number: object
    change: str
    counts: str
    #: Of its line, on a field of 100 by 100; broken where there was nothing.
    runs: Sequence[Sequence[tuple[float, float]]]
    places: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Multiples:
    """Small charts side by side, all on the same scale."""

    charts: Sequence[Multiple]
    #: What the bottom and the top of each mean.
    scale: tuple[str, str]
    #: The first day and the last.
    ends: tuple[str, str]

    def __html__(self) -> SafeString:
        return _safe('<ul class="an-multiples">', *map(self._chart, self.charts), "</ul>")

    __str__ = __html__

    def _chart(self, chart: Multiple) -> str:
        return (
            f'<li><p class="an-multiple-name">{escape(chart.title)} <small>{escape(chart.kind)}</small></p>'
            f'<p class="an-multiple-share">{conditional_escape(str(chart.number))} '
            f"<small>{escape(chart.change)}</small></p>"
            f'<div class="an-spark" aria-hidden="true">{self._scale()}{self._line(chart)}</div>'
            f'<p class="an-multiple-days" aria-hidden="true"><span>{escape(self.ends[0])}</span>'
            f"<span>{escape(self.ends[1])}</span></p>"
            f'<p class="an-fine">{escape(chart.counts)}</p></li>'
        )

    def _scale(self) -> str:
        bottom, top = self.scale
        return f'<span class="an-spark-top">{escape(top)}</span><span>{escape(bottom)}</span>'

    @staticmethod
    def _line(chart: Multiple) -> str:
        width = 100 / len(chart.places)
        hits = "".join(
            f'<a href="{escape(href)}" tabindex="-1"><title>{escape(told)}</title>'
            f'<rect class="an-hit" x="{at * width:.3f}" width="{width:.3f}" y="-6" height="112"/></a>'
            for at, (told, href) in enumerate(chart.places)
        )
        # A line from a point to itself is a dot, for its ends are round.
        lines = "".join(
            f'<polyline points="{" ".join(f"{x},{y}" for x, y in (*run, run[-1]))}"/>' for run in chart.runs
        )
        return (
            '<svg viewBox="0 0 100 100" preserveAspectRatio="none" focusable="false">'
            '<line class="an-line" x1="0" x2="100" y1="0" y2="0"/>'
            f'<line class="an-line" x1="0" x2="100" y1="100" y2="100"/>{hits}<g class="an-course">{lines}</g></svg>'
        )
