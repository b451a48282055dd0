"""What is promised for a new ticket, and in whose working hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from tickets.models import Category
from tickets.queries.categories import route_of

# One statement for what the models say in three: every ticket that is opened asks this.
_SQL = """
SELECT t.kind, t.minutes, p.id, c.id, c.changed_at
FROM tickets_slapolicy p
     JOIN tickets_slatarget t ON t.policy_id = p.id AND t.priority = %(priority)s
     LEFT JOIN LATERAL (
         SELECT id, changed_at FROM tickets_calendar
         WHERE CASE WHEN p.calendar_id IS NOT NULL THEN id = p.calendar_id
                    ELSE brand_id = %(brand)s OR (brand_id IS NULL AND always_open) END
         ORDER BY brand_id NULLS LAST, id LIMIT 1
     ) c ON true
WHERE CASE WHEN %(policy)s::bigint IS NULL THEN p.is_default ELSE p.id = %(policy)s END
ORDER BY t.kind
"""


@dataclass(frozen=True)
class Promise:
    kind: str
    target_seconds: int
    policy_id: int
    #: None where an operator set up no calendar for the brand.
    calendar_id: int | None
    calendar_changed_at: datetime | None


def promises(category: Category | None, *, brand_id: int, priority: int) -> list[Promise]:
    """By the category's policy, or the default one; in the policy's calendar, or the brand's."""
    values = {"policy": route_of(category).policy_id, "brand": brand_id, "priority": priority}
    with connection.cursor() as cursor:
        cursor.execute(_SQL, values)
        return [Promise(kind, minutes * 60, *rest) for kind, minutes, *rest in cursor.fetchall()]
