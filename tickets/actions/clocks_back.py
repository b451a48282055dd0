"""Clocks that are again what their book says they were before an act."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.dateparse import parse_datetime

from helpdesk.lib import clock
from tickets.actions.retargeting import carry_steps, spells
from tickets.actions.timers import key_of, note_broken, put, start_running, tell
from tickets.actors import Actor
from tickets.choices import ClockReason, EventKind, TimerState
from tickets.models import Event, SlaPolicy, Ticket, Timer
from tickets.queries.acts import ClockLog
from tickets.queries.calendars import hours_of
from tickets.queries.promises import Promise, case_of, promises
from tickets.rules.sla import Run, due_at, used_at

WHY = ClockReason.UNDONE
_STATES = {
    EventKind.TIMER_STARTED: TimerState.RUNNING,
    EventKind.TIMER_RESUMED: TimerState.RUNNING,
    EventKind.TIMER_PAUSED: TimerState.PAUSED,
    EventKind.TIMER_MET: TimerState.DONE,
    EventKind.TIMER_MISSED: TimerState.DONE,
    EventKind.TIMER_CANCELLED: TimerState.CANCELLED,
}


@dataclass(frozen=True)
class Before:
    """How a clock stood before the act, by its book."""

    log: ClockLog
    pk: int

    @property
    def mark(self) -> Event:
        return self.log.before[self.pk][-1]

    @property
    def state(self) -> TimerState:
        """A change of what is promised lets it run or stand as it did."""
        rows = reversed(self.log.before[self.pk])
        said = next((row for row in rows if row.kind != EventKind.TIMER_CHANGED), None)
        if said is not None:
            return _STATES[EventKind(said.kind)]
        return TimerState.RUNNING if self.mark.data.get("due_at") else TimerState.PAUSED

    @property
    def goes(self) -> bool:
        return self.state in (TimerState.RUNNING, TimerState.PAUSED)

    @property
    def since(self) -> datetime:
        return parse_datetime(self.mark.data.get("since") or "") or self.mark.at

    @property
    def ended(self) -> datetime:
        """When the act was done with it."""
        return self.log.wrote[self.pk][-1].at

    @property
    def terms_changed(self) -> bool:
        """Whether the act changed what was promised; an undoing tells of that with the clock's running on."""
        rows, before = self.log.wrote[self.pk], _terms(self.mark)
        return any(row.kind == EventKind.TIMER_CHANGED or _terms(row) != before for row in rows)

    @property
    def policy(self) -> tuple[int, list[str]] | None:
        """The policy and its waits, where the act changed them. Books from before these were kept do not say."""
        said = next((row.data["was"] for row in self.log.wrote[self.pk] if "was" in row.data), None)
        return (said["policy"], said["pauses_on"]) if said else None

    @property
    def broken(self) -> Event | None:
        """The breach that stood then, noted or not: one that new terms had mended stood no more, but for their being
        undone.
        """
        first, *_ = self.log.wrote[self.pk]
        rows = [row for row in self.log.broken.get(self.pk, []) if row.pk < first.pk and self._was_over(row)]
        if not rows:
            return None
        data = self.mark.data
        mended = self.mark.pk > rows[-1].pk and data["used_seconds"] < data["target_seconds"]
        return None if mended else rows[-1]

    def _was_over(self, breach: Event) -> bool:
        """What the act itself noted may be its own doing: another case's time that was taken over, say."""
        due = parse_datetime(self.mark.data.get("due_at") or "")
        return breach.pk < self.log.act.pk or (due is not None and due < breach.at)


def _terms(row: Event) -> tuple[int | None, int | None]:
    return row.data.get("target_seconds"), row.data.get("calendar")


