"""The promises behind a number: which number, read from the address; page by page, or all as CSV."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone, translation
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Team
from helpdesk.lib.defang import defanged_links
from helpdesk.lib.spreadsheets import Value
from tickets.choices import BreachCause, TimerKind, TimerState
from tickets.models import SlaPolicy, Timer
from tickets.queries.analytics.behind import NONE
from tickets.queries.analytics.decided_behind import (
    HORIZONS,
    LATEST_FIRST,
    METRICS,
    Chosen,
    promises_behind,
)
from tickets.workspace.analytics import words
from tickets.workspace.analytics.filters import Filters
from tickets.workspace.analytics.lists import days, topic
from tickets.workspace.analytics.promises.desk import UNKNOWN, cause_name

PAGE = 50
NAMES = ("metric", "outcome", "law", "on", "policy", "kind", "cause", "crew", "topic", "ahead", "when")
OUTCOMES = ("kept", "broken", "overdue")
HEADS = (
    gettext_lazy("Number"),
    gettext_lazy("Subject"),
    gettext_lazy("Promise"),
    gettext_lazy("Policy"),
    gettext_lazy("Team"),
    gettext_lazy("Assignee"),
    gettext_lazy("How it stands"),
    gettext_lazy("Due"),
    gettext_lazy("Fulfilled"),
    gettext_lazy("Time used"),
    gettext_lazy("Cause"),
)
METRIC_NAMES = {
    "decided": gettext_lazy("Promises kept or broken"),
    "statutory": gettext_lazy("Required by law, open"),
    "due": gettext_lazy("Falls due"),
    "expected": gettext_lazy("Will be broken at the present pace"),
}
#: The term that explains the metric, for the head of the list.
METRIC_TERMS = {
    "decided": "decided",
    "statutory": "statute_open",
    "due": "ahead_due",
    "expected": "ahead_broken",
}


def chosen(asked: Mapping[str, str], filters: Filters) -> Chosen:
    """Http404 for what is no number of the page."""
    if asked.get("metric", "") not in METRICS:
        raise Http404
    cause = asked.get("cause", "")
    try:
        return Chosen(
            metric=asked["metric"],
            outcome=_one_of(asked.get("outcome", ""), OUTCOMES),
            is_statutory=asked.get("law") == "1",
            days=days(asked.get("on", "")),
            policy=SlaPolicy.objects.get(pk=int(asked["policy"])) if asked.get("policy") else None,
            kind=TimerKind(asked["kind"]) if asked.get("kind") else None,
            cause=("" if cause == UNKNOWN else BreachCause(cause).value) if cause else None,
            team=_crew(asked.get("crew", "")),
            topic=topic(asked.get("topic", ""), filters),
            horizon=_one_of(asked.get("ahead", ""), HORIZONS) or "soon",
        )
    except (ValueError, OverflowError, SlaPolicy.DoesNotExist, Team.DoesNotExist) as nonsense:
        raise Http404 from nonsense


def _one_of(text: str, among: tuple[str, ...]) -> str:
    if text and text not in among:
        raise ValueError(text)
    return text


def _crew(slug: str) -> Team | str | None:
    return slug or None if slug in ("", NONE) else Team.objects.get(slug=slug)


def rows(asked: Mapping[str, str], filters: Filters) -> QuerySet[Timer]:
    scope = filters.scope.earlier() if asked.get("when") == "before" else filters.scope
    found = promises_behind(scope, chosen(asked, filters))
    order = ("-moment", "-pk") if asked["metric"] in LATEST_FIRST else ("moment", "pk")
    return found.select_related("policy", "ticket__team", "ticket__assignee").order_by(*order)


@dataclass(frozen=True)
class Page:
    timers: list[Timer]
    total: int
    cases: int
    after: str


def page(found: QuerySet[Timer], metric: str, after: str) -> Page:
    """A page's worth, from behind the promise that ``after`` names: as quick at the end as at the start."""
    shown = found.filter(_behind(after, metric in LATEST_FIRST)) if after else found
    timers = list(shown[: PAGE + 1])
    mark = _mark(timers[PAGE - 1]) if len(timers) > PAGE else ""
    bare = found.order_by()
    return Page(timers[:PAGE], bare.count(), bare.values("ticket").distinct().count(), mark)


