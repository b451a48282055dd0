"""The demo's routing rules."""

from __future__ import annotations

from accounts.models import Team
from tickets.choices import Priority
from tickets.demo.material import table
from tickets.models import RoutingRule, SlaPolicy


def build() -> int:
    """After teams and policies, which they name; how many."""
    rows = table("routing")
    for row in rows:
        RoutingRule.objects.create(
            name=row["name"],
            position=row["position"],
            ends=row.get("ends", True),
            words="\n".join(row.get("words", [])),
            tiers=row.get("tiers", []),
            channels=row.get("channels", []),
            languages=row.get("languages", []),
            tags=row.get("tags", []),
            team=Team.objects.get(slug=row["team"]) if "team" in row else None,
            priority=Priority.from_slug(row["priority"]) if "priority" in row else None,
            policy=SlaPolicy.objects.get(name=row["policy"]) if "policy" in row else None,
        )
    return len(rows)
