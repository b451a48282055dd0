"""0008: what categories said of their policy becomes what policies say of their categories; and back.

PostgreSQL changes tables within a transaction: the test's own database goes back to the release before, and at the
end of the test all of that is rolled back.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.apps.registry import Apps
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import connection
from django.db.migrations import AddIndex
from django.db.migrations.executor import MigrationExecutor

from helpdesk.lib import clock
from tickets.choices import Complaints
from tickets.rules.policies import Case, Terms, holding

BEFORE, AFTER = "0007_promises", "0008_policies_say_whose"
Move = Callable[[str], Apps]
pytestmark = pytest.mark.long  # each goes back through every migration since, and forth


@pytest.fixture
def migrate(db: None, monkeypatch: pytest.MonkeyPatch) -> Move:
    """``migrate(name)``: the tables as that migration leaves them, and the models that fit them."""
    for way in (
        "database_forwards",
        "database_backwards",
    ):  # within the test's transaction nothing is concurrent
        monkeypatch.setattr(AddIndexConcurrently, way, getattr(AddIndex, way))

    def to(name: str) -> Apps:
        # Tables with checks that still wait for the end of the transaction cannot be altered.
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        executor = MigrationExecutor(connection)
        state = executor.migrate([("tickets", name)])
        return state.apps  # type: ignore[no-any-return]

    return to


@pytest.fixture
def old(migrate: Move) -> Apps:
    return migrate(BEFORE)


def category(apps: Apps, slug: str, parent: Any = None, policy: Any = None) -> Any:
    made = apps.get_model("tickets", "Category")
    return made.objects.create(slug=slug, name_zh=slug, name_en=slug, parent=parent, policy=policy)


def policy(apps: Apps, name: str, **more: Any) -> Any:
    made = apps.get_model("tickets", "SlaPolicy").objects.create(name=name, **more)
    apps.get_model("tickets", "SlaTarget").objects.create(
        policy=made, priority=20, kind="resolution", minutes=60
    )
    apps.get_model("tickets", "EscalationStep").objects.create(
        policy=made, kind="resolution", after_minutes=30, act="tell_lead"
    )
    return made


def held(apps: Apps, node: Any) -> str | None:
    """The name of the policy that holds for a case of the category, by today's rule."""
    rows = apps.get_model("tickets", "SlaPolicy").objects.filter(is_active=True).order_by("position", "pk")
    terms = [_terms(row) for row in rows]
    lineage = set()
    while node is not None:
        lineage.add(node.pk)
        node = node.parent
    case = Case(1, frozenset(lineage), 20, "web", "standard", False, clock.now())
    found = holding(terms, case)
    return found[0].name if found else None


def _terms(row: Any) -> Terms:
    return Terms(
        policy=row.pk,
        name=row.name,
        is_statutory=row.is_statutory,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        brands=frozenset(),
        categories=frozenset(row.categories.values_list("pk", flat=True)),
        priorities=frozenset(row.priorities),
        channels=frozenset(row.channels),
        tiers=frozenset(row.tiers),
        complaints=Complaints(row.complaints),
        calendar=row.calendar_id,
        pauses_on=tuple(row.pauses_on),
        targets=(),
    )


@pytest.fixture
def tree(old: Apps) -> dict[str, Any]:
    """Money, with a withdrawal that has a policy of its own and a fee that has the default; help without any."""
    money, emergency = policy(old, "Money"), policy(old, "Emergency")
    standard = policy(old, "Standard", is_default=True)
    policy(old, "Nobody's")
    top = category(old, "money", policy=money)
    withdrawal = category(old, "withdrawal", top, emergency)
    return {
        "money": top,
        "withdrawal": withdrawal,
        "frozen": category(old, "frozen", withdrawal),
        "fee": category(old, "fee", top, standard),
        "transfer": category(old, "transfer", top),
        "refund": category(old, "refund", top, money),
        "theft": category(old, "theft", policy=emergency),
        "help": category(old, "help"),
    }


NEAREST = {
    "money": "Money",
    "withdrawal": "Emergency",
    "frozen": "Emergency",
    "fee": "Standard",
    "transfer": "Money",
    "refund": "Money",
    "theft": "Emergency",
    "help": "Standard",
}


def test_the_nearest_category_still_decides(tree: dict[str, Any], migrate: Move) -> None:
    new = migrate(AFTER)
    nodes = {node.slug: node for node in new.get_model("tickets", "Category").objects.all()}
    assert {slug: held(new, nodes[slug]) for slug in tree} == NEAREST


def test_the_default_comes_last_and_asks_for_nothing(tree: dict[str, Any], migrate: Move) -> None:
    new = migrate(AFTER)
    rows = new.get_model("tickets", "SlaPolicy").objects.filter(is_active=True).order_by("position", "pk")
    last = rows.last()
    assert (last.name, list(last.categories.all())) == ("Standard", [])
    assert all(row.categories.exists() for row in rows if row.pk != last.pk)


def test_one_that_held_nowhere_is_switched_off(tree: dict[str, Any], migrate: Move) -> None:
    new = migrate(AFTER)
    off = new.get_model("tickets", "SlaPolicy").objects.filter(is_active=False)
    assert [row.name for row in off] == ["Nobody's"]


def test_copies_promise_and_do_the_same(tree: dict[str, Any], migrate: Move) -> None:
    """A policy that categories of different depth named is asked at each of these depths."""
    new = migrate(AFTER)
    copies = new.get_model("tickets", "SlaPolicy").objects.filter(name="Money")
    assert copies.count() == 2
    for row in copies:
        assert list(row.targets.values_list("priority", "kind", "minutes")) == [(20, "resolution", 60)]
        assert list(row.steps.values_list("kind", "after_minutes", "act")) == [
            ("resolution", 30, "tell_lead")
        ]


def test_without_policies(old: Apps, migrate: Move) -> None:
    category(old, "help")
    assert held(migrate(AFTER), None) is None


def test_back_again(tree: dict[str, Any], migrate: Move) -> None:
    migrate(AFTER)
    again = migrate(BEFORE)
    rows = again.get_model("tickets", "Category").objects.select_related("policy", "parent__policy")
    named = {row.slug: row.policy.name if row.policy else None for row in rows}
    assert named == {
        "money": "Money",
        "withdrawal": "Emergency",
        "frozen": None,
        "fee": "Standard",
        "transfer": None,
        "refund": "Money",
        "theft": "Emergency",
        "help": None,
    }
    default = again.get_model("tickets", "SlaPolicy").objects.get(is_default=True)
    assert default.name == "Standard"
