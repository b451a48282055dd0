"""Log-ins in browsers: begun, seen, ended."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from importlib import import_module

from django.conf import settings
from django.db import transaction

from accounts import audit
from accounts.choices import AuditKind
from accounts.models import LogInSession, User
from accounts.rules.session_limits import Ended
from helpdesk.lib import clock

MAX_AGENT = 300
#: Rows of sessions that ran out in the session table without anybody noticing are swept at the person's next log-in.
STALE = timedelta(seconds=settings.SESSION_COOKIE_AGE) + timedelta(days=1)


@transaction.atomic
def begin(user: User, *, key: str, address: str | None, agent: str) -> LogInSession:
    """Staff are logged in on so many devices at most: the one used the longest ago ends. Three statements, by index."""
    # One after the other: of two log-ins at once the second counts the first.
    User.objects.select_for_update(no_key=True).only("pk").get(pk=user.pk)
    now = clock.now()
    others = list(LogInSession.objects.filter(user=user).exclude(key=key).order_by("-seen_at", "-id"))
    row = LogInSession(
        user=user, key=key, started_at=now, seen_at=now, address=address, agent=agent[:MAX_AGENT]
    )
    told = ["user", "started_at", "seen_at", "address", "agent"]
    # A key that is known already: the log-in is that of somebody else in the same browser.
    LogInSession.objects.bulk_create([row], update_conflicts=True, unique_fields=["key"], update_fields=told)
    stale = [other.pk for other in others if other.seen_at < now - STALE]
    if stale:
        LogInSession.objects.filter(pk__in=stale).delete()
    living = [other for other in others if other.pk not in stale]
    if user.is_staff and len(living) >= settings.STAFF_SESSIONS_MAX:
        end(living[settings.STAFF_SESSIONS_MAX - 1 :], why=Ended.TOO_MANY, by=None)
    return row


def seen(pk: int, *, key: str, address: str | None) -> bool:
    """False where the session was ended meanwhile. By primary key, once a minute at most."""
    rows = LogInSession.objects.filter(pk=pk)
    return rows.update(seen_at=clock.now(), key=key, address=address) > 0


@transaction.atomic
def end(sessions: Iterable[LogInSession], *, why: Ended, by: User | None) -> int:
    """Log them out, wherever they are; how many. The next request with one of them is a stranger's."""
    rows = list(sessions)
    for row in rows:
        _store(row.key).delete()
        audit.record(
            AuditKind.SESSION_ENDED,
            by=by,
            why=why.value,
            user=row.user_id,
            started=row.started_at.isoformat(),
        )
    LogInSession.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


def end_all(user: User, *, why: Ended, by: User | None, but: str | None = None) -> int:
    """All of a person's; ``but`` is the key of the one that goes on."""
    rows = LogInSession.objects.filter(user=user)
    return end(rows.exclude(key=but) if but else rows, why=why, by=by)


def _store(key: str):  # type: ignore[no-untyped-def]
    return import_module(settings.SESSION_ENGINE).SessionStore(key)
