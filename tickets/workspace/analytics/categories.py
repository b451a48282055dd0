"""What the cases are about, and what is rising."""

from __future__ import annotations

from itertools import chain

from django.utils.translation import gettext as _

from helpdesk.lib import charts
from tickets.models import Category
from tickets.queries.analytics.behind import NONE
from tickets.queries.analytics.numbers import Pair
from tickets.rules import analytics as rules
from tickets.workspace.analytics import words
from tickets.workspace.analytics.desk import Desk
from tickets.workspace.analytics.parts import Cell, Section, Table, counted


def category_rows(desk: Desk) -> list[tuple[int, Category | None, Pair]]:
    """(depth, category, counts over its branch), most cases first among those on top; what has none is left out."""
    counts, tree = desk.report.happened.by_category, desk.filters.tree
    chosen = desk.filters.scope.category
    nodes = [(0, chosen), *tree.walk(chosen.pk, 1)] if chosen else tree.walk()
    found: list[list[tuple[int, Category | None, Pair]]] = []
    for depth, node in nodes:
        branch = [counts.get(pk, (0, 0)) for pk in tree.branch(node)]
        pair = (sum(now for now, _before in branch), sum(before for _now, before in branch))
        if depth == 0:
            found.append([])
        if any(pair):
            found[-1].append((depth, node, pair))
    if None in counts:
        found.append([(0, None, counts[None])])
    found.sort(key=lambda group: -group[0][2][0] if group else 0)
    return list(chain.from_iterable(found))


def categories(desk: Desk) -> Section:
    rows = category_rows(desk)
    top = [row for row in rows if row[0] == (1 if desk.filters.scope.category else 0)] or rows
    whole = desk.report.happened.opened[0]
    title = _("Nothing was opened")
    if whole and top:
        first = max(top, key=lambda row: row[2][0])
        title = _("%(category)s leads with %(part)s of all cases") % {
            "category": _name(first[1]),
            "part": words.percent(rules.share(first[2][0], whole)),
        }
    heads = [
        desk.head(_("Category"), "by_category"),
        desk.head(_("Opened"), "opened"),
        desk.head(_("The period before"), "period"),
        desk.head(_("Up or down")),
    ]
    return Section(
        "categories",
        _("What is it about, and what is rising?"),
        title,
        Table(heads, [_category_cells(desk, *row) for row in rows]),
        "bars",
        chart=_category_bars(desk, top),
        is_empty=not rows,
        note=_("The line marks the period before."),
    )


def _name(category: Category | None) -> str:
    return category.name if category else _("No category")


def _category_cells(desk: Desk, depth: int, category: Category | None, pair: Pair) -> list[Cell]:
    slug = category.slug if category else NONE
    change = rules.change(*pair)
    return [
        Cell("\u2003" * depth + _name(category), value=_name(category)),
        counted(pair[0], desk.link("opened", topic=slug)),
        counted(pair[1], desk.link("opened", topic=slug, when="before")),
        Cell(words.signed(change), value="" if change is None else round(change, 4)),
    ]


def _category_bars(desk: Desk, rows: list[tuple[int, Category | None, Pair]]) -> list[tuple[object, ...]]:
    widths = charts.lengths([count for _depth, _category, pair in rows for count in pair])
    return [
        (
            _name(category),
            widths[2 * at],
            f"{pair[0]:,}",
            desk.link("opened", topic=category.slug if category else NONE),
            words.signed(rules.change(*pair)),
            widths[2 * at + 1],
        )
        for at, (_depth, category, pair) in enumerate(rows)
    ]