def _mark(timer: Timer) -> str:
    moment = getattr(timer, "moment").astimezone(UTC).replace(tzinfo=None)  # noqa: B009 (annotated)
    return f"{moment.isoformat()}Z~{timer.pk}"


def _behind(after: str, is_latest_first: bool) -> Q:
    text, _mark, pk = after.partition("~")
    try:
        moment: datetime | None = parse_datetime(text)
        last = int(pk)
    except ValueError as nonsense:
        raise Http404 from nonsense
    if moment is None or timezone.is_naive(moment):
        raise Http404
    if is_latest_first:
        return Q(moment__lt=moment) | Q(moment=moment, pk__lt=last)
    return Q(moment__gt=moment) | Q(moment=moment, pk__gt=last)


def cells(timer: Timer, filters: Filters) -> list[str]:
    """As under HEADS, but for the cause, which stands beside how it ended; times in the zone of the page."""
    zone, now = filters.scope.period.tzinfo, filters.scope.now
    due, done = _due(timer), _done(timer)
    standing = _standing(timer, now)
    if _is_broken(timer, now):
        cause = cause_name(timer.breach_cause)
        standing = _("%(standing)s (%(cause)s)") % {"standing": standing, "cause": cause}
    return [
        *_named(timer),
        standing,
        words.moment(due, zone) if due else "",
        words.moment(done, zone) if done else "",
        _used(timer) if done else "",
    ]


def _named(timer: Timer) -> list[str]:
    ticket = timer.ticket
    return [
        ticket.display_number,
        defanged_links(ticket.subject),
        timer.get_kind_display(),
        timer.policy.name,
        str(ticket.team or ""),
        ticket.assignee.display_name if ticket.assignee else "",
    ]


def _due(timer: Timer) -> datetime | None:
    """Of one that was kept it is not known any more: its clock no longer runs towards anything."""
    return timer.due_at or timer.breached_at


def _done(timer: Timer) -> datetime | None:
    return timer.done_at if timer.state == TimerState.DONE else None


def _used(timer: Timer) -> str:
    return _("%(used)s of %(promised)s") % {
        "used": words.duration(timer.used_seconds),
        "promised": words.duration(timer.target_seconds),
    }


def _is_broken(timer: Timer, now: datetime) -> bool:
    overdue = timer.state == TimerState.RUNNING and timer.due_at is not None and timer.due_at <= now
    return timer.breached_at is not None or overdue


def _standing(timer: Timer, now: datetime) -> str:
    is_broken = _is_broken(timer, now)
    if timer.state == TimerState.DONE:
        return _("fulfilled too late") if is_broken else _("kept")
    if is_broken:
        return (
            _("broken, no longer owed")
            if timer.state == TimerState.CANCELLED
            else _("broken, not fulfilled yet")
        )
    return str(TimerState(timer.state).label)


def csv_rows(found: QuerySet[Timer], filters: Filters, language: str) -> Iterator[list[Value]]:
    zone, now = filters.scope.period.tzinfo, filters.scope.now

    def moment(at: datetime | None) -> str:
        return f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S}" if at else ""

    for timer in found.iterator(chunk_size=1000):
        # The response may be read after the request's language is gone.
        with translation.override(language):
            yield [
                *_named(timer),
                _standing(timer, now),
                moment(_due(timer)),
                moment(_done(timer)),
                timer.used_seconds if _done(timer) else "",
                cause_name(timer.breach_cause) if _is_broken(timer, now) else "",
            ]


def parts_in_words(part: Chosen, filters: Filters, *, is_earlier: bool) -> list[str]:
    """What part of the number was clicked."""
    told: list[str] = [_("the period before")] if is_earlier else []
    if part.days:
        told.append(" – ".join(dict.fromkeys(words.full_day(day) for day in part.days)))
    if part.metric in ("due", "expected"):
        told.append(_("in the next 4 hours") if part.horizon == "soon" else _("until the day ends"))
    told += [str(part.kind.label)] if part.kind else []
    told += [str(part.policy)] if part.policy else []
    if part.team:
        told.append(_("no team") if part.team == NONE else str(part.team))
    if part.topic:
        told.append(_("no category") if part.topic == NONE else str(part.topic))
    outcomes = {"kept": _("kept"), "broken": _("broken"), "overdue": _("overdue")}
    told += [outcomes[part.outcome]] if part.outcome else []
    if part.cause is not None:
        told.append(cause_name(part.cause))
    return told + ([_("required by law")] if part.is_statutory else [])
