"""Who holds a session, asked outside of a request: by a websocket, which lives longer than one."""

from __future__ import annotations

from collections.abc import Collection
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils.crypto import constant_time_compare

from accounts.models import LogInSession, User
from helpdesk.lib import clock


def user_of_session(key: str) -> User | None:
    """The active person who is logged in with this session's key. It only reads: a session that no longer holds is
    left to the pages, which end it.
    """
    data = _data(key)
    user_id = str(data.get(SESSION_KEY, ""))
    if data.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS or not user_id.isdecimal():
        return None
    user = User.objects.filter(pk=int(user_id), is_active=True).first()
    if user is None:
        return None
    return (
        user if constant_time_compare(data.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash()) else None
    )


def _data(key: str) -> dict[str, Any]:
    store = import_module(settings.SESSION_ENGINE).SessionStore(key)
    data: dict[str, Any] = store.load()
    return data


def living_sessions(keys: Collection[str]) -> set[str]:
    """Those that have neither run out nor been logged out of; by primary key. Raises django.db.Error."""
    rows = Session.objects.filter(pk__in=keys, expire_date__gt=clock.now())
    return set(rows.values_list("pk", flat=True))


def sessions_of(user: User) -> list[LogInSession]:
    """Where a person is logged in now, the one used last first. Two queries, by ``log_in_session_by_user`` and by
    primary key."""
    rows = list(LogInSession.objects.filter(user=user))
    living = living_sessions([row.key for row in rows])
    return [row for row in rows if row.key in living]
