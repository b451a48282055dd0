"""Who has how much: open cases, what was solved, how soon they answered."""

from __future__ import annotations

from django.utils.translation import gettext as _

from helpdesk.lib import charts
from tickets.queries.analytics.behind import NONE
from tickets.queries.analytics.numbers import AgentWork
from tickets.workspace.analytics import words
from tickets.workspace.analytics.desk import Desk
from tickets.workspace.analytics.drawing import AgentRows
from tickets.workspace.analytics.parts import Cell, Section, Table, counted


def agents(desk: Desk) -> Section:
    load, work = desk.report.open_by_agent, desk.report.happened.by_agent
    people = sorted(
        set(load) | set(work), key=lambda pk: (pk is None, -load.get(pk, 0), desk.agents.get(pk or 0, ""))
    )
    # What is with nobody would dwarf what people have: it gets no bar.
    widths = charts.lengths([load.get(pk, 0) if pk is not None else 0 for pk in people])
    rows = [_agent_cells(desk, pk) for pk in people]
    heads = [
        desk.head(_("Agent")),
        desk.head(_("Open now"), "agent_open"),
        desk.head(_("Solved"), "agent_solved"),
        desk.head(_("First replies"), "first_reply_wall"),
        desk.head(_("Median first reply"), "agent_reply"),
    ]
    busy = sum(1 for pk in people if pk is not None and load.get(pk))
    title = _("%(people)s people have open cases; %(nobody)s cases are with nobody") % {
        "people": busy,
        "nobody": words.number(load.get(None, 0)),
    }
    return Section(
        "agents",
        _("Who has how much?"),
        title,
        Table(heads, rows),
        "agents",
        chart=AgentRows(heads, rows, widths),
        is_empty=not people,
        is_wide=True,
    )


def _agent_cells(desk: Desk, pk: int | None) -> list[Cell]:
    who = NONE if pk is None else str(pk)
    work = desk.report.happened.by_agent.get(pk, AgentWork())
    return [
        Cell(_("Nobody") if pk is None else desk.agents[pk]),
        counted(desk.report.open_by_agent.get(pk, 0), desk.link("open", agent=who)),
        counted(work.solved, desk.link("solved", agent=who)),
        counted(work.replies, desk.link("first_replies", agent=who)),
        Cell(
            words.duration(work.median_reply),
            desk.link("first_replies_timed", agent=who) if work.median_reply is not None else "",
            "" if work.median_reply is None else work.median_reply,
        ),
    ]
