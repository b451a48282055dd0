"""Files that come with a message."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core.files.base import File
from django.db.models.fields.files import FieldFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.choices import AuditKind
from helpdesk.lib.errors import Invalid, Text
from helpdesk.lib.wakeup import wake
from tickets import actors
from tickets.actions.file_intake import MAX_TEXT_FILE, Judged, Refusal, Refused, admit
from tickets.actions.intake import admit_file_name
from tickets.choices import ActorKind, Channel, EventKind, FileState
from tickets.events import emit
from tickets.models import Attachment, DraftFile, Message, Ticket
from tickets.rules.pictures.limits import MAX_PIXELS
from tickets.rules.secrets import Kind
from tickets.rules.secrets.guard import guard

__all__ = [
    "KeptFile",
    "Refusal",
    "Withheld",
    "admitted",
    "most_files",
    "one_admitted",
    "sorted_out",
    "store",
    "tell",
]

SCAN_TASK = "tickets.scan_files"
#: The desk itself, which looks through what comes in.
GUARD = actors.system("secret-guard")
#: Their size is bounded by that of the mail.
MAX_FILES_BY_MAIL = 50


class KeptFile(Judged):
    """A file of a draft in the desk: the message takes it over where it lies, nothing is copied."""

    def __init__(self, stored: FieldFile, *, name: str, content_type: str, unread: str = "") -> None:
        """Raises FileNotFoundError where the storage has lost it."""
        self.kept_as = str(stored.name)
        opened = stored.storage.open(self.kept_as, "rb")
        super().__init__(opened, name=name, content_type=content_type, unread=unread)

    @classmethod
    def of_draft(cls, row: DraftFile) -> KeptFile:
        return cls(row.file, name=row.name, content_type=row.content_type, unread=row.unread)


@dataclass(frozen=True)
class Withheld:
    name: str
    size: int
    reason: Refusal


def most_files(channel: Channel | str) -> int:
    """How many files a message may bring. Who writes by mail is not told before, and sees no error."""
    limit: int = settings.ATTACHMENT_MAX_COUNT
    return max(limit, MAX_FILES_BY_MAIL) if channel == Channel.EMAIL else limit


def admitted(
    files: Sequence[File[bytes]], *, channel: Channel | str = Channel.WEB, ticket: Ticket | None = None
) -> list[File[bytes]]:
    """The files as they may be stored. Raises Invalid on field ``attachments`` naming the first that may not come in.

    To be called before a transaction: painting a picture anew takes a while, and holds nobody up there.
    """
    limit = most_files(channel)
    if len(files) > limit:
        raise _refused(_("Attach at most %(count)s files.") % {"count": limit})
    if ticket is not None and files:
        check_room(ticket, len(files))
    return [one_admitted(file) for file in files]


def check_room(ticket: Ticket, more: int) -> None:
    """Raises Invalid where the ticket has as many files as one may have. By the index of its messages."""
    limit: int = settings.ATTACHMENT_MAX_PER_TICKET
    if Attachment.objects.filter(message__ticket=ticket).count() + more > limit:
        raise _refused(_("This case has as many files as one case can hold (%(count)s).") % {"count": limit})


def one_admitted(file: File[bytes]) -> File[bytes]:
    """Raises Invalid on field ``attachments``, naming the file."""
    try:
        return admit(file)
    except Refused as refused:
        name = admit_file_name(guard(file.name or "").text)
        raise _refused(_words(refused.why, name, file.size)) from refused


def sorted_out(files: Sequence[File[bytes]], *, at_most: int) -> tuple[list[File[bytes]], list[Withheld]]:
    """Those that may come in, and the others with why: a mail is not refused for a file that we do not take."""
    kept: list[File[bytes]] = []
    withheld: list[Withheld] = []
    for file in files:
        try:
            if len(kept) >= at_most:
                raise Refused(Refusal.TOO_MANY)
            kept.append(admit(file))
        except Refused as refused:
            name = admit_file_name(guard(file.name or "").text)
            withheld.append(Withheld(name, file.size, refused.why))
    return kept, withheld


def _words(why: Refusal, name: str, size: int) -> Text:
    limit = settings.ATTACHMENT_MAX_MB * 1024 * 1024
    told = {"name": name, "size": filesizeformat(size), "limit": filesizeformat(limit)}
    match why:
        case Refusal.TOO_LARGE:
            return _("“%(name)s” is %(size)s; at most %(limit)s fit.") % told
        case Refusal.EMPTY:
            return _("“%(name)s” is empty.") % told
        case Refusal.DAMAGED:
            return (
                _("“%(name)s” cannot be read as a picture. Open it, save it again and attach the new one.")
                % told
            )
        case Refusal.TOO_MANY_PIXELS:
            told["limit"] = str(MAX_PIXELS // 1_000_000)
            return _("“%(name)s” has more than %(limit)s million pixels. Send a smaller picture.") % told
        case Refusal.LONG_TEXT:
            told["limit"] = filesizeformat(MAX_TEXT_FILE)
            return (
                _("“%(name)s” is %(size)s; of a text at most %(limit)s fit. Send the part that matters.")
                % told
            )
        case Refusal.BOMB:
            return (
                _("“%(name)s” unpacks to far more than its size. Save it again and attach the new one.")
                % told
            )
    return (
        _(
            "“%(name)s” is of a kind we cannot take. "
            "Send a picture, PDF, video, plain text, Word or Excel file."
        )
        % told
    )


def _refused(text: object) -> Invalid:
    return Invalid({"attachments": str(text)})


def store(message: Message, files: Sequence[File[bytes]]) -> list[Attachment]:
    """Keep files with their message; runs in the caller's transaction. Where a scanner is set, it looks at them after
    the commit, and nobody gets them before.
    """
    stored = [_store_one(message, one_admitted(file)) for file in files]
    if any(one.state == FileState.WAITING for one in stored):
        wake(SCAN_TASK)
    return stored


def _store_one(message: Message, file: File[bytes]) -> Attachment:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    attachment = Attachment(
        message=message,
        name=file.name or "",
        content_type=file.content_type,  # type: ignore[attr-defined]
        size=file.size,
        sha256=digest.hexdigest(),
        content_id=file.content_id[:255],  # type: ignore[attr-defined]
        unread=file.unread,  # type: ignore[attr-defined]
        state=file.state or _first_state(),  # type: ignore[attr-defined]
        finding=file.finding,  # type: ignore[attr-defined]
    )
    if isinstance(file, KeptFile):
        attachment.file.name = file.kept_as
    else:
        attachment.file.save("", file, save=False)
    attachment.save()
    return attachment


def _first_state() -> FileState:
    return FileState.WAITING if settings.CLAMAV_URL else FileState.READY


def removed_from(files: Sequence[File[bytes]]) -> tuple[Kind, ...]:
    """Which kinds of secrets the files held before they were admitted, each once."""
    return tuple(dict.fromkeys(kind for file in files for kind in getattr(file, "removed", ())))


def tell(
    ticket: Ticket,
    files: Sequence[File[bytes]],
    *,
    message: Message | None = None,
    of: ActorKind = ActorKind.STAFF,
    tells: bool = False,
) -> None:
    """Log which files held a secret that was taken out before they were stored; runs in the caller's transaction.

    ``of``: who sent them; ``tells``: the customer gets a mail that says what to do, by the first of the events.
    """
    for file in files:
        removed = [kind.value for kind in getattr(file, "removed", ())]
        if removed:
            how = file.how.value  # type: ignore[attr-defined]
            emit(
                ticket,
                EventKind.SECRET_REMOVED,
                by=GUARD,
                message=message,
                kinds=removed,
                file=file.name,
                how=how,
                of=of.value,
                tells=tells,
            )
            tells = False
            audit.record(
                AuditKind.SECRET_REMOVED,
                by=None,
                brand=ticket.brand,
                ticket=ticket.number,
                customer=ticket.customer,
                way="file",
                kinds=removed,
                how=how,
                # Not the file's name, which may be its owner's: the log is kept when they are erased.
                message=message.pk if message else None,
            )
