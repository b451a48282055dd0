"""What the page shows, put together."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from accounts import masking
from helpdesk.lib import clock, lag, queue
from helpdesk.models import FailedTask, FailedTaskState
from tickets.workspace import words
from tickets.workspace.background import gauges
from tickets.workspace.background.gauges import Card

MOST_SHOWN = 50
SETTLED_SHOWN = 20
SETTLED_FOR = timedelta(days=7)

TASKS: Mapping[str, Promise] = {
    "tickets.sweep_timers": gettext_lazy("Looking after promises"),
    "tickets.deliver_outbox": gettext_lazy("Sending mail"),
    "tickets.read_mail": gettext_lazy("Reading mail"),
    "tickets.fetch_mail": gettext_lazy("Fetching mail"),
    "tickets.remind_due_soon": gettext_lazy("Reminding of promised times"),
    "tickets.gather_notices": gettext_lazy("Gathering notices to staff"),
    "tickets.deliver_calls": gettext_lazy("Calling webhooks"),
    "tickets.forget_raw_mail": gettext_lazy("Forgetting old raw mail"),
    "tickets.forget_old_drafts": gettext_lazy("Forgetting old drafts"),
    "tickets.work_privacy": gettext_lazy("Requests about personal data"),
    "tickets.start_retention": gettext_lazy("Starting the retention rules"),
    "tickets.close_solved": gettext_lazy("Closing solved tickets"),
    "tickets.assign_waiting": gettext_lazy("Giving out waiting cases"),
    "tickets.end_idle_duty": gettext_lazy("Taking idle people off duty"),
    "tickets.recalculate": gettext_lazy("Recalculating promises"),
    "tickets.work_bulk": gettext_lazy("Bulk acts"),
    "tickets.suggest_category": gettext_lazy("Suggesting categories"),
    "tickets.train_classifier": gettext_lazy("Training the classifier"),
    "helpdesk.heartbeat": gettext_lazy("Heartbeat"),
    "helpdesk.clear_sessions": gettext_lazy("Clearing old sessions"),
    "helpdesk.forget_failed_tasks": gettext_lazy("Forgetting old failures"),
}


@dataclass(frozen=True)
class Row:
    """A failed task in words. What people wrote may stand in it, and its model knows nothing of masking."""

    task: FailedTask

    def __post_init__(self) -> None:
        masking.note_text(self.arguments, self.task.error, self.task.traceback)

    @property
    def title(self) -> str:
        return str(TASKS.get(self.task.name, self.task.name))

    @property
    def arguments(self) -> str:
        named = [f"{name}={value}" for name, value in (self.task.kwargs or {}).items()]
        return ", ".join([*map(str, self.task.args or []), *named])

    @property
    def history(self) -> str:
        last = at(self.task.last_failed_at)
        if self.task.times == 1:
            return _("Once, %(last)s") % {"last": last}
        first = at(self.task.first_failed_at)
        told = ngettext(
            "%(count)s time, first %(first)s, last %(last)s",
            "%(count)s times, first %(first)s, last %(last)s",
            self.task.times,
        )
        return told % {"count": self.task.times, "first": first, "last": last}

    @property
    def exactly(self) -> str:
        return words.exactly(self.task.last_failed_at)

    @property
    def settled(self) -> str:
        assert self.task.settled_at is not None
        told = {"who": self.task.settled_by, "at": at(self.task.settled_at)}
        if self.task.state == FailedTaskState.RETRIED:
            return _("run again by %(who)s, %(at)s") % told
        return _("dismissed by %(who)s, %(at)s") % told

    @property
    def mark(self) -> str:
        """Another once it failed again: what the operator had opened was about the failure before."""
        return f"{self.task.pk}-{self.task.times}-{get_language()}"


def context() -> dict[str, Any]:
    cards = gauges.cards(lag.readings(), queue.look())
    failed = FailedTask.objects.filter(state=FailedTaskState.OPEN)
    shown = [Row(task) for task in failed[: MOST_SHOWN + 1]]
    count = len(shown) if len(shown) <= MOST_SHOWN else failed.count()
    settled = FailedTask.objects.exclude(state=FailedTaskState.OPEN)
    recent = settled.filter(settled_at__gt=clock.now() - SETTLED_FOR).order_by("-settled_at")
    rows, dealt_with = shown[:MOST_SHOWN], [Row(task) for task in recent[:SETTLED_SHOWN]]
    return {
        "cards": cards,
        "rows": rows,
        "count": count,
        "settled": dealt_with,
        "summary": summary(cards, count),
        "is_well": not count and not any(card.is_lagging for card in cards),
        "seen": "-".join([card.name for card in cards if card.is_lagging] + [str(count)]),
        "listed": listed(rows, dealt_with),
    }


def listed(rows: list[Row], settled: list[Row]) -> str:
    """Another as soon as the list would look different."""
    marks = [row.mark for row in rows], [(row.mark, row.task.state) for row in settled]
    return hashlib.sha256(repr(marks).encode()).hexdigest()[:16]


def summary(cards: list[Card], failed: int) -> list[str]:
    """The answer first, in a sentence or two."""
    behind = [card.title for card in cards if card.is_lagging]
    said = []
    if behind:
        said.append(_("Background work lags: %(names)s.") % {"names": _(", ").join(behind)})
    if failed:
        told = ngettext("%(count)s task failed for good.", "%(count)s tasks failed for good.", failed)
        said.append(told % {"count": failed})
    return said or [_("Background work is on time, and nothing failed.")]


def at(moment: datetime) -> str:
    """By the clock, as the log says it; how long ago would have to be told anew all the time."""
    return date_format(localtime(moment), "DATETIME_FORMAT")
