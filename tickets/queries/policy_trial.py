"""A case that is only imagined: which policies are asked, what is promised, and how each time comes about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from helpdesk.lib.spans import span_of
from tickets.choices import ClockReason, EscalationAct, Status, TimerKind, TimerState
from tickets.models import Calendar, Category, EscalationStep
from tickets.queries.calendars import calendar_at
from tickets.queries.explanation_summary import summary
from tickets.queries.explanation_words import Sentence, moments_of, sentences
from tickets.queries.moments import Moments
from tickets.queries.policy_words import Names, conditions, listed, why_not
from tickets.queries.promises import Promise, policies, promises
from tickets.rules import sla
from tickets.rules.business_time import ALWAYS, WorkingCalendar
from tickets.rules.explanation import explain
from tickets.rules.explanation.book import Act, Mark
from tickets.rules.explanation.lines import LineKind
from tickets.rules.policies import Answer, Case, Verdict, answers
from tickets.rules.sla import Run

_EVER = datetime(1, 1, 1, tzinfo=UTC)
#: What starts a clock that does not start with the case; the trial lets it happen at the same moment.
_STARTS = {
    TimerKind.NEXT_RESPONSE: (
        ClockReason.CUSTOMER_WROTE,
        gettext_lazy("as if the customer asked at this moment"),
    ),
    TimerKind.PERIODIC_UPDATE: (ClockReason.OUR_REPLY, gettext_lazy("as if we replied at this moment")),
}
KINDS = list(TimerKind)


@dataclass(frozen=True)
class Asked:
    """One policy: its conditions, and why it holds or does not."""

    policy: int
    name: str
    is_statutory: bool
    conditions: list[str]
    verdict: Verdict
    reason: str


@dataclass(frozen=True)
class Coming:
    """A step and when it would come; None where it never would."""

    text: str
    when: str
    at: datetime | None
    at_in_words: str


@dataclass(frozen=True)
class Given:
    """A promise with its working."""

    title: str
    policy: str
    is_statutory: bool
    condition: str
    summary: str
    due: datetime | None
    hours: str
    pauses: str
    sentences: list[Sentence]
    steps: list[Coming]


@dataclass(frozen=True)
class Trial:
    asked: list[Asked]
    given: list[Given]

    @property
    def held(self) -> list[Asked]:
        return [one for one in self.asked if one.verdict in (Verdict.HOLDS, Verdict.CHOSEN)]


def trial(case: Case, category: Category | None, *, team_id: int | None, zone: ZoneInfo) -> Trial:
    """Raises NoCalendar where the brand has no hours and the promise counts in them."""
    names, known = Names.load(zone), policies()
    given = promises(case, team_id=team_id, known=known)
    calendars = Calendar.objects.in_bulk({promise.hours.calendar for promise in given if promise.hours})
    steps = EscalationStep.objects.select_related("person", "team", "webhook").in_bulk(
        {step.pk for promise in given for step in promise.steps}
    )
    given.sort(key=lambda promise: (promise.is_statutory, KINDS.index(TimerKind(promise.kind))))
    return Trial(
        [_asked(answer, case, category, names) for answer in answers(known, case)],
        [_given(promise, case, calendars, steps, zone) for promise in given],
    )


def _asked(answer: Answer, case: Case, category: Category | None, names: Names) -> Asked:
    terms = answer.terms
    reason = why_not(terms, answer.misfit, case, category, names) if answer.misfit else ""
    asked = conditions(terms, names)
    return Asked(terms.policy, terms.name, terms.is_statutory, asked, answer.verdict, reason)


def _given(
    promise: Promise,
    case: Case,
    calendars: Mapping[int, Calendar],
    steps: Mapping[int, EscalationStep],
    zone: ZoneInfo,
) -> Given:
    kind = TimerKind(promise.kind)
    hours = calendar_at(promise.hours.calendar, promise.hours.changed_at) if promise.hours else ALWAYS
    run = Run(promise.target_seconds, 0, case.opened_at)
    due = sla.due_at(hours, run)
    key = promise.hours.calendar if promise.hours else None
    why, condition = _STARTS.get(kind, (ClockReason.OPENED, ""))
    start = Mark(
        case.opened_at, Act.STARTED, why, pgettext("who", "imagined"), 0, promise.target_seconds, key
    )
    working = explain([start], {key: hours}, now=case.opened_at, state=TimerState.RUNNING, due=due)
    return Given(
        title=str(kind.label),
        policy=promise.policy_name,
        is_statutory=promise.is_statutory,
        condition=str(condition),
        summary=summary(working, zone),
        due=due,
        hours=calendars[key].name if key is not None else _("day and night"),
        pauses=listed(Status(status).label for status in promise.pauses_on),
        sentences=[line for line in sentences(working, zone) if line.kind != LineKind.NOW],
        steps=_coming(promise, hours, run, due, steps, moments_of(working, zone)),
    )


def _coming(
    promise: Promise,
    hours: WorkingCalendar,
    run: Run,
    due: datetime | None,
    steps: Mapping[int, EscalationStep],
    moments: Moments,
) -> list[Coming]:
    found = []
    for step in promise.steps:
        at = sla.step_at(hours, run, due, replace(step, since=_EVER)) if due is not None else None
        row = steps[step.pk]
        found.append(Coming(_act(row), _when(row), at, moments.at(at) if at else ""))
    return sorted(found, key=lambda one: (one.at is None, one.at or _EVER))


def _when(step: EscalationStep) -> str:
    if step.at_percent is not None:
        return _("when %(share)s %% is used up") % {"share": step.at_percent}
    if step.after_minutes == 0:
        return _("at the due time")
    return _("%(span)s after the due time") % {"span": span_of(step.after_minutes)}


def _act(step: EscalationStep) -> str:
    act = EscalationAct(step.act)
    named: Sequence[object] = [thing for thing in (step.person, step.team, step.webhook) if thing is not None]
    if not named:
        return str(act.label)
    return _("%(act)s: %(name)s") % {"act": act.label, "name": named[0]}
