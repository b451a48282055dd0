"""What was kept: by policy and kind with its course, and day by day."""

from __future__ import annotations

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from helpdesk.lib import charts
from tickets.choices import TimerKind
from tickets.queries.analytics.decided import Given, Outcome, total
from tickets.rules import analytics as rules
from tickets.rules.analytics import Bin
from tickets.workspace.analytics import words
from tickets.workspace.analytics.drawing import Multiple, Multiples
from tickets.workspace.analytics.parts import Cell, Section, Table, counted, share_cell
from tickets.workspace.analytics.promises.desk import KINDS, PromiseDesk
from tickets.workspace.analytics.volume import column_chart, iso


def share(outcome: Outcome) -> float | None:
    return rules.share(outcome.kept, outcome.decided)


def by_policy(desk: PromiseDesk) -> Section:
    ours = desk.report.ours
    rows = desk.ordered(ours.given)
    heads = [
        desk.head(_("Promise")),
        desk.head(_("Policy")),
        desk.head(_("Kept"), "decided_kept"),
        desk.head(_("Broken"), "decided_broken"),
        desk.head(_("Share kept"), "decided_share"),
        desk.head(_("The period before"), "period"),
        desk.head(_("Change")),
    ]
    return Section(
        "by-policy",
        _("Do we keep our promises?"),
        _by_policy_title(desk, rows),
        Table(heads, [policy_cells(desk, given) for given in rows]),
        "multiples",
        numbers=[
            (capfirst(kind.label), desk.share_number(*ours.whole(kind), kind=kind.value))
            for kind in KINDS
            if any(outcome.decided for outcome in ours.whole(kind))
        ],
        chart=_multiples(desk, [given for given in rows if given in ours.by_day]),
        is_empty=not ours.by_day,
        is_wide=True,
        note=_(
            "Each line shows the share kept over the period, by day; by week where it is longer than 14 days."
        ),
    )


def _by_policy_title(desk: PromiseDesk, rows: list[Given]) -> str:
    """The weakest of those that are worth a sentence."""
    shares = {
        given: share(now)
        for given in rows
        if (now := desk.report.ours.now(given)).decided >= rules.WORTH_A_SENTENCE and now.broken
    }
    if not shares:
        now, _before = desk.report.ours.whole()
        return _("Kept: %(part)s of all promises") % {"part": words.percent(share(now))}
    weakest = min(shares, key=lambda given: shares[given] or 0)
    return _("Kept least often: %(kind)s, %(policy)s: %(part)s") % {
        "policy": desk.policy(weakest),
        "kind": weakest.kind.label,
        "part": words.percent(shares[weakest]),
    }


def policy_cells(desk: PromiseDesk, given: Given, *, by_law: bool = False) -> list[Cell]:
    decided = desk.report.law if by_law else desk.report.ours
    law = {"law": 1} if by_law else {}
    now, before = decided.now(given), decided.before.get(given, Outcome())
    part = desk.of(given) | law
    return [
        Cell(str(given.kind.label)),
        Cell(desk.policy(given)),
        counted(now.kept, desk.link("decided", outcome="kept", **part)),
        counted(now.broken, desk.link("decided", outcome="broken", **part)),
        share_cell(share(now), desk.link("decided", **part)),
        share_cell(share(before), desk.link("decided", when="before", **part)),
        Cell(words.points(share(now), share(before)), value=_step(now, before)),
    ]


def _step(now: Outcome, before: Outcome) -> float | str:
    """For a spreadsheet: by how much the share grew, as a fraction of one."""
    shares = share(now), share(before)
    return "" if shares[0] is None or shares[1] is None else round(shares[0] - shares[1], 4)


def _multiples(desk: PromiseDesk, rows: list[Given]) -> Multiples:
    """Small charts on one scale, so that they can be compared."""
    bins, ours = desk.filters.scope.period.share_bins(), desk.report.ours
    courses = {
        given: [total(ours.by_day[given].get(day, Outcome()) for day in column.days()) for column in bins]
        for given in rows
    }
    floor = charts.floor_of([share(outcome) for course in courses.values() for outcome in course])
    ends = (words.day(bins[0].first), words.day(bins[-1].last))
    found = []
    for given, course in courses.items():
        now, before = ours.now(given), ours.before.get(given, Outcome())
        shares = [share(outcome) for outcome in course]
        found.append(
            Multiple(
                title=desk.policy(given),
                kind=str(given.kind.label),
                number=desk.share_number(now, before, **desk.of(given)),
                change=words.points(share(now), share(before)),
                counts=_("%(kept)s kept, %(broken)s broken")
                % {"kept": words.number(now.kept), "broken": words.number(now.broken)},
                runs=charts.runs(shares, floor),
                places=[_place(desk, given, *place) for place in zip(bins, course, strict=True)],
            )
        )
    return Multiples(found, (words.percent(floor), words.percent(1)), ends)


def _place(desk: PromiseDesk, given: Given, column: Bin, outcome: Outcome) -> tuple[str, str]:
    """(what a day says, the promises behind it)."""
    told = _("%(when)s: %(part)s kept, %(kept)s of %(whole)s") % {
        "when": words.days(column),
        "part": words.percent(share(outcome)),
        "kept": words.number(outcome.kept),
        "whole": words.number(outcome.decided),
    }
    return told, desk.dated("decided", column, **desk.of(given))


def by_day(desk: PromiseDesk) -> Section:
    bins, kinds = (
        desk.bins,
        [kind for kind in KINDS if any(given.kind == kind for given in desk.report.ours.by_day)],
    )
    broken = [_on(desk, column).broken for column in bins]
    heads = [
        desk.head(desk.when()),
        desk.head(_("Kept"), "decided_kept"),
        desk.head(_("Broken"), "decided_broken"),
        desk.head(_("Share kept"), "decided_share"),
        *(desk.head(capfirst(kind.label), "decided_share") for kind in kinds),
    ]
    title = _("None was broken")
    if any(broken):
        worst = max(range(len(bins)), key=lambda at: broken[at])
        title = _("Most were broken on %(when)s: %(broken)s") % {
            "when": desk.bin_words[worst],
            "broken": words.number(broken[worst]),
        }
    return Section(
        "by-day",
        _("When were they broken?"),
        title,
        Table(heads, [_day_cells(desk, at, kinds) for at in range(len(bins))]),
        "columns",
        chart=column_chart(desk, [broken], [_("Broken")], "decided", outcome="broken"),
        is_empty=not desk.report.ours.by_day,
        is_wide=True,
    )


def _on(desk: PromiseDesk, column: Bin, kind: TimerKind | None = None) -> Outcome:
    return total(
        days.get(day, Outcome())
        for given, days in desk.report.ours.by_day.items()
        if kind in (None, given.kind)
        for day in column.days()
    )


def _day_cells(desk: PromiseDesk, at: int, kinds: list[TimerKind]) -> list[Cell]:
    column = desk.bins[at]
    outcome = _on(desk, column)
    return [
        Cell(desk.bin_words[at], value=iso(column)),
        counted(outcome.kept, desk.dated("decided", column, outcome="kept")),
        counted(outcome.broken, desk.dated("decided", column, outcome="broken")),
        share_cell(share(outcome), desk.dated("decided", column)),
        *(
            share_cell(share(_on(desk, column, kind)), desk.dated("decided", column, kind=kind.value))
            for kind in kinds
        ),
    ]
