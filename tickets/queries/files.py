"""Files that wait for the scanner or for an officer."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from helpdesk.lib.errors import Conflict
from tickets.choices import FileState
from tickets.models import Attachment, Ticket

#: Of the quarantine so many are listed, the newest.
LISTED = 100


class FileHeldBack(Conflict):
    """It is there, and nobody may have it: not yet, or not at all."""

    code = "file_held_back"


_WHY = {
    FileState.WAITING: _("This file is being checked for viruses. Try again in a minute."),
    FileState.QUARANTINED: _(
        "This file is held back: the virus scanner found something in it, or could not check it."
    ),
    FileState.DELETED: _("This file was deleted: the virus scanner had found something in it."),
}


def ready(file: Attachment) -> Attachment:
    """The file, which may be handed out. Raises FileHeldBack. Whoever hands one out asks here."""
    if not file.is_ready:
        raise FileHeldBack(_WHY[FileState(file.state)])
    return file


def to_scan(now: datetime) -> QuerySet[Attachment]:
    """By ``attachment_to_scan``."""
    return Attachment.objects.filter(state=FileState.WAITING, scan_at__lte=now).order_by("scan_at", "id")


def oldest_unscanned() -> datetime | None:
    """When the file that waits longest came; by ``attachment_to_scan``, of which there are few."""
    waiting = Attachment.objects.filter(state=FileState.WAITING).order_by("created_at")
    return waiting.values_list("created_at", flat=True).first()


def in_quarantine(user: User) -> list[Attachment]:
    """Of tickets that this person sees, the newest first; by ``attachment_quarantined``."""
    seen = (
        Ticket.objects.visible_to(user).filter(pk__in=_quarantined().values("message__ticket")).values("pk")
    )
    rows = _quarantined().filter(message__ticket__in=seen)
    return list(rows.select_related("message__ticket__brand").order_by("-id")[:LISTED])


def _quarantined() -> QuerySet[Attachment]:
    return Attachment.objects.filter(state=FileState.QUARANTINED)


def file_or_404(user: User, pk: int) -> Attachment:
    """A file to be judged, of a ticket that this person sees; whether it still is, the action says."""
    rows = Attachment.objects.select_related("message__ticket__brand", "message__ticket__customer")
    found = rows.filter(pk=pk).first()
    if found is None or not Ticket.objects.visible_to(user).filter(pk=found.message.ticket_id).exists():
        raise Http404("No such file.")
    return found


def deleted() -> QuerySet[Attachment]:
    """Deleted from quarantine, and still in the storage; by ``attachment_to_remove``."""
    return Attachment.objects.filter(state=FileState.DELETED).exclude(file="").order_by("id")
