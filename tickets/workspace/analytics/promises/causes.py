"""Why promises were broken: by cause, by team, by category."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain

from django.utils.translation import gettext as _

from helpdesk.lib import charts
from tickets.choices import BreachCause
from tickets.models import Category
from tickets.queries.analytics.behind import NONE
from tickets.queries.analytics.decided import ByCause, Outcome, total
from tickets.rules import analytics as rules
from tickets.workspace.analytics import words
from tickets.workspace.analytics.parts import Cell, Head, Section, Table, counted, share_cell
from tickets.workspace.analytics.promises.desk import UNKNOWN, PromiseDesk, cause_name

#: In the order in which they are asked, which is also that of the columns.
CAUSES = (*BreachCause.values, "")
Link = dict[str, str]


def by_cause(desk: PromiseDesk) -> Section:
    causes = desk.report.ours.causes
    rows = sorted(causes, key=lambda cause: (-causes[cause][0], CAUSES.index(cause)))
    whole = sum(now for now, _before in causes.values())
    heads = [
        desk.head(_("Cause"), "cause"),
        desk.head(_("Broken"), "decided_broken"),
        desk.head(_("Share")),
        desk.head(_("The period before"), "period"),
        desk.head(_("More or fewer")),
    ]
    title = _("None was broken")
    if whole:
        title = _("%(part)s of the broken promises: %(cause)s") % {
            "part": words.percent(causes[rows[0]][0] / whole),
            "cause": cause_name(rows[0]),
        }
    return Section(
        "by-cause",
        _("Why were they broken?"),
        title,
        Table(heads, [_cause_cells(desk, cause, whole) for cause in rows]),
        "bars",
        chart=_cause_bars(desk, rows, whole),
        is_empty=not rows,
        is_wide=True,
        note=_("The line marks the period before."),
    )


def _link(desk: PromiseDesk, cause: str, **more: str) -> str:
    return desk.link("decided", outcome="broken", cause=cause or UNKNOWN, **more)


def _cause_cells(desk: PromiseDesk, cause: str, whole: int) -> list[Cell]:
    now, before = desk.report.ours.causes[cause]
    grown = rules.change(now, before)
    return [
        Cell(cause_name(cause)),
        counted(now, _link(desk, cause)),
        share_cell(rules.share(now, whole), _link(desk, cause)),
        counted(before, _link(desk, cause, when="before")),
        Cell(words.signed(grown), value="" if grown is None else round(grown, 4)),
    ]


def _cause_bars(desk: PromiseDesk, rows: list[str], whole: int) -> list[tuple[object, ...]]:
    pairs = [desk.report.ours.causes[cause] for cause in rows]
    widths = charts.lengths([*chain(*pairs)])
    return [
        (
            cause_name(cause),
            widths[2 * at],
            f"{words.number(pairs[at][0])} · {words.percent(rules.share(pairs[at][0], whole))}",
            _link(desk, cause),
            words.signed(rules.change(*pairs[at])),
            widths[2 * at + 1],
        )
        for at, cause in enumerate(rows)
    ]


def by_team(desk: PromiseDesk) -> Section:
    found = desk.report.ours.by_team
    teams = sorted(found, key=lambda pk: (-_all(found[pk]).broken, desk.team_name(pk)))
    causes = _seen(found.values())
    rows = [
        _row(
            desk,
            desk.team_name(pk),
            found[pk],
            _before(desk.report.ours.by_team_before, [pk]),
            causes,
            crew=desk.crew(pk),
        )
        for pk in teams
    ]
    title = _("None was broken")
    if teams and _all(found[teams[0]]).broken:
        title = _("Most were broken by %(team)s: %(broken)s") % {
            "team": desk.team_name(teams[0]),
            "broken": words.number(_all(found[teams[0]]).broken),
        }
    heads = _heads(desk, desk.head(_("Team"), "by_team_broken"), causes)
    return Section(
        "by-team", _("Which teams?"), title, Table(heads, rows), "table", is_empty=not rows, is_wide=True
    )


def by_category(desk: PromiseDesk) -> Section:
    groups = _category_rows(desk)
    rows = list(chain.from_iterable(groups))
    causes = _seen(desk.report.ours.by_category.values())
    cells = [
        _row(
            desk,
            "\u2003" * depth + _category_name(category),
            found,
            before,
            causes,
            topic=category.slug if category else NONE,
        )
        for depth, category, found, before in rows
    ]
    title = _("None was broken")
    if rows and _all(rows[0][2]).broken:
        title = _("Most were broken in %(category)s: %(broken)s") % {
            "category": _category_name(rows[0][1]),
            "broken": words.number(_all(rows[0][2]).broken),
        }
    heads = _heads(desk, desk.head(_("Category"), "by_category_broken"), causes)
    return Section(
        "by-category",
        _("In which categories?"),
        title,
        Table(heads, cells),
        "table",
        is_empty=not rows,
        is_wide=True,
    )


CategoryRow = tuple[int, Category | None, ByCause, Outcome]


def _category_rows(desk: PromiseDesk) -> list[list[CategoryRow]]:
    """Each with all below it, in the order of the tree; those on top with most broken first."""
    found, before = desk.report.ours.by_category, desk.report.ours.by_category_before
    tree, chosen = desk.filters.tree, desk.filters.scope.category
    groups: list[list[CategoryRow]] = []
    for depth, node in [(0, chosen), *tree.walk(chosen.pk, 1)] if chosen else tree.walk():
        branch = tree.branch(node)
        row = (depth, node, _merged(found[pk] for pk in branch if pk in found), _before(before, branch))
        if depth == 0:
            groups.append([])
        if row[2]:
            groups[-1].append(row)
    if None in found:
        groups.append([(0, None, found[None], _before(before, [None]))])
    groups = [group for group in groups if group]
    return sorted(groups, key=lambda group: -_all(group[0][2]).broken)


def _category_name(category: Category | None) -> str:
    return category.name if category else _("No category")


def _merged(parts: Iterable[ByCause]) -> ByCause:
    whole: ByCause = {}
    for part in parts:
        for cause, outcome in part.items():
            whole[cause] = whole.get(cause, Outcome()).plus(outcome)
    return whole


def _all(found: ByCause) -> Outcome:
    return total(found.values())


def _before(outcomes: Mapping[int | None, Outcome], keys: Iterable[int | None]) -> Outcome:
    return total(outcomes.get(key, Outcome()) for key in keys)


def _seen(groups: Iterable[ByCause]) -> list[str]:
    """The causes that get a column."""
    seen = {cause for group in groups for cause, outcome in group.items() if outcome.broken}
    return [cause for cause in CAUSES if cause in seen]


def _heads(desk: PromiseDesk, first: Head, causes: list[str]) -> list[Head]:
    return [
        first,
        desk.head(_("Broken"), "decided_broken"),
        desk.head(_("The period before"), "period"),
        desk.head(_("Share kept"), "decided_share"),
        *(desk.head(cause_name(cause)) for cause in causes),
    ]


def _row(
    desk: PromiseDesk, name: str, found: ByCause, before: Outcome, causes: list[str], **part: str
) -> list[Cell]:
    now = _all(found)
    return [
        Cell(name, value=name.strip("\u2003")),
        counted(now.broken, desk.link("decided", outcome="broken", **part)),
        counted(before.broken, desk.link("decided", outcome="broken", when="before", **part)),
        share_cell(rules.share(now.kept, now.decided), desk.link("decided", **part)),
        *(counted(found.get(cause, Outcome()).broken, _link(desk, cause, **part)) for cause in causes),
    ]
