"""How often macros are used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db.models import Count, Max
from django.db.models.fields.json import KT

from helpdesk.lib import clock
from tickets.choices import EventKind
from tickets.models import Event

USED_DAYS = 30
SECONDS = 300
_KEY = "macro-uses"


@dataclass(frozen=True)
class Use:
    count: int
    last: datetime


def uses() -> dict[int, Use]:
    """By macro, for those used of late. By the index ``event_by_kind``; remembered for some minutes."""
    known: dict[int, Use] | None = cache.get(_KEY)
    if known is None:
        known = _read()
        cache.set(_KEY, known, SECONDS)
    return known


def _read() -> dict[int, Use]:
    since = clock.now() - timedelta(days=USED_DAYS)
    rows = Event.objects.filter(kind=EventKind.MACRO_APPLIED, at__gte=since).order_by()
    found = rows.values_list(KT("data__macro")).annotate(count=Count("pk"), last=Max("at"))
    return {int(macro): Use(count, last) for macro, count, last in found if macro}
