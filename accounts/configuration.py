"""Every change of powers and configuration goes into the audit log, whichever page, command or action made it.

By the signals of the models that the table of configuration pages names, and of the lists between them. What is
written around the models (``QuerySet.update``, ``bulk_create``) says so itself: ``changed``.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db.models import Model
from django.db.models.fields.related import ManyToManyField
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete, pre_save

from accounts import audit
from accounts.actions.alarms import raise_alarm
from accounts.choices import AuditKind
from accounts.models import ApiToken, User
from accounts.rules.capabilities import ADMIN_MODELS, CAPABILITIES, Capability, Role
from accounts.rules.contacts_in_texts import masked_text

#: They change by the work of the desk, not by anybody's decision about it.
NOT_CONFIGURATION = frozenset(
    {"tickets.outboxmail", "tickets.outboxcall", "tickets.maildestination", "knowledgebase.articlefeedback"}
)
#: Of a log-in only what decides what they may do and get: the rest is their own affair.
OF_USERS = frozenset({"email", "name", "role", "is_active", "capacity", "speaks", "skills"})
POWERS = frozenset({"role", "is_active", "brands", "teams"})
#: Fields that say how things go, not how they are set.
NEVER = frozenset(
    {
        "id",
        "changed_at",
        "created_at",
        "updated_at",
        "last_used_at",
        "last_fetched_at",
        "last_login",
        "version",
        "search",
    }
)
_SECRET = ("secret", "password", "token", "hash", "sealed", "digest", "private")
#: Longer values are cut: the log says that a template changed, not the whole of it twice.
LONGEST = 500
_BEFORE = "_audit_before"
#: Each says which columns of a table ("tickets.senderrule") name people outside.
_personal: list[Callable[[str], Collection[str]]] = []

Values = dict[str, Any]


def register_personal(columns: Callable[[str], Collection[str]]) -> None:
    """The log is kept for years and cannot be emptied: of such columns it says only that they changed."""
    _personal.append(columns)


def watch() -> None:
    """Called once, when all models are there."""
    for label in sorted(set(ADMIN_MODELS) - NOT_CONFIGURATION):
        try:
            model = apps.get_model(label)
        except LookupError:  # a part that is not installed
            continue
        key = f"audit {label}"
        pre_save.connect(_remember, sender=model, dispatch_uid=key)
        post_save.connect(_saved, sender=model, dispatch_uid=key)
        pre_delete.connect(_remember, sender=model, dispatch_uid=key)
        post_delete.connect(_deleted, sender=model, dispatch_uid=key)
        for field in model._meta.local_many_to_many:
            m2m_changed.connect(_linked, sender=_through(field), dispatch_uid=f"{key} {field.name}")


def changed(what: str, *, by: User | None, change: str, **data: Any) -> None:
    """For what no signal tells."""
    audit.record(AuditKind.CONFIGURED, by=by, what=what, change=change, **data)


def _through(field: Any) -> Any:
    assert isinstance(field, ManyToManyField)
    return field.remote_field.through


def _remember(
    sender: type[Model],
    instance: Model,
    raw: bool = False,
    update_fields: Collection[str] | None = None,
    **_more: Any,
) -> None:
    """How the row is, in the database. One query, where somebody changes the configuration."""
    instance.__dict__.pop(_BEFORE, None)
    if instance.pk is None or instance._state.adding or raw:
        return
    if update_fields is not None and not _watched(instance, update_fields):
        return  # a log-in, going off duty
    known = sender._base_manager.filter(pk=instance.pk).first()
    if known is not None:
        instance.__dict__[_BEFORE] = _values(known)


def _watched(instance: Model, fields: Collection[str]) -> bool:
    named = set(fields) - NEVER
    return bool(named & OF_USERS if isinstance(instance, User) else named)


def _saved(
    sender: type[Model],
    instance: Model,
    created: bool,
    raw: bool = False,
    update_fields: Collection[str] | None = None,
    **_more: Any,
) -> None:
    if raw:
        return
    before: Values | None = instance.__dict__.pop(_BEFORE, None)
    if before is None and not created:
        return
    now = _values(instance)
    if before is None:
        _write(
            instance,
            "made",
            {name: [None, value] for name, value in now.items() if value not in (None, "", [])},
        )
        return
    changes = {name: [before.get(name), value] for name, value in now.items() if before.get(name) != value}
    if update_fields is not None:
        changes = {name: pair for name, pair in changes.items() if name in update_fields}
    if changes:
        _write(instance, "changed", changes)


def _deleted(sender: type[Model], instance: Model, **_more: Any) -> None:
    before: Values = instance.__dict__.pop(_BEFORE, None) or _values(instance)
    _write(instance, "removed", {name: [value, None] for name, value in before.items() if value})


def _linked(
    sender: Any, instance: Model, action: str, reverse: bool, pk_set: Any, model: Any, **_more: Any
) -> None:
    """Brands and teams of people, most of all."""
    if action == "pre_clear":
        field = _field_of(sender, instance, reverse)
        instance.__dict__[_BEFORE] = sorted(getattr(instance, field).values_list("pk", flat=True))
    names = {"post_add": "added", "post_remove": "taken away", "post_clear": "taken away"}
    if action not in names:
        return
    keys = instance.__dict__.pop(_BEFORE, []) if action == "post_clear" else sorted(pk_set or ())
    if keys:
        field = _field_of(sender, instance, reverse)
        named = [_called(row) for row in model._base_manager.filter(pk__in=keys)]
        pair = [None, named] if action == "post_add" else [named, None]
        _write(instance, names[action], {field: pair})


def _field_of(through: Any, instance: Model, reverse: bool) -> str:
    for field in instance._meta.get_fields():
        relation = field if not reverse else getattr(field, "field", None)
        if getattr(getattr(relation, "remote_field", None), "through", None) is through:
            return str(field.get_accessor_name() if reverse else field.name)  # type: ignore[union-attr]
    return "links"


def _write(row: Model, change: str, changes: Mapping[str, Any]) -> None:
    is_power = False
    if isinstance(row, User):
        if row.role == Role.CUSTOMER and not ({"role", "is_active"} & set(changes) and change == "changed"):
            return  # customers come and go by themselves
        is_power = bool(POWERS & set(changes)) or change != "changed"
    else:
        is_power = bool({"members", "staff"} & set(changes))
    entry = audit.record(
        AuditKind.POWERS_CHANGED if is_power else AuditKind.CONFIGURED,
        by=audit.asked().who(),
        brand=getattr(row, "brand_id", None),
        what=row._meta.label_lower,
        row=row.pk,
        name=_called(row),
        change=change,
        changes=dict(changes),
    )
    if entry is not None and _gives_power_over_money(row, changes):
        raise_alarm(entry)


def _gives_power_over_money(row: Model, changes: Mapping[str, Any]) -> bool:
    """Somebody new may approve acts, or hand out powers: two puppets, one that asks and one that approves, must not be
    made unseen. And a token that lets somebody act as another.
    """
    asking = audit.asked().who()
    if asking is None:  # the console, at installing
        return False
    if isinstance(row, ApiToken):
        return row.user_id != asking.pk and "digest" in changes
    powers = CAPABILITIES.get(Role(row.role), frozenset()) if isinstance(row, User) else frozenset()
    return "role" in changes and bool(powers & {Capability.APPROVE_ACTS, Capability.CONFIGURE_SITE})


def _called(row: Model) -> str:
    """By what the log names a row: what may be somebody's address or name outside is not in it."""
    if _personal_columns(row):
        return f"#{row.pk}"
    try:
        name = str(row)
    except (TypeError, ValueError):  # of the row as it was typed: "09:00" is no time of day yet
        return str(row._meta.verbose_name)
    return name if isinstance(row, User) else masked_text(name)


