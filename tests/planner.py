"""Plans that do not depend on which tests ran before."""

from __future__ import annotations

from django.db.backends.utils import CursorWrapper


def never_counted(cursor: CursorWrapper) -> None:
    """In this transaction the planner knows of no table how many rows it has, and supposes some. Whether one was
    counted while it was empty is chance: then every way costs the same, and any is taken.
    """
    of_ours = "(SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace)"
    cursor.execute(f"UPDATE pg_class SET relpages = 0, reltuples = -1 WHERE oid IN {of_ours}")
    cursor.execute(f"DELETE FROM pg_statistic WHERE starelid IN {of_ours}")
