"""What stands in a composer, as the browser sends it and as the page shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from helpdesk.lib import clock
from tickets.actions.drafts import Written
from tickets.actions.send_gate import UNSEEN, Knows
from tickets.choices import DraftKind, Status
from tickets.models import Draft as SavedDraft
from tickets.models import DraftFile, Message
from tickets.rules.intake import clean_line
from tickets.rules.send_gate import Reason

if TYPE_CHECKING:
    from tickets.workspace.macros import Applied

MAX_NUMBER = 18


@dataclass(frozen=True)
class Draft:
    """Nothing at first, or what was saved; later what was typed and could not be sent yet, with the reasons."""

    kind: str = DraftKind.REPLY.value
    body: str = ""
    to: str = ""
    first_message: int | None = None
    with_files: bool = False
    then: str = ""
    seen: int | None = None
    origin_key: str = ""
    version: int = 0
    saved: str = ""
    files: Sequence[DraftFile] = ()
    errors: Mapping[str, str] | None = None
    #: Why it was held back, and who had the case when its author opened it ("" for nobody).
    reasons: Sequence[Reason] = ()
    assignee_seen: str | None = None
    #: What the author means all the same, as the gate's reasons named it.
    confirmed: Sequence[str] = ()
    newer: Sequence[Message] = ()
    #: Files that could not be kept: they must be chosen again.
    had_files: bool = False
    #: The macro whose text stands in it: its changes are made when it is sent.
    applied: Applied | None = None
    #: The language it is evidently written in, where that is not the customer's; the author was told.
    speaks: str = ""

    @property
    def asks_again(self) -> bool:
        """Whether it may be sent although something speaks against it."""
        return (bool(self.speaks) and not self.reasons) or self.may_send_anyway

    @property
    def may_send_anyway(self) -> bool:
        """Whether the same text goes out when it is sent once more."""
        return bool(self.newer or self.reasons) and all(one.may_send_anyway for one in self.reasons)

    def knows(self) -> Knows:
        """What its author had before them besides the last message."""
        seen = self.assignee_seen
        assignee = UNSEEN if seen is None else int(seen) if seen.isdecimal() and len(seen) < 19 else None
        return Knows(assignee=assignee, confirmed=self.confirmed)

    def written(self) -> Written:
        return Written(
            body=self.body,
            kind=DraftKind(self.kind),
            to=self.to,
            first_message=self.first_message,
            with_files=self.with_files,
            then=self.then,
            seen=self.seen,
            origin_key=self.origin_key,
        )


def read(request: HttpRequest) -> Draft:
    """What an honest form cannot send is read as not said."""
    post = request.POST
    kind = post.get("kind", "")
    then = post.get("then_forward" if kind == DraftKind.FORWARD else "then", "")
    return Draft(
        kind=kind if kind in DraftKind.values else DraftKind.REPLY.value,
        body=post.get("body", ""),
        to=post.get("to", ""),
        first_message=_number(post.get("first_message", "")),
        with_files="with_files" in post,
        then=then if then in Status.values else "",
        seen=_number(post.get("seen", "")),
        origin_key=clean_line(post.get("origin_key", ""))[:60],
        version=_number(post.get("version", "")) or 0,
        assignee_seen=post.get("assignee_seen"),
        confirmed=post.getlist("confirmed"),
    )


def files_in(request: HttpRequest) -> list[UploadedFile[bytes]]:
    return [file for file in request.FILES.getlist("attachments") if isinstance(file, UploadedFile)]


def of_saved(row: SavedDraft) -> Draft:
    """As it was left. What had been seen then says nothing: the page shows what is new."""
    return Draft(
        kind=row.kind,
        body=row.body,
        to=row.to,
        first_message=row.first_message,
        with_files=row.with_files,
        then=row.then,
        origin_key=row.origin_key,
        version=row.version,
        saved=saved_at(row.updated_at),
        files=list(row.files.all()),
    )


def saved_at(moment: datetime) -> str:
    """ "Saved 10:32", with the day where it was another."""
    local, today = localtime(moment), localtime(clock.now()).date()
    time = date_format(local, "H:i")
    if local.date() != today:
        time = f"{date_format(local, 'SHORT_DATE_FORMAT')} {time}"
    return _("Saved %(time)s") % {"time": time}


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) <= MAX_NUMBER else None
