"""The routing tester: which rules fit and why, and where the case would go."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.test import Client

from accounts.models import Team, User
from tests.tickets.workspace.conftest import LogIn
from tickets.choices import Priority
from tickets.models import Category, RoutingRule, SlaPolicy

PAGE = "/admin/routing/tester/"


@pytest.fixture
def client(log_in: LogIn, lead: User) -> Client:
    """Of somebody who may only look at the configuration."""
    return log_in(lead)


def ask(client: Client, **said: str) -> str:
    answer = client.get(f"{PAGE}?{urlencode(said)}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_works(client: Client, category: Category, other_team: Team, policy: SlaPolicy) -> None:
    RoutingRule.objects.create(name="English", position=1, languages=["en"], tags=["english"])
    fits = RoutingRule.objects.create(
        name="Fraud",
        position=2,
        words="骗子\nscam",
        team=other_team,
        priority=Priority.URGENT,
        policy=policy,
        tags=["fraud"],
    )
    RoutingRule.objects.create(name="Last", position=3, tags=["late"])
    page = ask(client, brand="btp", category="withdrawal", language="zh-hans", text="遇到骗子了")
    for words in (
        "language: English; this case: ",
        "found: “骗子”",
        "team Risk · priority urgent · policy Standard · tag fraud",
        "not asked: a rule before it ended the asking",
        "<dd>urgent</dd>",
        f"chosen={fits.policy_id}",
    ):
        assert words in page, words


def test_where_no_rule_fits_the_category_says(client: Client, category: Category) -> None:
    page = ask(client, brand="btp", category="withdrawal")
    assert "Funds" in page
    assert "as its category says" in page
    assert "There are no rules" in page


def test_nonsense_is_told(client: Client, category: Category) -> None:
    assert client.get(f"{PAGE}?brand=none&priority=9").status_code == 422


def test_the_policy_tester_goes_on_with_it(client: Client, category: Category, policy: SlaPolicy) -> None:
    chosen = SlaPolicy.objects.create(name="Quick", position=2000, tiers=["vip"])
    page = client.get(f"/admin/promises/tester/?category=withdrawal&chosen={chosen.pk}").content.decode()
    assert "holds: a routing rule chose it" in page
