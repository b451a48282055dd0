"""Files that come with a message."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.core.files.base import File
from django.db.models.fields.files import FieldFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from helpdesk.lib.errors import Invalid
from tickets.actions.intake import admit_file_name
from tickets.choices import Channel
from tickets.models import Attachment, Message
from tickets.rules import attachments as rules


class KeptFile(File):  # type: ignore[type-arg]
    """A file that lies in the private storage already: the message takes it over as it is, nothing is copied."""

    def __init__(self, stored: FieldFile, *, name: str) -> None:
        """Raises FileNotFoundError where the storage has lost it."""
        self.kept_as = str(stored.name)
        super().__init__(stored.storage.open(self.kept_as, "rb"), name=name)


#: Their size is bounded by that of the mail.
MAX_FILES_BY_MAIL = 50


class Refusal(StrEnum):
    """Why a file may not come in."""

    TOO_LARGE = "too_large"
    EMPTY = "empty"
    KIND = "kind"
    TOO_MANY = "too_many"


@dataclass(frozen=True)
class Withheld:
    name: str
    size: int
    reason: Refusal


def most_files(channel: Channel | str) -> int:
    """How many files a message may bring. Who writes by mail is not told before, and sees no error."""
    limit: int = settings.ATTACHMENT_MAX_COUNT
    return max(limit, MAX_FILES_BY_MAIL) if channel == Channel.EMAIL else limit


def check(files: Sequence[File[bytes]], *, channel: Channel | str = Channel.WEB) -> None:
    """Raise Invalid on field ``attachments`` naming the first file that may not come in."""
    limit = most_files(channel)
    if len(files) > limit:
        raise _refused(_("Attach at most %(count)s files.") % {"count": limit})
    for file in files:
        _check_one(file)


def sorted_out(files: Sequence[File[bytes]], *, at_most: int) -> tuple[list[File[bytes]], list[Withheld]]:
    """Those that may come in, and the others with why: a mail is not refused for a file that we do not take."""
    kept: list[File[bytes]] = []
    withheld: list[Withheld] = []
    for file in files:
        reason = _refusal(file) if len(kept) < at_most else Refusal.TOO_MANY
        if reason is None:
            kept.append(file)
        else:
            withheld.append(Withheld(admit_file_name(file.name or ""), file.size, reason))
    return kept, withheld


def _check_one(file: File[bytes]) -> None:
    name = admit_file_name(file.name or "")
    match _refusal(file):
        case Refusal.TOO_LARGE:
            limit = filesizeformat(settings.ATTACHMENT_MAX_MB * 1024 * 1024)
            raise _refused(
                _("“%(name)s” is %(size)s; at most %(limit)s fit.")
                % {"name": name, "size": filesizeformat(file.size), "limit": limit}
            )
        case Refusal.EMPTY:
            raise _refused(_("“%(name)s” is empty.") % {"name": name})
        case Refusal.KIND:
            raise _refused(
                _(
                    "“%(name)s” is of a kind we cannot take. "
                    "Send a picture, PDF, video, plain text, Word or Excel file."
                )
                % {"name": name}
            )


def _refusal(file: File[bytes]) -> Refusal | None:
    if file.size > settings.ATTACHMENT_MAX_MB * 1024 * 1024:
        return Refusal.TOO_LARGE
    if file.size == 0:
        return Refusal.EMPTY
    return None if rules.is_allowed(type_of(file)) else Refusal.KIND


def _refused(text: object) -> Invalid:
    return Invalid({"attachments": str(text)})


def type_of(file: File[bytes]) -> str:
    file.seek(0)
    head = file.read(rules.SNIFF_BYTES)
    file.seek(0)
    return rules.sniff(head, file.name or "")


def store(message: Message, files: Sequence[File[bytes]]) -> list[Attachment]:
    """Keep checked files with their message; runs in the caller's transaction."""
    return [_store_one(message, file) for file in files]


def _store_one(message: Message, file: File[bytes]) -> Attachment:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    attachment = Attachment(
        message=message,
        name=admit_file_name(file.name or ""),
        content_type=type_of(file),
        size=file.size,
        sha256=digest.hexdigest(),
        content_id=getattr(file, "content_id", "")[:255],
    )
    if isinstance(file, KeptFile):
        attachment.file.name = file.kept_as
    else:
        attachment.file.save("", file, save=False)
    attachment.save()
    return attachment
