"""Which acts can be undone, and which later act is about the same thing; ``actions/undoing`` does it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from datetime import datetime, timedelta
from typing import Any

from tickets.choices import EventKind

#: So long pages offer to undo an act; the verb itself asks only whether the thing changed since.
OFFERED_FOR = timedelta(minutes=10)
_SINGLE = frozenset(
    {
        EventKind.ASSIGNED,
        EventKind.STATUS_CHANGED,
        EventKind.PRIORITY_CHANGED,
        EventKind.CATEGORY_CHANGED,
        EventKind.TEAM_CHANGED,
        EventKind.COMPLAINT_MARKED,
    }
)
_BY_KEY: Mapping[EventKind, tuple[str, str]] = {
    EventKind.WATCHER_ADDED: ("watcher", "who_id"),
    EventKind.WATCHER_REMOVED: ("watcher", "who_id"),
    EventKind.PARTICIPANT_ADDED: ("copy", "who"),
    EventKind.PARTICIPANT_REMOVED: ("copy", "who"),
    EventKind.LINKED: ("link", "number"),
    EventKind.UNLINKED: ("link", "number"),
    EventKind.MERGED: ("merging", "number"),
    EventKind.MERGED_HERE: ("merging", "number"),
    EventKind.UNMERGED: ("merging", "number"),
    EventKind.UNMERGED_HERE: ("merging", "number"),
}
UNDOABLE = (_SINGLE | _BY_KEY.keys() | {EventKind.TAGS_CHANGED}) - {
    EventKind.UNMERGED,
    EventKind.UNMERGED_HERE,
}


def can_be_undone(kind: str, data: Mapping[str, Any]) -> bool:
    """Whether there is something to undo: who only said that a category is right changed nothing."""
    return kind in UNDOABLE and not (
        kind == EventKind.CATEGORY_CHANGED and data.get("from") == data.get("to")
    )


def things_of(kind: str, data: Mapping[str, Any]) -> frozenset[Hashable]:
    """What an act is about: a later one about one of the same things means that it was changed since."""
    event = EventKind(kind)
    if event in _SINGLE:
        return frozenset({event})
    if event == EventKind.TAGS_CHANGED:
        return frozenset(("tag", tag) for tag in [*data.get("added", []), *data.get("removed", [])])
    if event in _BY_KEY:
        what, key = _BY_KEY[event]
        return frozenset({(what, data.get(key))})
    return frozenset()


def is_offered(at: datetime, now: datetime) -> bool:
    return now - at <= OFFERED_FOR
