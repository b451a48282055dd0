"""The form of a routing rule: what is refused, how it is kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import Team, User
from tickets.models import RoutingRule, SlaPolicy, Ticket

ADD, LIST = "/admin/tickets/routingrule/add/", "/admin/tickets/routingrule/"
USUAL: dict[str, Any] = {"name": "Rule", "position": "10", "is_active": "on", "ends": "on", "tags": "a"}


@pytest.fixture
def client(manager: User) -> Client:
    made = Client(headers={"Accept-Language": "en"})
    made.force_login(manager)
    return made


def test_it_is_kept_clean(client: Client, team: Team) -> None:
    said = {
        "words": "  legal   action \n\nlegal action\n律师",
        "senders": "Bank@Example.COM\n@bücher.example",
        "tags": "VIP vip second",
        "channels": ["email"],
        "priorities": ["40"],
        "team": str(team.pk),
    }
    assert client.post(ADD, {**USUAL, **said}).status_code == 302
    rule = RoutingRule.objects.get()
    assert rule.words == "legal action\n律师"
    assert rule.senders == "bank@example.com\n@xn--bcher-kva.example"
    assert (rule.tags, rule.channels, rule.priorities) == (["vip", "second"], ["email"], [40])


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"senders": "ok@example.com\nnobody"}, "Line 2: write an address"),
        ({"words": "x" * 101}, "each of at most 100 characters"),
        ({"words": "\u200b\u200b"}, "holds nothing to look for"),
        ({"tags": "x" * 41}, "A tag has at most 40 characters."),
        ({"tags": "", "ends": ""}, "A rule that sets nothing and ends nothing does nothing"),
        ({"tags": ""}, "no later rule is ever asked"),
        ({"name": ""}, "This field is required"),
    ],
)
def test_refused(client: Client, said: dict[str, str], told: str) -> None:
    posted = {name: value for name, value in {**USUAL, **said}.items() if value}
    answer = client.post(ADD, posted)
    assert answer.status_code == 200
    assert told in answer.content.decode()
    assert not RoutingRule.objects.exists()


def test_nothing_set_for_some_or_something_for_all_is_a_rule(client: Client) -> None:
    """Leave these as they are; and the last rule, for the rest."""
    assert client.post(ADD, {**USUAL, "tags": "", "channels": ["chat"]}).status_code == 302
    assert client.post(ADD, USUAL).status_code == 302
    refused = client.post(ADD, {**USUAL, "tags": ""})
    assert [*refused.context["adminform"].form.errors] == ["ends"]
    assert RoutingRule.objects.count() == 2


def test_the_laws_policies_are_chosen_by_nobody(client: Client, policy: SlaPolicy) -> None:
    law = SlaPolicy.objects.create(name="The law", is_statutory=True, pauses_on=[])
    page = client.get(ADD).content.decode()
    assert ">Standard</option>" in page
    assert ">The law</option>" not in page
    client.post(ADD, {**USUAL, "policy": str(law.pk)})
    assert not RoutingRule.objects.exists()


def test_the_list_says_what_and_how_often(
    client: Client, make_ticket: Callable[..., Ticket], team: Team
) -> None:
    RoutingRule.objects.create(
        name="Late money", words="到账", languages=["zh-hans"], team=team, tags=["late"]
    )
    make_ticket()
    make_ticket()
    page = client.get(LIST).content.decode()
    for words in ("one of the words: 到账", "tag late", "team Funds", ">2<"):
        assert words in page, words


def test_who_only_looks_reads_it_in_words(lead: User, team: Team) -> None:
    rule = RoutingRule.objects.create(name="Late money", words="到账", team=team)
    made = Client(headers={"Accept-Language": "en"})
    made.force_login(lead)
    page = made.get(f"{LIST}{rule.pk}/change/").content.decode()
    assert "one of the words: 到账" in page
    assert "team Funds" in page
