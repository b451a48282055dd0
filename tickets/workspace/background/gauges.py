"""Clock, promises, mail in and out, notices, calls and queue in words: how they stand, and what mends them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from math import isinf

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpdesk.lib.lag import Reading
from helpdesk.lib.queue import Queue
from tickets.workspace import words

#: In the order of the page; what measures itself under another name comes last, under that name.
TITLES: dict[str, Promise] = {
    "clock": gettext_lazy("Clock"),
    "sweep": gettext_lazy("Promises"),
    "outbox": gettext_lazy("Outgoing mail"),
    "notices": gettext_lazy("Notices to staff"),
    "calls": gettext_lazy("Webhook calls"),
    "mail_reading": gettext_lazy("Incoming mail"),
    "mail_fetching": gettext_lazy("Mailboxes"),
    "mail_guarding": gettext_lazy("Secrets in raw mail"),
    "file_scanning": gettext_lazy("Virus scanner"),
    "realtime": gettext_lazy("Live updates"),
}
#: While nothing waits.
_QUIET: dict[str, Promise] = {
    "outbox": gettext_lazy("No mail waits to leave."),
    "notices": gettext_lazy("No notice waits to be mailed."),
    "calls": gettext_lazy("No call waits to be made."),
    "mail_reading": gettext_lazy("No mail waits to be read."),
    "mail_fetching": gettext_lazy("There is none that we fetch from."),
    "mail_guarding": gettext_lazy("No raw mail waits to be looked through."),
    "file_scanning": gettext_lazy("No file waits to be checked."),
    "realtime": gettext_lazy("Switched off; pages are reloaded by hand."),
}


@dataclass(frozen=True)
class Remedy:
    """What to do, in one line, and the command that does it: bare, and with Docker Compose."""

    text: str
    command: str = ""
    docker: str = ""


@dataclass(frozen=True)
class Card:
    name: str
    title: str
    said: str
    is_lagging: bool
    remedy: Remedy | None = None


def cards(readings: list[Reading], queue: Queue | None) -> list[Card]:
    order = list(TITLES)
    known = sorted(readings, key=lambda one: order.index(one.name) if one.name in order else len(order))
    lagging = {one.name for one in readings if one.is_lagging}
    shown = [
        Card(
            one.name,
            str(TITLES.get(one.name, one.name)),
            _said(one),
            one.is_lagging,
            remedy(one.name, lagging, queue) if one.is_lagging else None,
        )
        for one in known
    ]
    return [*shown, _queue_card(queue)]


def remedy(name: str, lagging: set[str], queue: Queue | None) -> Remedy:
    """Ticks that wait in the queue mean that no worker takes them; none there, that the clock sends none."""
    if name == "realtime":
        return Remedy(
            _("Pages do not update by themselves; all else goes on. Start the process that tells them:"),
            "python manage.py realtime",
            "docker compose up -d realtime",
        )
    if queue is None:
        return Remedy(_("The queue does not answer: see there."))
    if "clock" in lagging and name != "clock":
        return Remedy(_("Nothing gets done while the clock or the workers stand still: see the clock."))
    if name == "clock" and queue.waiting:
        return _start_worker(
            _("Tasks wait and no worker takes them. Start one:"), "docker compose up -d worker"
        )
    if name == "clock":
        return Remedy(
            _("Nothing is sent to the workers. Start the clock:"),
            "celery -A helpdesk beat",
            "docker compose up -d beat",
        )
    if name == "outbox":
        return _start_worker(
            _(
                "See what the mail server said under “Outgoing mail”. If nothing failed, start one more worker:"
            )
        )
    if name == "calls":
        return _start_worker(
            _(
                "See what the receiver said under “Webhook calls”. If nothing is wrong there, start one more worker:"
            )
        )
    if name == "mail_fetching":
        return Remedy(_("See under “Mail” which of them it is, and what its server said."))
    return _start_worker(
        _("See below whether it failed. If not, there is too much for one: start one more worker:")
    )


def _start_worker(text: str, docker: str = "docker compose up -d --scale worker=2 worker") -> Remedy:
    return Remedy(text, "celery -A helpdesk worker --concurrency 2", docker)


def _said(reading: Reading) -> str:
    seconds = reading.seconds
    if reading.name == "clock" or (reading.name == "realtime" and seconds):
        never = _("There was no sign of life yet.")
        return never if isinf(seconds) else _("Last sign of life %(span)s ago.") % {"span": span(seconds)}
    if reading.name == "mail_fetching" and seconds:
        never = _("There is one that was never looked at.")
        told = _("The one that waits longest was looked at, or began to fail, %(span)s ago.")
        return never if isinf(seconds) else told % {"span": span(seconds)}
    if not seconds:
        return str(_QUIET.get(reading.name) or _("Each is looked at in time."))
    return _("The oldest has been waiting for %(span)s.") % {"span": span(seconds)}


def _queue_card(queue: Queue | None) -> Card:
    if queue is None:
        mend = Remedy(
            _("Tasks cannot be handed out. Start Redis:"), "redis-server", "docker compose up -d redis"
        )
        return Card("queue", _("Queue of tasks"), _("Redis does not answer."), True, mend)
    said = _("%(waiting)s waiting, %(in_hand)s in hand.") % {
        "waiting": queue.waiting,
        "in_hand": queue.in_hand,
    }
    return Card("queue", _("Queue of tasks"), said, False)


def span(seconds: float) -> str:
    """An operator counts seconds at first."""
    if seconds < 120:
        return _("%(s)s s") % {"s": int(seconds)}
    return words.span(timedelta(seconds=seconds))
