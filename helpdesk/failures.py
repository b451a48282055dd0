"""Tasks that failed for good are written down here, for the operator to see."""

from __future__ import annotations

import hashlib
import json
import re
import traceback
from datetime import timedelta
from types import TracebackType
from typing import Any

from django.db import transaction
from django.db.models import F

from helpdesk.lib import clock
from helpdesk.lib.guarding import guarded
from helpdesk.models import FailedTask, FailedTaskState

LONGEST_ARGUMENTS = 2000
LONGEST_TRACEBACK = 10_000
KEPT_SETTLED = timedelta(days=30)
MOST_KEPT = 1000
_CREDENTIALS = re.compile(r"//[^/\s@]+@")


@transaction.atomic
def record(*, name: str, task_id: str, args: Any, kwargs: Any, error: str, trace: str = "") -> None:
    """One row for the same task and arguments, counted up and open again; one failure told twice counts once."""
    now = clock.now()
    news: dict[str, Any] = {
        "args": _kept(args),
        "kwargs": _kept(kwargs),
        "error": guarded(_bare(error))[:500],  # read whole: half of a secret looks like none
        "traceback": trace[-LONGEST_TRACEBACK:],
        "last_failed_at": now,
        "last_task_id": task_id[:100],
    }
    row, fresh = FailedTask.objects.get_or_create(
        fingerprint=_fingerprint(name, args, kwargs),
        defaults={"name": name[:200], "first_failed_at": now, **news},
    )
    if not fresh:
        another = FailedTask.objects.filter(pk=row.pk).exclude(last_task_id=news["last_task_id"])
        reopened = {"state": FailedTaskState.OPEN, "settled_at": None, "settled_by": ""}
        another.update(times=F("times") + 1, **reopened, **news)


def forget() -> None:
    """What was settled long ago, and what is more than anybody will read."""
    settled = FailedTask.objects.exclude(state=FailedTaskState.OPEN)
    settled.filter(settled_at__lt=clock.now() - KEPT_SETTLED).delete()
    surplus = FailedTask.objects.order_by("-last_failed_at", "-id").values_list("pk", flat=True)[MOST_KEPT:]
    FailedTask.objects.filter(pk__in=list(surplus)).delete()


def in_words(problem: BaseException) -> str:
    """The first line: the database tells on the next ones which values it was given."""
    first = str(problem).strip().partition("\n")[0]
    return f"{type(problem).__name__}: {first}" if first else type(problem).__name__


def where(problem: BaseException, trace: TracebackType | str | None) -> str:
    """Files, lines and code of a traceback. Never what the variables held, nor the messages of other errors."""
    frames = trace if isinstance(trace, TracebackType) else problem.__traceback__
    return "".join(traceback.format_list(traceback.extract_tb(frames)))


def _bare(text: str) -> str:
    """Without the user and password that an address of an engine may hold."""
    return _CREDENTIALS.sub("//…@", text)


def _fingerprint(name: str, args: Any, kwargs: Any) -> str:
    said = json.dumps([name, args, kwargs], sort_keys=True, default=repr)
    return hashlib.sha256(said.encode()).hexdigest()


def _kept(arguments: Any) -> Any:
    """As JSON gives them back, or None: without them a task can be looked at, but not run again."""
    try:
        text = json.dumps(arguments)
    except (TypeError, ValueError):
        return None
    return json.loads(text) if len(text) <= LONGEST_ARGUMENTS else None
