"""The last step before a row is written: no text column takes a secret, whichever code writes it.

Doors and verbs take secrets out first and tell people so. This is for what they have no step for (names of views and
tags, remarks, errors of other systems, the admin's log), and for what somebody adds and forgets. Every text and JSON
column of every model is guarded unless ``NOT_TYPED`` names it. Statements written by hand pass by: they call
``guarding.guarded`` themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db.models import CharField, Field, JSONField, Model, TextField

from helpdesk.lib.guarding import guarded, guarded_values

_MADE_BY_US = "made by the machine, and looked up by its exact value"
_SEALED = "a hash, or sealed"
_BY_VERB = "taken in by intake, which has read it already; reading long texts twice costs time"
_SIGNED = "guarded by its only writer, before it is signed: what was signed must be what is stored"
_THREADED = "its sender made it, and it is looked up by its exact value: of one with a secret a hash is kept"
_ADDRESS = "an address: checked by its form, and whom it names depends on every character"

#: Columns that are not guarded here, and why. A test holds that each of them exists.
NOT_TYPED: dict[str, str] = {
    "helpdesk.FailedTask.fingerprint": _SEALED,
    "helpdesk.FailedTask.last_task_id": _MADE_BY_US,
    "helpdesk.Heartbeat.name": _MADE_BY_US,
    "accounts.ApiToken.digest": _SEALED,
    "accounts.AuditEntry.data": _SIGNED,
    "accounts.AuditEntry.mac": _SEALED,
    "accounts.AuditEntry.session": _SEALED,
    "accounts.AuditEntry.ticket": _MADE_BY_US,
    "accounts.AuditEntry.way": _SIGNED,
    "accounts.AuditSeal.digest": _SEALED,
    "accounts.AuditSeal.mac": _SEALED,
    "accounts.AuditSeal.previous": _SEALED,
    "accounts.Customer.email": _ADDRESS,
    "accounts.Customer.phone": _ADDRESS,
    "accounts.LogInSession.key": _MADE_BY_US,
    "accounts.User.password": _SEALED,
    "accounts.User.email": _ADDRESS,
    "tickets.ActApproval.content_hash": _SEALED,
    "tickets.Attachment.sha256": _SEALED,
    "tickets.BulkRun.origin_key": _MADE_BY_US,
    "tickets.Classifier.weights": "numbers and pieces of words that were learned from texts taken in before",
    "tickets.Draft.origin_key": _MADE_BY_US,
    "tickets.IdempotencyKey.fingerprint": _SEALED,
    "tickets.IncomingMail.sha256": _SEALED,
    "tickets.IncomingMail.fingerprint": _SEALED,
    "tickets.IncomingMail.internet_message_id": _THREADED,
    "tickets.Mailbox.address": _ADDRESS,
    "tickets.Mailbox.check_token": _MADE_BY_US,
    "tickets.Mailbox.password_sealed": _SEALED,
    "tickets.MailCopy.html": _BY_VERB,
    "tickets.MailCopy.internet_message_id": _THREADED,
    "tickets.MailCopy.text": _BY_VERB,
    "tickets.Message.body": _BY_VERB,
    "tickets.Message.origin_key": _MADE_BY_US,
    "tickets.OutboxMail.cause": _MADE_BY_US,
    "tickets.OutboxMail.internet_message_id": _MADE_BY_US,
    "tickets.OutboxCall.cause": _MADE_BY_US,
    "tickets.SensitiveAct.content_hash": _SEALED,
    "tickets.SupportCall.digest": _SEALED,
    "tickets.Ticket.number": _MADE_BY_US,
    "tickets.Ticket.origin_key": _MADE_BY_US,
    "account.EmailAddress.email": _ADDRESS,
    "account.EmailConfirmation.key": _MADE_BY_US,
    "mfa.Authenticator.data": "sealed by accounts.web.mfa; of a passkey its public key",
    "sessions.Session.session_data": _SEALED,
    "sessions.Session.session_key": _MADE_BY_US,
}


def is_typed(field: Field[Any, Any]) -> bool:
    """Whether a column could hold what somebody typed."""
    plain = field.base_field if isinstance(field, ArrayField) else field
    if not isinstance(plain, CharField | TextField | JSONField) or plain.choices or field.choices:
        return False
    return f"{field.model._meta.label}.{field.name}" not in NOT_TYPED


def install() -> None:
    """Once, when all models are loaded."""
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if is_typed(field):
                _guard(field)


def _guard(field: Field[Any, Any]) -> None:
    prepare = field.get_db_prep_save
    if getattr(prepare, "is_guarded", False):
        return
    clean: Callable[[Any], Any] = _clean_text
    if isinstance(field, JSONField | ArrayField):
        clean = guarded_values
    limit = getattr(field.base_field if isinstance(field, ArrayField) else field, "max_length", None)

    @wraps(prepare)
    def guarded_prepare(value: Any, connection: Any) -> Any:
        kept = clean(value)
        # A mark may be longer than what it stands for.
        if kept is not value and limit is not None:
            kept = kept[:limit] if isinstance(kept, str) else [one[:limit] for one in kept]
        return prepare(kept, connection)

    guarded_prepare.is_guarded = True  # type: ignore[attr-defined]
    field.get_db_prep_save = guarded_prepare  # type: ignore[method-assign]


def _clean_text(value: Any) -> Any:
    """Expressions and absent values as they are."""
    return guarded(value) if isinstance(value, str) else value


def guarded_models() -> list[tuple[type[Model], Field[Any, Any]]]:
    """What is guarded; for tests and documents."""
    return [
        (model, field)
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if getattr(field.get_db_prep_save, "is_guarded", False)
    ]