def _personal_columns(row: Model) -> frozenset[str]:
    if isinstance(row, User) and row.role != Role.CUSTOMER:
        return frozenset()  # whose powers changed, the log must say
    label = row._meta.label_lower
    return frozenset(name for columns in _personal for name in columns(label))


def _values(row: Model) -> Values:
    return dict(_each(row))


def _each(row: Model) -> Iterator[tuple[str, Any]]:
    personal = _personal_columns(row)
    for field in row._meta.concrete_fields:
        name = field.name
        if name in NEVER or (isinstance(row, User) and name not in OF_USERS):
            continue
        # Only what was loaded: asking for more would cost a query each.
        if field.attname not in row.__dict__:
            continue
        value = row.__dict__[field.attname]
        if name in personal and not isinstance(value, bool):
            yield name, _hidden(value, "personal")
        elif _is_secret(name) or isinstance(value, bytes | memoryview):
            yield name, _hidden(value)
        else:
            yield name, _json(value)


def _is_secret(name: str) -> bool:
    return any(part in name for part in _SECRET)


def _hidden(value: Any, what: str = "secret") -> str:
    """Different values are told apart, and none can be guessed from it: it is keyed."""
    if not value:
        return ""
    content = bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
    return f"({what} {audit.mark_of(content)})"


def _json(value: Any) -> Any:
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        return value.total_seconds()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, str):
        return value if len(value) <= LONGEST else f"{value[:LONGEST]}… ({len(value)})"
    if isinstance(value, list | tuple):
        return [_json(part) for part in value]
    if isinstance(value, dict):
        return {str(key): _json(part) for key, part in value.items()}
    return value if value is None or isinstance(value, bool | int | float) else str(value)
