"""Files that wait for the scanner, and those that it found something in. The asking itself is ``tickets.tasks``'."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.choices import AuditKind
from accounts.rules.capabilities import Capability
from helpdesk.lib import clock
from helpdesk.lib.errors import Conflict, Invalid
from helpdesk.lib.wakeup import wake
from tickets import actors
from tickets.actions.attachments import SCAN_TASK
from tickets.actions.rows import lock, write
from tickets.actors import Actor
from tickets.choices import EventKind, FileState
from tickets.events import emit
from tickets.gateways.storage import private_storage
from tickets.models import Attachment, Ticket
from tickets.queries.files import deleted, to_scan
from tickets.rules.intake import clean_line
from tickets.rules.secrets.guard import guard

SCANNER = actors.system("scanner")
#: Longer than any file is looked at; a killed scanner's claim runs out.
LEASE = timedelta(minutes=5)
#: A scanner that is away is asked again so soon, whatever the file.
AGAIN_AFTER = timedelta(seconds=30)
#: A file whose scanner was killed under it so often is not tried again: an officer looks.
MAX_ATTEMPTS = 10
MAX_REASON = 300


class NotInQuarantine(Conflict):
    """Somebody else has judged it."""

    code = "not_in_quarantine"
    message = _("Somebody else has dealt with this file already.")


@transaction.atomic
def claim_one() -> Attachment | None:
    """The next file to look at, on a lease; what others hold is passed over."""
    now = clock.now()
    row = to_scan(now).select_related("message").select_for_update(skip_locked=True, of=("self",)).first()
    if row is not None:
        Attachment.objects.filter(pk=row.pk).update(scan_at=now + LEASE, scan_attempts=F("scan_attempts") + 1)
        row.scan_attempts += 1
    return row


def found_clean(file: Attachment) -> None:
    Attachment.objects.filter(pk=file.pk, state=FileState.WAITING).update(state=FileState.READY, finding="")


def try_later(file: Attachment) -> None:
    """The scanner is away: that counts against no file."""
    Attachment.objects.filter(pk=file.pk, state=FileState.WAITING).update(
        scan_at=clock.now() + AGAIN_AFTER, scan_attempts=max(file.scan_attempts - 1, 0)
    )


@transaction.atomic
def put_in_quarantine(file: Attachment, finding: str) -> None:
    """Nobody gets it until an officer has judged it. ``finding`` is what the scanner called it."""
    ticket = lock(file.message.ticket)
    changed = Attachment.objects.filter(pk=file.pk, state=FileState.WAITING).update(
        state=FileState.QUARANTINED, finding=finding[:200]
    )
    if changed:
        told = {"file": file.name, "file_id": file.pk, "finding": finding[:200]}
        _log(ticket, file, EventKind.FILE_QUARANTINED, SCANNER, **told)


@transaction.atomic
def release(file: Attachment, *, reason: str, by: Actor) -> None:
    """It is harmless: whoever sees its ticket may have it. Raises NotInQuarantine, or Invalid without a reason."""
    why = guard(clean_line(reason)).text[:MAX_REASON]
    if not why:
        raise Invalid({"reason": _("Say why this file is harmless.")})
    ticket = _judge(file, FileState.READY, by)
    told = {"file": file.name, "file_id": file.pk, "finding": file.finding, "reason": why}
    _log(ticket, file, EventKind.FILE_RELEASED, by, **told)


@transaction.atomic
def delete(file: Attachment, *, by: Actor) -> None:
    """Nobody will ever have it; its name stays. Raises NotInQuarantine."""
    ticket = _judge(file, FileState.DELETED, by)
    told = {"file": file.name, "file_id": file.pk, "finding": file.finding, "deleted": True}
    _log(ticket, file, EventKind.FILE_QUARANTINED, by, **told)
    wake(SCAN_TASK)


def remove_deleted(limit: int = 100) -> int:
    """Take what was deleted out of the storage; how many. The row said so first, and names the file until it is gone: a
    kill in between leaves it to the next round.
    """
    removed = 0
    for file in deleted()[:limit]:
        private_storage().delete(str(file.file.name))
        removed += Attachment.objects.filter(pk=file.pk, state=FileState.DELETED).update(file="")
    return removed


def _judge(file: Attachment, state: FileState, by: Actor) -> Ticket:
    by.require(Capability.JUDGE_FILES)
    ticket = lock(file.message.ticket)
    held = Attachment.objects.filter(pk=file.pk, state=FileState.QUARANTINED)
    if not held.update(state=state, judged_by=by.user):
        raise NotInQuarantine
    return ticket


def _log(ticket: Ticket, judged: Attachment, kind: EventKind, by: Actor, **told: Any) -> None:
    """On the ticket, whose row is held, and in the audit log: there without its name, which may be its owner's."""
    write(ticket)
    emit(ticket, kind, by=by, message=judged.message, **told)
    audit.record(
        AuditKind(kind.value),
        by=by.user,
        brand=ticket.brand,
        ticket=ticket.number,
        customer=ticket.customer,
        **{key: value for key, value in told.items() if key not in ("file", "reason")},
    )