def put_back(ticket: Ticket, act: Event, timers: Sequence[Timer], log: ClockLog, *, by: Actor) -> None:
    """Called with the ticket's row held, and the ticket as it was before the act."""
    if not timers:
        return
    promised = {promise.key: promise for promise in promises(case_of(ticket), team_id=ticket.team_id)}
    policies = {timer.pk: timer.policy_id for timer in timers}
    kept = _policies_kept(timers, log)
    for timer in timers:
        _terms_back(timer, Before(log, timer.pk), promised.get(key_of(timer)), kept)
    carry_steps([timer for timer in timers if timer.policy_id != policies[timer.pk]])
    running = [timer for timer in timers if Before(log, timer.pk).state == TimerState.RUNNING]
    note_broken([timer for timer in running if _run_back(ticket, act, timer, Before(log, timer.pk))])
    for timer in timers:
        if timer not in running:
            _stand_back(ticket, timer, Before(log, timer.pk), by)
    start_running(running)
    tell(ticket, EventKind.TIMER_RESUMED, running, by=by, why=WHY)


def _policies_kept(timers: Sequence[Timer], log: ClockLog) -> set[int]:
    """Of the policies that the act changed for others, those that nobody has deleted since."""
    were = {before[0] for timer in timers if (before := Before(log, timer.pk).policy) is not None}
    return set(SlaPolicy.objects.filter(pk__in=were).values_list("pk", flat=True)) if were else set()


def _terms_back(timer: Timer, before: Before, promise: Promise | None, kept: Collection[int]) -> None:
    """What was promised then. Where nobody knows the policy any more, it is the one that promises the same today."""
    data = before.mark.data
    timer.target_seconds = data.get("target_seconds", timer.target_seconds)
    timer.calendar_id = data.get("calendar", timer.calendar_id)
    policy = before.policy
    if policy is not None and policy[0] in kept:
        timer.policy_id, timer.pauses_on = policy
    elif promise is not None and before.terms_changed:
        calendar = promise.hours.calendar if promise.hours else None
        if (promise.target_seconds, calendar) == (timer.target_seconds, timer.calendar_id):
            put(timer, promise)


def _run_back(ticket: Ticket, act: Event, timer: Timer, before: Before) -> bool:
    """It runs as it would have: from where it stood when the act ended it, but for waits that came since. Whether it
    was broken by then, and nobody had noted it.
    """
    hours, now = hours_of(timer), clock.now()
    target = timer.target_seconds
    stood = Run(target, before.mark.data["used_seconds"], before.since)
    used = used_at(hours, stood, before.ended)
    since = max(before.ended, before.since)
    if act.kind != EventKind.STATUS_CHANGED and not timer.is_statutory:
        counted = spells(ticket, timer.pauses_on, since, now)
        if counted != [(since, now)]:
            used = sum((used_at(hours, Run(target, 0, start), end) for start, end in counted), start=used)
            since = now
    timer.used_seconds, timer.running_since = used, since
    timer.state, timer.done_at = TimerState.PAUSED, None
    due = due_at(hours, Run(target, used, since))
    _breach_back(timer, before, is_over=due is not None and due < now)
    was_due = due_at(hours, stood)
    if timer.breached_at is not None or was_due is None or was_due >= before.ended:
        return False
    timer.breached_at = was_due
    return True


def _breach_back(timer: Timer, before: Before, *, is_over: bool) -> None:
    """Broken as it was then; or since, where it would have been so anyway."""
    broken = before.broken
    if broken is not None:
        due = parse_datetime(before.mark.data.get("due_at") or "")
        timer.breached_at = due if due and due <= broken.at else (timer.breached_at or broken.at)
        timer.breach_cause = timer.breach_cause or broken.data.get("cause", "")
    elif not is_over:
        timer.breached_at, timer.breach_cause = None, ""


def _stand_back(ticket: Ticket, timer: Timer, before: Before, by: Actor) -> None:
    mark = before.mark
    timer.state, timer.used_seconds = before.state, mark.data["used_seconds"]
    timer.running_since = timer.due_at = timer.check_at = None
    timer.done_at = None if before.goes else mark.at
    _breach_back(timer, before, is_over=False)
    timer.save()
    if before.goes:
        kind, why = EventKind.TIMER_PAUSED, _why_it_stood(before)
    else:
        kind, why = EventKind(mark.kind), ClockReason(mark.data["why"])
    tell(ticket, kind, [timer], by=by, why=why)


def _why_it_stood(before: Before) -> ClockReason:
    rows = reversed(before.log.before[before.pk])
    said = next((row.data.get("why") for row in rows if row.kind == EventKind.TIMER_PAUSED), WHY)
    return ClockReason(said or WHY)
