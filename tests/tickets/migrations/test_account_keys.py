"""0025: every account gets its one key, also where what is one account is open twice."""

from __future__ import annotations

import uuid

import pytest

from accounts.models import Brand, Customer, User
from tests.tickets.actions.test_emergencies import said
from tests.tickets.migrations.test_policies_say_whose import Move, migrate
from tests.wallet import AskFor, ask_for, known_customer
from tickets.choices import ActKind

__all__ = ["ask_for", "known_customer", "migrate"]
pytestmark = pytest.mark.long
BEFORE, AFTER = "0024_privacy", "0025_account_keys"


def test_what_is_there_is_named(
    brand: Brand, category: object, lead: User, customer: Customer, ask_for: AskFor, migrate: Move
) -> None:
    asked = ask_for(account="13800138000")
    paid = ask_for(ActKind.REFUND, transaction="TX-20260301 12")
    said(brand, "BTP-77")
    acts = migrate(BEFORE).get_model("tickets", "SensitiveAct").objects
    twin = acts.get(pk=asked.pk)
    twin.pk, twin.key, twin.account = None, uuid.uuid4(), "+8613800138000"
    twin.save(force_insert=True)
    apps = migrate(AFTER)
    acts = apps.get_model("tickets", "SensitiveAct").objects
    keys = {act.account: act.account_key for act in acts.filter(kind=ActKind.UNFREEZE)}
    assert keys == {"13800138000": "+8613800138000", "+8613800138000": f"+8613800138000 {twin.pk}"}
    assert acts.get(account="BTP-77").account_key == "btp-77"
    assert acts.get(pk=paid.pk).transaction_key == "tx2026030112"
    assert apps.get_model("tickets", "Emergency").objects.get().account_key == "btp-77"
