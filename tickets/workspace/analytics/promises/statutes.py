"""What the law requires: how much is open, when the next falls due, what was met in time."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tickets.queries.analytics.decided import Given, Statute
from tickets.workspace.analytics import words
from tickets.workspace.analytics.parts import Cell, Section, Table, counted
from tickets.workspace.analytics.promises.desk import PromiseDesk
from tickets.workspace.analytics.promises.kept import policy_cells


def statutes(desk: PromiseDesk) -> Section:
    rows = desk.ordered({*desk.report.statutes, *desk.report.law.given})
    heads = [
        desk.head(_("Law or rule")),
        desk.head(_("Promise")),
        desk.head(_("Open"), "statute_open"),
        desk.head(_("Overdue"), "statute_overdue"),
        desk.head(_("Nearest due"), "statute_nearest"),
        desk.head(_("Met"), "decided"),
        desk.head(_("Missed"), "decided_broken"),
        desk.head(_("Share met"), "statute_share"),
        desk.head(_("The period before"), "period"),
        desk.head(_("Change")),
    ]
    return Section(
        "statutes",
        _("What does the law require of us?"),
        _title(desk),
        Table(heads, [_cells(desk, given) for given in rows]),
        "table",
        is_empty=not rows,
        is_wide=True,
    )


def _cells(desk: PromiseDesk, given: Given) -> list[Cell]:
    found = desk.report.statutes.get(given, Statute(0, 0, None))
    part = desk.of(given)
    kind, policy, *decided = policy_cells(desk, given, by_law=True)
    due = (
        Cell(desk.moment(found.nearest_due), desk.link("statutory", **part))
        if found.nearest_due
        else Cell(words.NOTHING, value="")
    )
    return [
        policy,
        kind,
        counted(found.open, desk.link("statutory", **part)),
        counted(found.overdue, desk.link("statutory", outcome="overdue", **part)),
        due,
        *decided,
    ]


def _title(desk: PromiseDesk) -> str:
    found = desk.report.statutes.values()
    overdue, waiting = sum(row.overdue for row in found), sum(row.open for row in found)
    values = {"overdue": words.number(overdue), "open": words.number(waiting)}
    if not waiting:
        return _("No time set by law is open")
    nearest = min((row.nearest_due for row in found if row.nearest_due), default=None)
    if overdue or nearest is None:
        return _("%(open)s times set by law are open, %(overdue)s of them overdue") % values
    values["when"] = desk.moment(nearest)
    return _("%(open)s times set by law are open, the next due %(when)s") % values
