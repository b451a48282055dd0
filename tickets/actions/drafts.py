"""What somebody has begun to write on a ticket: kept at each pause, there again after a crash and on another machine.

A draft is its author's alone; nobody else is told of it, and no event is written for it.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from helpdesk.lib import clock
from helpdesk.lib.errors import Conflict
from tickets.actions.draft_rows import author_of, begin, held, remove_stored, was_sent
from tickets.actions.intake import admit_full_text, admit_line
from tickets.actors import Actor
from tickets.choices import DraftKind
from tickets.models import Draft, DraftFile, Ticket
from tickets.rules.intake import MAX_BODY

#: A draft that nobody came back to for so long is removed.
KEPT = timedelta(days=30)
#: More than a message may hold, so that what is too long is not cut before its author is told.
ROOM = 2 * MAX_BODY
_CHUNK = 500


@dataclass(frozen=True)
class Written:
    """What stands in a composer. ``origin_key`` names the one message that it will become."""

    body: str = ""
    kind: DraftKind = DraftKind.REPLY
    to: str = ""
    first_message: int | None = None
    with_files: bool = False
    then: str = ""
    seen: int | None = None
    origin_key: str = ""


class DraftMoved(Conflict):
    """Another window of the same author saved a newer text, which is ``draft``. Nothing was written."""

    code = "draft_moved"
    message = _("You have written something newer in another window.")

    def __init__(self, draft: Draft) -> None:
        super().__init__()
        self.draft = draft


class DraftGone(Conflict):
    """It was sent or discarded in another window. Nothing was written."""

    code = "draft_gone"
    message = _("This draft was sent or discarded in another window.")


@transaction.atomic
def save(ticket: Ticket, said: Written, *, version: int, by: Actor) -> Draft | None:
    """Keep the text. ``version`` is that of the draft which the author has before them, 0 for none.

    None: nothing is left of it, so it is gone. Raises DraftMoved or DraftGone: an old window does not write over a
    newer text unseen, nor bring back what was sent. The same text again is no conflict: its answer may have been lost.
    """
    author = author_of(by)
    draft = begin(ticket, author) if version == 0 else held(ticket, author)
    # Only now: who sends holds the draft, and has come to an end.
    if draft is None or was_sent(author, said.origin_key):
        raise DraftGone
    kept = _kept(said)
    same = all(getattr(draft, name) == value for name, value in kept.items() if name in _TEXT)
    if draft.version != version and not same and not draft.is_empty:
        raise DraftMoved(draft)
    return _write(draft, kept)


_TEXT = ("body", "to", "kind")


def _kept(said: Written) -> dict[str, Any]:
    return {
        "body": admit_full_text(said.body, limit=ROOM),
        "kind": said.kind,
        "to": admit_line(said.to, limit=ROOM),
        "first_message": said.first_message,
        "with_files": said.with_files,
        "then": said.then,
        "seen": said.seen,
        "origin_key": said.origin_key,
    }


def _write(draft: Draft, values: dict[str, Any]) -> Draft | None:
    for name, value in values.items():
        setattr(draft, name, value)
    if remove_if_empty(draft):
        return None
    draft.version += 1
    draft.updated_at = clock.now()
    draft.save()
    return draft


def remove_if_empty(draft: Draft) -> bool:
    """Whether it held nothing, and is gone."""
    if not draft.is_empty or DraftFile.objects.filter(draft=draft).exists():
        return False
    draft.delete()
    return True


def new_key() -> str:
    """Names the one message that a composer's text will become."""
    return secrets.token_urlsafe(16)


@transaction.atomic
def discard(ticket: Ticket, *, by: Actor, version: int | None = None) -> None:
    """Throw it away with its files. None there is no error. ``version`` is that of the text which the author means;
    None: whatever stands there. Raises DraftMoved where another window has written on since.
    """
    draft = held(ticket, author_of(by))
    if draft is not None:
        if version is not None and draft.version > version:
            raise DraftMoved(draft)
        remove_stored(draft.files.all())
        draft.delete()


def forget_old() -> int:
    """Remove what nobody came back to, with its files; how many. In steps: each holds few rows for a short time."""
    limit, removed = clock.now() - KEPT, 0
    while True:
        with transaction.atomic():
            rows = Draft.objects.select_for_update(skip_locked=True).filter(updated_at__lt=limit)
            old = list(rows.order_by("updated_at").values_list("pk", flat=True)[:_CHUNK])
            remove_stored(DraftFile.objects.filter(draft__in=old))
            Draft.objects.filter(pk__in=old).delete()
        removed += len(old)
        if len(old) < _CHUNK:
            return removed
