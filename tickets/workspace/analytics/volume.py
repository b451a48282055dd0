"""How many: opened and solved, the backlog and its age, busiest hours."""

from __future__ import annotations

from datetime import date
from itertools import chain

from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpdesk.lib import charts
from tickets.queries.analytics.numbers import Pair
from tickets.rules import analytics as rules
from tickets.rules.analytics import Bin
from tickets.workspace.analytics import words
from tickets.workspace.analytics.desk import Desk, Frame, compared_count
from tickets.workspace.analytics.drawing import ColumnChart, Heat
from tickets.workspace.analytics.parts import Cell, Number, Section, Table, counted

AGES = (
    gettext_lazy("under 1 day"),
    gettext_lazy("1 to 3 days"),
    gettext_lazy("3 to 7 days"),
    gettext_lazy("7 to 30 days"),
    gettext_lazy("over 30 days"),
)


def flow(desk: Desk) -> Section:
    happened = desk.report.happened
    bins = desk.bins
    opened, solved = _by_bin(bins, happened.opened_by_day), _by_bin(bins, happened.solved_by_day)
    more = happened.opened[0] - happened.solved[0]
    values = {"opened": words.number(happened.opened[0]), "solved": words.number(happened.solved[0])}
    if more > 0:
        title = _("More was opened than solved: %(opened)s to %(solved)s") % values
    elif more < 0:
        title = _("More was solved than opened: %(solved)s to %(opened)s") % values
    else:
        title = _("As much was solved as opened: %(solved)s") % values
    rows = [
        [
            Cell(desk.bin_words[at], value=iso(column)),
            counted(opened[at], desk.dated("opened", column)),
            counted(solved[at], desk.dated("solved", column)),
        ]
        for at, column in enumerate(bins)
    ]
    heads = [desk.head(desk.when()), desk.head(_("Opened"), "opened"), desk.head(_("Solved"), "solved")]
    return Section(
        "flow",
        _("What comes in and what goes out?"),
        title,
        Table(heads, rows),
        "columns",
        numbers=[
            (_("Opened"), _pair(desk, happened.opened, "opened")),
            (_("Solved"), _pair(desk, happened.solved, "solved")),
        ],
        chart=column_chart(desk, [opened, solved], [_("Opened"), _("Solved")], "opened"),
        is_empty=not any((*opened, *solved)),
        is_wide=True,
    )


def _pair(desk: Desk, pair: Pair, metric: str) -> Number:
    return desk.number(
        words.number(pair[0]), desk.link(metric), metric, "period", compared=compared_count(desk, pair)
    )


def backlog(desk: Desk) -> Section:
    report, bins = desk.report, desk.bins
    happened = report.happened
    levels = rules.backlog_by_bin(bins, report.open_at_end, happened.opened_by_day, happened.solved_by_day)
    start = report.open_at_end - happened.opened[0] + happened.solved[0]
    values = {"start": words.number(start), "end": words.number(report.open_at_end)}
    if report.open_at_end > start:
        title = _("The backlog grew from %(start)s to %(end)s") % values
    elif report.open_at_end < start:
        title = _("The backlog fell from %(start)s to %(end)s") % values
    else:
        title = _("The backlog stayed at %(end)s") % values
    rows = [
        [Cell(desk.bin_words[at], value=iso(column)), counted(levels[at], desk.dated("backlog", column))]
        for at, column in enumerate(bins)
    ]
    return Section(
        "backlog",
        _("How much is waiting?"),
        title,
        Table([desk.head(desk.when()), desk.head(_("Open at the end"), "backlog")], rows),
        "columns",
        numbers=[(_("Open now"), desk.number(words.number(report.open_now), desk.link("open"), "open_now"))],
        chart=column_chart(desk, [levels], [_("Open at the end")], "backlog", is_area=True),
        is_empty=not any(levels),
    )


def age(desk: Desk) -> Section:
    ages = desk.report.open_by_age
    old = sum(ages[3:])
    title = (
        _("%(part)s of the open cases are older than 7 days")
        % {"part": words.percent(rules.share(old, sum(ages)))}
        if sum(ages)
        else _("Nothing is open")
    )
    links = [desk.link("open", age=group) for group in range(len(ages))]
    rows = [[Cell(str(AGES[group])), counted(count, links[group])] for group, count in enumerate(ages)]
    return Section(
        "age",
        _("How old is what is open?"),
        title,
        Table([desk.head(_("Age"), "age"), desk.head(_("Open now"), "open_now")], rows),
        "bars",
        chart=[
            (str(AGES[group]), width, words.number(ages[group]), links[group], "", 0)
            for group, width in enumerate(charts.lengths(ages))
        ],
        is_empty=not sum(ages),
    )


def hours(desk: Desk) -> Section:
    counts = desk.report.happened.by_hour
    most = max(counts.values(), default=0)
    title = _("Nothing was opened")
    if most:
        weekday, hour = max(counts, key=lambda place: counts[place])
        title = _("Busiest: %(weekday)s, %(from)02d:00 to %(to)02d:00") % {
            "weekday": WEEKDAYS[weekday],
            "from": hour,
            "to": hour + 1,
        }
    grid = [[counts.get((weekday, hour), 0) for hour in range(24)] for weekday in range(7)]
    links = [[desk.link("opened", hour=f"{weekday}-{hour}") for hour in range(24)] for weekday in range(7)]
    table = Table(
        [desk.head(_("Weekday"), "heat"), *(desk.head(f"{hour:02d}") for hour in range(24))],
        [
            [
                Cell(str(WEEKDAYS[weekday])),
                *(counted(grid[weekday][hour], links[weekday][hour]) for hour in range(24)),
            ]
            for weekday in range(7)
        ],
    )
    chart = Heat(
        [
            (
                str(WEEKDAYS_ABBR[weekday]),
                [(value, rules.heat_level(value, most), href) for value, href in zip(*both, strict=True)],
            )
            for weekday, both in enumerate(zip(grid, links, strict=True))
        ]
    )
    return Section(
        "hours",
        _("When do people write?"),
        title,
        table,
        "heat",
        chart=chart,
        is_empty=not most,
        is_wide=True,
    )


def _by_bin(bins: list[Bin], counts: dict[date, int]) -> list[int]:
    return [sum(counts.get(day, 0) for day in column.days()) for column in bins]


def column_chart(
    desk: Frame,
    series: list[list[int]],
    names: list[str],
    metric: str,
    *,
    is_area: bool = False,
    **part: str,
) -> ColumnChart:
    bins, drawn = desk.bins, charts.columns(series, gap=-0.03 if is_area else 0.25)
    told = [
        f"{when}: " + ", ".join(f"{name} {row[at]:,}" for name, row in zip(names, series, strict=True))
        for at, when in enumerate(desk.bin_words)
    ]
    places = charts.labelled(len(bins), most=5)
    return ColumnChart(
        [(drawn[at], told[at], desk.dated(metric, column, **part)) for at, column in enumerate(bins)],
        [(tick.y, words.number(tick.value)) for tick in charts.ticks(max(chain(*series), default=0))],
        [(drawn[at].middle, words.day(bins[at].first), _anchor(at, len(bins))) for at in places],
        [(number + 1, name) for number, name in enumerate(names)],
        is_area,
    )


def _anchor(at: int, count: int) -> str:
    """Words at the edges lean inwards."""
    place = (at + 0.5) / count
    return "start" if place < 0.06 else "end" if place > 0.94 else "middle"


def iso(column: Bin) -> str:
    return str(column.first) if column.first == column.last else f"{column.first}..{column.last}"
