"""Files in a draft: checked when they come, taken over by the message when it is sent."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from helpdesk.lib import clock
from helpdesk.lib.errors import Invalid
from tickets.actions import attachments
from tickets.actions.attachments import KeptFile
from tickets.actions.draft_rows import author_of, begin, held, remove_stored
from tickets.actions.drafts import remove_if_empty
from tickets.actions.file_intake import copy_of
from tickets.actors import Actor
from tickets.choices import Channel, FileState
from tickets.models import Attachment, Draft, DraftFile, Ticket


def add(ticket: Ticket, file: File[bytes], *, by: Actor) -> DraftFile:
    """Put a file into the author's draft. Raises Invalid on ``attachments``, as sending it would."""
    author = author_of(by)
    file = attachments.one_admitted(file)
    with transaction.atomic():
        draft = begin(ticket, author)
        limit = attachments.most_files(Channel.WEB)
        if DraftFile.objects.filter(draft=draft).count() >= limit:
            raise Invalid({"attachments": _("Attach at most %(count)s files.") % {"count": limit}})
        draft.version = max(draft.version, 1)
        draft.updated_at = clock.now()
        draft.save(update_fields=["version", "updated_at"])
        kept = _store(draft, file)
        attachments.tell(ticket, [file])
        return kept


def _store(draft: Draft, file: File[bytes]) -> DraftFile:
    kept = DraftFile(
        draft=draft,
        name=file.name or "",
        content_type=file.content_type,  # type: ignore[attr-defined]
        size=file.size,
        unread=file.unread,  # type: ignore[attr-defined]
    )
    kept.file.save("", file, save=False)
    kept.save()
    return kept


@transaction.atomic
def remove(ticket: Ticket, pk: int, *, by: Actor) -> None:
    """Take a file out again; a draft that holds nothing else goes with it."""
    draft = held(ticket, author_of(by))
    if draft is None:
        return
    rows = DraftFile.objects.filter(draft=draft, pk=pk)
    remove_stored(rows)
    rows.delete()
    remove_if_empty(draft)


def opened(draft: Draft) -> list[KeptFile]:
    """Its files, for a message to take over. Raises Invalid where the storage has lost one."""
    found = []
    for row in DraftFile.objects.filter(draft=draft):
        try:
            found.append(KeptFile.of_draft(row))
        except FileNotFoundError as problem:
            words = _("“%(name)s” was lost. Please remove it and attach it again.")
            raise Invalid({"attachments": words % {"name": row.name}}) from problem
    return found


def copy_into(draft: Draft, files: Iterable[Attachment]) -> None:
    """Files of a message that was taken back: it keeps its own."""
    for attachment in files:
        if attachment.state in (FileState.QUARANTINED, FileState.DELETED):
            continue
        try:
            _store(draft, copy_of(attachment))
        except FileNotFoundError:
            continue  # nobody can have it any more
