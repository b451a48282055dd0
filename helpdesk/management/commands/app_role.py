"""manage.py app_role: the database role by which the desk serves and works, with no more power than that takes.

Run by the owner of the tables (DATABASE_OWNER_URL) after each ``migrate``. The role that DATABASE_URL names is made, or
brought to what it may: read and write rows. It owns nothing, so it can neither drop nor switch off the triggers that
guard acts and the audit log; nor change or remove what is in the log but as retention does.
"""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from psycopg2 import sql

#: No superuser, and nothing by which one becomes it.
POWERS = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS INHERIT"
#: Table to what is taken away again.
KEPT_FROM_IT = {
    "accounts_auditentry": "UPDATE",
    "accounts_auditseal": "UPDATE, DELETE",
    "django_migrations": "INSERT, UPDATE, DELETE",
}
_OWNED = "SELECT count(*) FROM pg_class WHERE relowner = (SELECT oid FROM pg_roles WHERE rolname = %s)"


class Command(BaseCommand):
    help = "Makes the database role that DATABASE_URL names, and gives it the rows but not the tables."
    requires_system_checks: list[str] = []

    def handle(self, **options: Any) -> None:
        role, password = settings.APP_DATABASE["USER"], settings.APP_DATABASE["PASSWORD"]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT current_user, current_database()")
            owner, database = cursor.fetchone()
            cursor.execute(_OWNED, [role])
            if not role or role == owner or cursor.fetchone()[0]:
                raise CommandError(
                    "DATABASE_URL names the owner of the tables; give it a role of its own, and the owner's address in "
                    "DATABASE_OWNER_URL."
                )
            for statement in _statements(role, password, database, is_new=not _is_there(cursor, role)):
                cursor.execute(statement)
        self.stdout.write(f"{role} reads and writes rows of {database}, and owns nothing.")


def _is_there(cursor: Any, role: str) -> bool:
    cursor.execute("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %s)", [role])
    return bool(cursor.fetchone()[0])


def _statements(role: str, password: str, database: str, *, is_new: bool) -> list[sql.Composable]:
    who, where = sql.Identifier(role), sql.Identifier(database)
    verb = sql.SQL("CREATE" if is_new else "ALTER")
    texts = [
        # By a temporary table one could give the triggers another table to look at than they mean.
        "REVOKE CREATE, TEMPORARY ON DATABASE {where} FROM PUBLIC",
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {who}",
        "GRANT CONNECT ON DATABASE {where} TO {who}",
        "GRANT USAGE ON SCHEMA public TO {who}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {who}",
        "GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {who}",
        *(f"REVOKE {what} ON {table} FROM {{who}}" for table, what in KEPT_FROM_IT.items()),
    ]
    made = sql.SQL("{verb} ROLE {who} " + POWERS + " PASSWORD {password}").format(
        verb=verb, who=who, password=sql.Literal(password)
    )
    return [made, *(sql.SQL(text).format(who=who, where=where) for text in texts)]
