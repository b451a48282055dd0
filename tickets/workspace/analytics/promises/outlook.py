"""What will be broken soon: by team and kind, and which."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tickets.models import Timer
from tickets.queries.analytics.outlook import Ahead, Group
from tickets.rules.forecast import Outlook
from tickets.workspace.analytics import words
from tickets.workspace.analytics.parts import Cell, Number, Section, Table, counted
from tickets.workspace.analytics.promises.desk import KINDS, PromiseDesk

#: So many of those that will be broken are shown on the page itself.
SHOWN = 10
NOTHING = Outlook((), (), 0.0, False)


def sentences(desk: PromiseDesk) -> list[SafeString]:
    soon, today = desk.prospect.soon, desk.prospect.today
    told = [_sentence(desk, soon, "soon")]
    if today.until > soon.until and len(today.total.due) > len(soon.total.due):
        told.append(_sentence(desk, today, "today"))
    if any(ahead.total.is_thin for ahead in (soon, today)):
        told.append(format_html("{}", _("The present pace rests on few promises: do not rely upon it.")))
    return told


def said(desk: PromiseDesk) -> str:
    """Stands for what the sentences say: while it is the same, nobody needs to hear them again."""
    aheads = (desk.prospect.soon.total, desk.prospect.today.total)
    return "-".join(f"{len(total.due)}.{len(total.broken)}.{total.is_thin:d}" for total in aheads)


def _sentence(desk: PromiseDesk, ahead: Ahead, horizon: str) -> SafeString:
    due, broken = len(ahead.total.due), len(ahead.total.broken)
    if not due:
        return format_html("{}", _("Nothing falls due in the next 4 hours."))
    if horizon == "soon":
        text = ngettext(
            "In the next 4 hours {due} promise falls due; {broken}.",
            "In the next 4 hours {due} promises fall due; {broken}.",
            due,
        )
    else:
        text = ngettext(
            "Until the day ends {due} promise falls due; {broken}.",
            "Until the day ends {due} promises fall due; {broken}.",
            due,
        )
    told = (
        format_html(
            _("at the present pace {number} will be broken"), number=broken_number(desk, ahead, horizon)
        )
        if broken
        else format_html("{}", _("at the present pace all will be kept"))
    )
    return format_html(text, due=due_number(desk, ahead, horizon), broken=told)


def due_number(desk: PromiseDesk, ahead: Ahead, horizon: str) -> Number:
    return desk.number(_at_least(len(ahead.total.due), ahead), desk.link("due", ahead=horizon), "ahead_due")


def broken_number(desk: PromiseDesk, ahead: Ahead, horizon: str) -> Number:
    text = _at_least(len(ahead.total.broken), ahead)
    return desk.number(text, desk.link("expected", ahead=horizon), "ahead_broken", "pace", "thin")


def _at_least(count: int, ahead: Ahead) -> str:
    number = words.number(count)
    return _("at least %(number)s") % {"number": number} if ahead.is_partial else number


def section(desk: PromiseDesk) -> Section:
    soon, today = desk.prospect.soon, desk.prospect.today
    groups = sorted(
        {*soon.groups, *today.groups},
        key=lambda group: (
            -len(soon.groups.get(group, NOTHING).broken),
            -len(today.groups.get(group, NOTHING).broken),
            desk.team_name(group.team_id),
            KINDS.index(group.kind),
        ),
    )
    heads = [
        desk.head(_("Team")),
        desk.head(_("Promise")),
        desk.head(_("Kept an hour"), "pace", "thin"),
        desk.head(_("Due in 4 hours"), "ahead_due"),
        desk.head(_("Will be broken"), "ahead_broken"),
        desk.head(_("Due today"), "ahead_due"),
        desk.head(_("Will be broken"), "ahead_broken"),
    ]
    return Section(
        "outlook",
        _("What will be broken soon?"),
        _title(soon, today),
        Table(heads, [_cells(desk, group) for group in groups]),
        "table",
        numbers=[
            (_("Due in 4 hours"), due_number(desk, soon, "soon")),
            (_("will be broken"), broken_number(desk, soon, "soon")),
            (_("Due today"), due_number(desk, today, "today")),
            (_("will be broken"), broken_number(desk, today, "today")),
        ],
        is_empty=not groups,
        is_wide=True,
        note=_("* Rests on fewer than 5 promises kept: says little.")
        if any(row.is_thin for row in {**soon.groups, **today.groups}.values())
        else "",
    )


def _title(soon: Ahead, today: Ahead) -> str:
    if soon.total.broken:
        return _("At the present pace, %(broken)s of the next %(due)s will be broken") % {
            "broken": _at_least(len(soon.total.broken), soon),
            "due": words.number(len(soon.total.due)),
        }
    if today.total.broken:
        return _("At the present pace, %(broken)s will be broken before the day ends") % {
            "broken": _at_least(len(today.total.broken), today)
        }
    return _("At the present pace, all will be kept today")


def _cells(desk: PromiseDesk, group: Group) -> list[Cell]:
    soon = desk.prospect.soon.groups.get(group, NOTHING)
    today = desk.prospect.today.groups.get(group, NOTHING)
    known = soon if soon is not NOTHING else today
    part = {"crew": desk.crew(group.team_id), "kind": group.kind.value}
    pace = f"{known.pace:.1f}{'*' if known.is_thin else ''}"
    return [
        Cell(desk.team_name(group.team_id)),
        Cell(str(group.kind.label)),
        Cell(pace, value=round(known.pace, 4)),
        counted(len(soon.due), desk.link("due", ahead="soon", **part)),
        counted(len(soon.broken), desk.link("expected", ahead="soon", **part)),
        counted(len(today.due), desk.link("due", ahead="today", **part)),
        counted(len(today.broken), desk.link("expected", ahead="today", **part)),
    ]


@dataclass(frozen=True)
class Threatened:
    """A promise that will be broken, as the page shows it."""

    timer: Timer
    due: str
    left: str
    is_soon: bool


def threatened(desk: PromiseDesk) -> tuple[list[Threatened], int]:
    """(the most urgent of what will be broken, how many there are in all)."""
    soon, today = desk.prospect.soon, desk.prospect.today
    further = max((soon, today), key=lambda ahead: ahead.until)
    shown = further.total.broken[:SHOWN]
    rows = Timer.objects.filter(pk__in=shown, ticket__in=desk.filters.scope.tickets().values("pk"))
    rows = rows.select_related("policy", "ticket__assignee", "ticket__team").order_by("due_at", "pk")
    found = [_threatened(desk, timer, soon.until) for timer in rows if timer.due_at is not None]
    return found, len(further.total.broken)


def _threatened(desk: PromiseDesk, timer: Timer, soon: datetime) -> Threatened:
    assert timer.due_at is not None
    left = max(round((timer.due_at - desk.filters.scope.now).total_seconds()), 0)
    return Threatened(timer, desk.moment(timer.due_at), words.duration(left, days=True), timer.due_at <= soon)
