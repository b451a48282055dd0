"""The operator's numbers about mail: what came in by each mailbox, what waits, what could not leave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Min, OuterRef, Q, QuerySet, Subquery
from django.utils.timezone import localtime

from helpdesk.lib import clock
from tickets.choices import IncomingState, MailState
from tickets.models import IncomingMail, Mailbox, MailDestination, OutboxMail

WEEK = timedelta(days=7)
#: So long the counts of what came and went are remembered: the page asks every few seconds, and a week is many rows.
COUNTS_SECONDS = 30
#: What settled mails are counted by.
SETTLED = (IncomingState.DONE, IncomingState.SET_ASIDE, IncomingState.QUARANTINED)


@dataclass(frozen=True)
class Came:
    """How many mails of a mailbox are in which state now, of those that came today and within seven days."""

    today: Mapping[str, int] = field(default_factory=dict)
    week: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Waiting:
    """Mails of a mailbox that nobody has read yet."""

    count: int
    oldest: datetime


@dataclass(frozen=True)
class Outgoing:
    waiting: int
    oldest: datetime | None
    failed: int
    bounced: int


def mailboxes() -> list[Mailbox]:
    """All of them, those in use first, each with ``last_mail_at``."""
    latest = IncomingMail.objects.filter(mailbox=OuterRef("pk")).order_by("-received_at")
    rows = Mailbox.objects.select_related("brand").annotate(
        last_mail_at=Subquery(latest.values("received_at")[:1])
    )
    return list(rows.order_by("-is_active", "brand__position", "address"))


def came() -> dict[int | None, Came]:
    """By mailbox; None for mails whose mailbox is gone."""
    key = f"mail-came:{localtime(clock.now()).date()}"
    known: dict[int | None, Came] | None = cache.get(key)
    if known is None:
        known = _count_what_came()
        cache.set(key, known, COUNTS_SECONDS)
    return known


def forget_counts() -> None:
    """After the operator did something: their own act must show at once."""
    cache.delete(f"mail-came:{localtime(clock.now()).date()}")
    cache.delete("mail-outgoing")


def _count_what_came() -> dict[int | None, Came]:
    now = clock.now()
    midnight = localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = IncomingMail.objects.filter(received_at__gte=now - WEEK, state__in=SETTLED).order_by()
    counted = rows.values_list("mailbox_id", "state").annotate(
        week=Count("pk"), today=Count("pk", filter=Q(received_at__gte=midnight))
    )
    today: dict[int | None, dict[str, int]] = {}
    week: dict[int | None, dict[str, int]] = {}
    for mailbox, state, in_week, in_day in counted:
        today.setdefault(mailbox, {})[state] = in_day
        week.setdefault(mailbox, {})[state] = in_week
    return {mailbox: Came(today[mailbox], week[mailbox]) for mailbox in week}


def waiting() -> dict[int | None, Waiting]:
    """What is stored and not yet read, by mailbox; as it is now, by the index of what is due."""
    rows = IncomingMail.objects.filter(state=IncomingState.STORED).order_by()
    counted = rows.values_list("mailbox_id").annotate(Count("pk"), Min("received_at"))
    return {mailbox: Waiting(count, oldest) for mailbox, count, oldest in counted}


def quarantined() -> QuerySet[IncomingMail]:
    """Mails that could not be read, the latest first."""
    rows = IncomingMail.objects.filter(state=IncomingState.QUARANTINED)
    return rows.select_related("mailbox", "brand").order_by("-pk")


def outgoing() -> Outgoing:
    now = clock.now()
    queued = OutboxMail.objects.filter(state__in=[MailState.QUEUED, MailState.SENDING])
    late = queued.filter(available_at__lte=now).order_by("available_at", "id")
    failed, bounced = _gone_wrong()
    return Outgoing(queued.count(), late.values_list("created_at", flat=True).first(), failed, bounced)


def _gone_wrong() -> tuple[int, int]:
    """(given up, came back), of all that are kept."""
    known: tuple[int, int] | None = cache.get("mail-outgoing")
    if known is None:
        rows = OutboxMail.objects.filter(state__in=[MailState.FAILED, MailState.BOUNCED]).order_by()
        counts: dict[str, Any] = dict(rows.values_list("state").annotate(Count("pk")))
        known = counts.get(MailState.FAILED, 0), counts.get(MailState.BOUNCED, 0)
        cache.set("mail-outgoing", known, COUNTS_SECONDS)
    return known


def paused() -> list[MailDestination]:
    """Receiving domains that asked us to wait, the one that waits longest first."""
    rows = MailDestination.objects.filter(paused_until__gt=clock.now())
    return list(rows.order_by("-paused_until")[:100])
