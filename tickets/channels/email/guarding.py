"""The raw copy of a mail that was read or put away is looked through: what holds a secret is written anew without it,
or destroyed where that cannot be done. Until then it lies there encrypted; a killed reader's is found by the sweep.
"""

from __future__ import annotations

import logging
import time

from django.db import Error, transaction
from django.db.models import F

from accounts import audit
from accounts.choices import AuditKind
from helpdesk.lib import faults, sealed
from tickets.channels.email import raw_secrets
from tickets.channels.email.kept_ids import with_kept_ids
from tickets.choices import IncomingState, RawState
from tickets.models import IncomingMail
from tickets.queries.incoming import unguarded
from tickets.rules.secrets import Kind

logger = logging.getLogger(__name__)
#: A copy under which its reader died so often holds something that nobody can look through: it is destroyed.
MAX_ATTEMPTS = 3
_OPEN = (RawState.PENDING, RawState.SEALED)


def guard_raw(mail: IncomingMail) -> None:
    """Called when the mail was settled. Never raises but for trouble with the database; the sweep tries again."""
    if mail.state == IncomingState.STORED or mail.raw_state not in _OPEN:
        return
    rows = IncomingMail.objects.filter(pk=mail.pk, raw_sealed__isnull=False)
    if not rows.update(raw_attempts=F("raw_attempts") + 1):
        return
    try:
        _look(mail)
    except Error:
        raise
    except Exception as problem:
        logger.error(
            "The raw copy of mail %s could not be looked through\n%s", mail.pk, faults.steps(problem)
        )


def guard_what_was_left(limit: int, *, seconds: float) -> int:
    """How many were looked through."""
    stop_at, done = time.monotonic() + seconds, 0
    for mail in unguarded()[:limit]:
        if time.monotonic() > stop_at:
            break
        guard_raw(mail)
        done += 1
    return done


def _look(mail: IncomingMail) -> None:
    attempts = IncomingMail.objects.values_list("raw_attempts", flat=True).get(pk=mail.pk)
    if attempts > MAX_ATTEMPTS:
        _keep(mail, RawState.DESTROYED, None, ())
        return
    try:
        raw = mail.raw
    except sealed.Unreadable:
        _keep(mail, RawState.SEALED, None, ())
        return
    if raw is None:
        return
    if raw_secrets.is_made_up(raw):
        _keep(mail, RawState.DESTROYED, None, ())
        return
    raw, in_ids = with_kept_ids(raw)
    kinds = raw_secrets.kinds_of(raw)
    if not kinds and not in_ids:
        _keep(mail, RawState.CLEAN, None, ())
        return
    made = raw_secrets.without_secrets(raw) if kinds else raw
    state = RawState.DESTROYED if made is None else RawState.REWRITTEN
    _keep(mail, state, made, tuple(dict.fromkeys((*in_ids, *kinds))))


@transaction.atomic
def _keep(mail: IncomingMail, state: RawState, made: bytes | None, kinds: tuple[Kind, ...]) -> None:
    row = IncomingMail.objects.select_for_update(of=("self",)).get(pk=mail.pk)
    if row.raw_state not in _OPEN:
        return  # another was faster
    row.raw_state, row.raw_secrets = state, [kind.value for kind in kinds]
    fields = ["raw_state", "raw_secrets"]
    if state in (RawState.REWRITTEN, RawState.DESTROYED):
        if made is None:
            row.raw_sealed = None
        else:
            row.raw = made
        fields.append("raw_sealed")
        ticket = row.ticket.number if row.ticket else ""
        told = {"kinds": row.raw_secrets, "how": state.value, "mail": row.pk}
        audit.record(
            AuditKind.SECRET_REMOVED, by=None, brand=row.brand, ticket=ticket, way="raw mail", **told
        )
    row.save(update_fields=fields)
    mail.raw_state, mail.raw_secrets, mail.raw_sealed = row.raw_state, row.raw_secrets, row.raw_sealed
