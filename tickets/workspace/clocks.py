"""The promises of a case: how the agents' pages show a clock, and why each falls due when it does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from tickets.actions.timers import WAITING
from tickets.choices import ClockReason, Status, TimerKind, TimerState
from tickets.models import Ticket, Timer
from tickets.queries import clocks as queries
from tickets.queries.clocks import Explained
from tickets.queries.explanation_summary import span_promised
from tickets.queries.ticket_page import ticket_or_404
from tickets.rules.explanation.lines import LineKind
from tickets.workspace import shell, words
from tickets.workspace.guard import StaffRequest, workspace_page

#: Names of pictures in the icon font; what they say is always there in words too.
SIGNS: Mapping[str, str] = {
    TimerKind.FIRST_RESPONSE: "reply",
    TimerKind.NEXT_RESPONSE: "forum",
    TimerKind.PERIODIC_UPDATE: "update",
    TimerKind.RESOLUTION: "task_alt",
}
LAW_SIGN = "gavel"
LINE_SIGNS: Mapping[LineKind, str] = {
    LineKind.STARTED: "play_arrow",
    LineKind.WORKED: "work",
    LineKind.CLOSED: "bedtime",
    LineKind.CLOCKS: "schedule",
    LineKind.PAUSED: "pause",
    LineKind.RESTED: "pause",
    LineKind.RESUMED: "play_arrow",
    LineKind.CHANGED: "tune",
    LineKind.COUNTED: "calculate",
    LineKind.BROKEN: "priority_high",
    LineKind.NOW: "adjust",
    LineKind.DUE: "flag",
    LineKind.NEVER: "block",
    LineKind.KEPT: "check",
    LineKind.LATE: "assignment_late",
    LineKind.ENDED: "stop",
}


@dataclass(frozen=True)
class Clock:
    """A promise at a glance. ``state`` chooses the look: running, broken, paused, kept, late."""

    timer: Timer
    due: words.Due
    state: str

    @property
    def name(self) -> str:
        return str(TimerKind(self.timer.kind).label)

    @property
    def short(self) -> str:
        """Which clock it is, where there is little room."""
        return pgettext("clock", "law") if self.timer.is_statutory else self.name

    @property
    def sign(self) -> str:
        return LAW_SIGN if self.timer.is_statutory else SIGNS[self.timer.kind]

    @property
    def is_going(self) -> bool:
        return self.timer.state in (TimerState.RUNNING, TimerState.PAUSED)

    @property
    def target(self) -> str:
        return span_promised(self.timer.target_seconds, by_the_clock=self.timer.calendar_id is None)

    @property
    def cause(self) -> str:
        return str(self.timer.get_breach_cause_display()) if self.timer.breach_cause else ""


def clock_of(timer: Timer, ticket: Ticket) -> Clock:
    if timer.state == TimerState.PAUSED:
        return Clock(timer, _paused(timer, ticket), "paused")
    if timer.state == TimerState.RUNNING:
        if timer.due_at is None:
            return Clock(timer, words.Due(_("never due: no working hours")), "running")
        due = words.due_at(timer.due_at)
        return Clock(timer, due, "broken" if due.tone == "over" else "running")
    if timer.breached_at is not None:
        return Clock(timer, words.Due(_("done, too late"), "over", timer.done_at), "late")
    return Clock(timer, words.Due(pgettext("clock", "kept"), "", timer.done_at), "kept")


def nearest_first(clocks: Sequence[Clock]) -> list[Clock]:
    """Those that are still to be kept: what is due first, then what stands still."""
    going = [clock for clock in clocks if clock.is_going]
    dated = [(clock.due.moment, place) for place, clock in enumerate(going) if clock.due.moment]
    return [going[place] for _moment, place in sorted(dated)] + [
        clock for clock in going if clock.due.moment is None
    ]


def _paused(timer: Timer, ticket: Ticket) -> words.Due:
    """Why it stands, and how much of the promise is left. Clocks stand still by the status of their case."""
    why = ClockReason(WAITING.get(Status(ticket.status), ClockReason.WAITING_FOR_CUSTOMER)).label
    left = timer.target_seconds - timer.used_seconds
    if left <= 0:
        said = {"why": why, "span": words.working_span(-left)}
        return words.Due(_("paused: %(why)s, %(span)s over") % said, short=_("%(span)s over") % said)
    said = {"why": why, "left": words.working_span(left)}
    return words.Due(
        _("paused: %(why)s, %(left)s left") % said, short=_("%(span)s left") % {"span": said["left"]}
    )


@dataclass(frozen=True)
class Working:
    """How a due time came about, ready to print."""

    clock: Clock
    #: None where hours that counted once are there no more.
    explained: Explained | None

    @property
    def lines(self) -> list[dict[str, Any]]:
        if self.explained is None:
            return []
        return [
            {
                "kind": line.kind.value,
                "phase": line.phase.value,
                "sign": LINE_SIGNS[line.kind],
                "text": line.text,
                "is_stretch": line.end > line.start or line.kind == LineKind.PAUSED,
            }
            for line in self.explained.sentences
        ]


@require_GET
@workspace_page()
def clocks(request: StaffRequest, number: str) -> HttpResponse:
    """All promises of a case with their working: to read, and to print."""
    ticket = ticket_or_404(request.user, number)
    return _page(request, ticket, queries.of_ticket(ticket))


@require_GET
@workspace_page()
def clock(request: StaffRequest, number: str, clock: int) -> HttpResponse:
    """Why one of them falls due when it does: a part of the ticket's page, or a page where there is no JavaScript."""
    ticket = ticket_or_404(request.user, number)
    found = [timer for timer in queries.of_ticket(ticket) if timer.pk == clock]
    if not found:
        raise Http404
    if request.htmx:
        return shell.part(request, "workspace/working.html", {"working": _workings(ticket, found)[0]})
    return _page(request, ticket, found)


def _page(request: StaffRequest, ticket: Ticket, timers: list[Timer]) -> HttpResponse:
    context = {"ticket": ticket, "workings": _workings(ticket, timers), "now": words.server_time()}
    title = _("Promises of case %(number)s") % {"number": ticket.display_number}
    return shell.page(request, "workspace/clocks.html", context, title=title)


def _workings(ticket: Ticket, timers: list[Timer]) -> list[Working]:
    explained = {each.timer.pk: each for each in queries.explained(ticket, timers)}
    return [Working(clock_of(timer, ticket), explained.get(timer.pk)) for timer in timers]
