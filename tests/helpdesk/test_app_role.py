"""The role by which the desk works: it does its work, and cannot touch what guards acts and the audit log."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from accounts import audit
from accounts.actions.sealing import seal
from accounts.choices import AuditKind
from accounts.models import AuditEntry, AuditSeal, User
from tickets.models import Ticket

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def app_role(settings: Any, db: None) -> Iterator[Callable[[], None]]:
    """Gives the role its rights; called, the present connection is that role's."""
    role = f"app of {connection.settings_dict['NAME']}"
    settings.APP_DATABASE = {"USER": role, "PASSWORD": "it's one"}
    owner = connection.settings_dict["USER"]
    for _twice in range(2):
        call_command("app_role", stdout=StringIO())

    def become() -> None:
        connection.close()
        connection.settings_dict |= {"USER": role, "PASSWORD": "it's one"}

    yield become
    connection.close()
    connection.settings_dict |= {"USER": owner, "PASSWORD": ""}
    with connection.cursor() as cursor:
        cursor.execute(f'DROP OWNED BY "{role}"; DROP ROLE "{role}"')
        cursor.execute(f'GRANT TEMPORARY ON DATABASE "{connection.settings_dict["NAME"]}" TO PUBLIC')


def refused(statement: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as problem:
        return getattr(problem.__cause__, "pgcode", "") == "42501"
    return False


def test_it_works_and_owns_nothing(
    app_role: Callable[[], None], agent: User, make_ticket: Callable[..., Ticket]
) -> None:
    app_role()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (connection.settings_dict["USER"], False)
    ticket = make_ticket()
    Ticket.objects.filter(pk=ticket.pk).update(subject="another")
    entry = audit.record(AuditKind.SEARCHED, by=agent)
    assert seal() > 0
    assert AuditSeal.objects.latest("id").last_id >= entry.pk


def test_what_guards_acts_and_the_log_is_out_of_its_reach(app_role: Callable[[], None], agent: User) -> None:
    entry = audit.record(AuditKind.SEARCHED, by=agent)
    seal()
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal")
        triggers = cursor.fetchall()
        cursor.execute("SELECT proname FROM pg_proc WHERE proname LIKE 'accounts_audit_%%'")
        functions = [name for (name,) in cursor.fetchall()]
    assert len(triggers) > 5
    assert functions
    app_role()
    statements = [
        *(f"DROP TRIGGER {name} ON {table}" for name, table in triggers),
        *(f"ALTER TABLE {table} DISABLE TRIGGER {name}" for name, table in triggers),
        *(f"DROP FUNCTION {name} CASCADE" for name in functions),
        "SET session_replication_role = replica",
        "TRUNCATE accounts_auditentry",
        "DROP TABLE accounts_auditseal",
        f"UPDATE accounts_auditentry SET way = 'x' WHERE id = {entry.pk}",
        f"DELETE FROM accounts_auditentry WHERE id = {entry.pk}",
        "DELETE FROM accounts_auditseal",
        "CREATE TEMPORARY TABLE accounts_auditseal (kind text, last_id bigint)",
        "CREATE TABLE mine (id int)",
        "CREATE SCHEMA mine",
        "DELETE FROM django_migrations",
    ]
    assert [statement for statement in statements if not refused(statement)] == []
    assert AuditEntry.objects.filter(pk=entry.pk).exists()


def test_the_owner_is_no_such_role(settings: Any) -> None:
    settings.APP_DATABASE = {"USER": connection.settings_dict["USER"], "PASSWORD": ""}
    with pytest.raises(CommandError, match="DATABASE_OWNER_URL"):
        call_command("app_role")
