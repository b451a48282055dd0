"""The demo's promises about time: its own, and those of the laws that its brands live under."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from accounts.models import Brand, User
from helpdesk import demo_logins
from tickets.actions.statutes import load_statutes
from tickets.choices import Complaints, Counting, Priority
from tickets.demo.material import table
from tickets.models import Category, EscalationStep, SlaPolicy, SlaTarget

Row = Mapping[str, Any]
#: Before the demo's past: a step added later would not have been taken for what had passed by then.
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
#: Which statutes are switched on, by how their names begin, and for which brands.
IN_FORCE = {
    "中国支付机构投诉 15 日": ("btp", "bobao"),
    "欧盟 MiCA 投诉": ("bitai",),
    "英国支付投诉": ("bitai",),
}


def build() -> None:
    """After categories and staff, which they name."""
    for row in table("policies"):
        _policy(row)
    load_statutes()
    for name, brands in IN_FORCE.items():
        statute = SlaPolicy.objects.get(name__startswith=name)
        statute.brands.set(Brand.objects.filter(slug__in=brands))
        statute.is_active = True
        statute.save()
    EscalationStep.objects.update(created_at=LONG_AGO)


def _policy(row: Row) -> None:
    policy = SlaPolicy.objects.create(
        name=row["name"],
        position=row["position"],
        remark=row["remark"],
        complaints=row.get("complaints", Complaints.ANY),
        tiers=row.get("tiers", []),
        pauses_on=row["pauses_on"],
    )
    policy.categories.set(Category.objects.filter(slug__in=row.get("categories", [])))
    counting = row.get("counting", Counting.WORKING)
    SlaTarget.objects.bulk_create(
        SlaTarget(policy=policy, kind=kind, priority=_priority(slug), minutes=minutes, counting=counting)
        for kind, targets in row["targets"].items()
        for slug, minutes in targets.items()
    )
    for kind, steps in row["steps"].items():
        for step in steps:
            _step(policy, kind, step)


def _priority(slug: str) -> Priority | None:
    return None if slug == "all" else Priority.from_slug(slug)


def _step(policy: SlaPolicy, kind: str, row: Row) -> None:
    EscalationStep.objects.create(
        policy=policy,
        kind=kind,
        at_percent=row.get("at"),
        after_minutes=row.get("after", 0),
        act=row["act"],
        person=User.objects.get(email=demo_logins.EMAILS[row["login"]]) if "login" in row else None,
        text=row.get("text", ""),
    )
