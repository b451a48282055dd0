"""A batch of rows of one table erased, in the caller's transaction."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import Model, Q, QuerySet

from accounts.rules.capabilities import ADMIN_MODELS
from helpdesk.lib import clock
from tickets import actors
from tickets.actions import search
from tickets.actions.privacy import columns
from tickets.choices import EventKind
from tickets.events import emit
from tickets.models import IncomingMail, MailCopy, Ticket, TicketSearch
from tickets.queries import personal_data
from tickets.queries.personal_data import Subject
from tickets.rules.personal_data import Table, table_of

#: So many rows are one transaction: a second or two at most.
BATCH = 200
SESSIONS = 2_000
BY_THE_DESK = actors.system("privacy")


def erase_some(table: Table, subject: Subject, after: Any, *, cause: dict[str, Any]) -> tuple[Any, int]:
    """The next rows after this key. (The last key, None where there are no more; how many were changed.)"""
    if table.model == "sessions.session":
        return _end_sessions(subject, after)
    found = personal_data.rows(table, subject).order_by("pk")
    found = found.defer(*personal_data.heavy(found.model))
    if after is not None:
        found = found.filter(pk__gt=after)
    batch = (
        list(found.select_for_update(of=("self",))[:BATCH]) if _is_lockable(found) else list(found[:BATCH])
    )
    if not batch:
        return None, 0
    theirs = personal_data.theirs_among(table, subject, [row.pk for row in batch])
    # Of others' rows too: there is no telling what bytes say.
    changed = columns.empty_bytes(table, found.model, [row.pk for row in batch])
    changed += sum(_erase_row(table, row, subject, theirs=row.pk in theirs, cause=cause) for row in batch)
    return batch[-1].pk, changed


def _is_lockable(found: QuerySet[Any]) -> bool:
    """Rows with multi-table parents are not; there are none here, but libraries may bring some."""
    return not found.model._meta.parents


def _erase_row(table: Table, row: Model, subject: Subject, *, theirs: bool, cause: dict[str, Any]) -> bool:
    if isinstance(row, TicketSearch):
        return search.rewrite(row.pk)
    goes = table.delete and (theirs or not table.erased)
    files = columns.remove_files(table, row) if theirs or goes else {}
    if goes:
        if table.model in ADMIN_MODELS:
            # Without signals: the log of configuration would write down what is erased here. Nothing hangs on them.
            type(row)._base_manager.filter(pk=row.pk)._raw_delete(connection.alias)
        else:
            row.delete()
        return True
    new = files | columns.changes(table, row, subject.pattern, theirs=theirs)
    if isinstance(row, Ticket):
        new.pop("customer_name", None)  # a trigger copies it from the customer, who is erased last
        if theirs and row.erased_at is None:
            new["erased_at"] = clock.now()
            emit(row, EventKind.PERSON_ERASED, by=BY_THE_DESK, **cause)
    if new:
        if isinstance(row, MailCopy) and not theirs:
            _out_of_what_came(row, subject)
        type(row)._base_manager.filter(pk=row.pk).update(**new)
    return bool(new)


def _out_of_what_came(copy: MailCopy, subject: Subject) -> None:
    """Others' mail that named them, as it came, in the same transaction: afterwards nothing says that it did.

    The same mail may have come by several ways.
    """
    table, ways = table_of("tickets.incomingmail"), Q(pk=copy.incoming_id)
    if copy.internet_message_id:
        ways |= Q(ticket=copy.message.ticket_id, internet_message_id=copy.internet_message_id)
    for mail in IncomingMail.objects.filter(ways).order_by("pk").select_for_update(of=("self",)):
        columns.empty_bytes(table, IncomingMail, [mail.pk])
        if new := columns.changes(table, mail, subject.pattern, theirs=False):
            IncomingMail.objects.filter(pk=mail.pk).update(**new)


def _end_sessions(subject: Subject, after: Any) -> tuple[Any, int]:
    """The log-ins of a person end, in the table and in the cache. Which are theirs stands inside of them."""
    if subject.user is None:
        return None, 0
    found = Session.objects.filter(session_key__gt=after or "").order_by("session_key")[:SESSIONS]
    batch, ended = list(found), 0
    store = import_module(settings.SESSION_ENGINE).SessionStore
    for session in batch:
        if str(session.get_decoded().get(SESSION_KEY, "")) == str(subject.user):
            store(session.session_key).delete()
            ended += 1
    return (batch[-1].pk if batch else None), ended
