"""Block and allow: who may say what, and what it means for a sender."""

from __future__ import annotations

from functools import partial

import pytest

from accounts.models import Brand, Customer, User
from helpdesk.lib.errors import Invalid, NotAllowed
from tests.crowd import all_at_once
from tickets import actors
from tickets.actions.sender_rules import remove_rule, set_rule
from tickets.choices import SenderVerdict
from tickets.models import Mailbox, SenderRule
from tickets.queries.sender_rules import fitting, verdict_of

BLOCK, ALLOW = SenderVerdict.BLOCK, SenderVerdict.ALLOW
SPAM = "win@spam.test"


def test_it_works(agent: User, brand: Brand, other_brand: Brand) -> None:
    rule = set_rule(" Win@SPAM.test ", verdict=BLOCK, brand=brand, by=actors.staff(agent), note=" a\n b ")
    assert (rule.pattern, rule.note, rule.created_by) == (SPAM, "a b", "Ann")
    assert verdict_of("win+1@spam.test", brand) == BLOCK
    assert verdict_of("other@spam.test", brand) is None
    assert verdict_of(SPAM, other_brand) is None
    assert verdict_of("nonsense", brand) is None


def test_the_last_word_counts(agent: User, second_agent: User, brand: Brand) -> None:
    set_rule(SPAM, verdict=BLOCK, brand=brand, by=actors.staff(agent))
    set_rule(SPAM, verdict=ALLOW, brand=brand, by=actors.staff(second_agent))
    assert SenderRule.objects.get().created_by == "Bo"
    assert verdict_of(SPAM, brand) == ALLOW


def test_the_brands_own_before_every_brand(manager: User, brand: Brand, other_brand: Brand) -> None:
    by = actors.staff(manager)
    set_rule("@spam.test", verdict=BLOCK, brand=None, by=by)
    set_rule("@spam.test", verdict=ALLOW, brand=brand, by=by)
    assert verdict_of(SPAM, brand) == ALLOW
    assert verdict_of(SPAM, other_brand) == BLOCK
    assert [rule.brand for rule in fitting(SPAM, brand)] == [brand, None]


@pytest.mark.django_db(transaction=True)
def test_two_at_once(agent: User, manager: User, brand: Brand) -> None:
    for where, user in ((brand, agent), (None, manager)):
        acts = [
            partial(set_rule, SPAM, verdict=verdict, brand=where, by=actors.staff(user))
            for verdict in (BLOCK, ALLOW, BLOCK)
        ]
        assert not [problem for problem in all_at_once(acts) if isinstance(problem, Exception)]
        assert SenderRule.objects.filter(brand=where).count() == 1


def test_agents_say_so_of_one_address_and_their_brand(agent: User, brand: Brand, other_brand: Brand) -> None:
    by = actors.staff(agent)
    for pattern, where in (("@spam.test", brand), (SPAM, None), (SPAM, other_brand)):
        with pytest.raises(NotAllowed):
            set_rule(pattern, verdict=BLOCK, brand=where, by=by)
    assert not SenderRule.objects.exists()


def test_those_who_only_watch_and_customers_do_not(officer: User, member: Customer, brand: Brand) -> None:
    for by in (actors.staff(officer), actors.customer(member)):
        with pytest.raises(NotAllowed):
            set_rule(SPAM, verdict=BLOCK, brand=brand, by=by)


def test_the_desk_itself_may(brand: Brand) -> None:
    set_rule("@spam.test", verdict=BLOCK, brand=None, by=actors.system())
    assert verdict_of(SPAM, brand) == BLOCK


@pytest.mark.parametrize(
    "pattern", ["help@btp.test", "Help+x@BTP.test", "@btp.test", "in@mail.btp.test", "@mail.btp.test"]
)
def test_never_ourselves(administrator: User, brand: Brand, pattern: str) -> None:
    Mailbox.objects.create(brand=brand, address="in@mail.btp.test")
    by = actors.staff(administrator)
    with pytest.raises(Invalid) as refused:
        set_rule(pattern, verdict=BLOCK, brand=None, by=by)
    assert set(refused.value.fields) == {"pattern"}
    set_rule(pattern, verdict=ALLOW, brand=None, by=by)


def test_a_neighbour_of_ours_may_be_blocked(administrator: User, brand: Brand) -> None:
    set_rule("someone@btp.test", verdict=BLOCK, brand=brand, by=actors.staff(administrator))
    set_rule("@shop.btp.test", verdict=BLOCK, brand=brand, by=actors.staff(administrator))


def test_nonsense_is_told(agent: User, brand: Brand) -> None:
    with pytest.raises(Invalid) as refused:
        set_rule("spam", verdict=BLOCK, brand=brand, by=actors.staff(agent))
    assert "name@example.com" in str(refused.value.fields["pattern"])


def test_removing(agent: User, other_brand_agent: User, manager: User, brand: Brand) -> None:
    rule = set_rule(SPAM, verdict=BLOCK, brand=brand, by=actors.staff(agent))
    wide = set_rule("@spam.test", verdict=BLOCK, brand=None, by=actors.staff(manager))
    for one, who in ((rule, other_brand_agent), (wide, agent)):
        with pytest.raises(NotAllowed):
            remove_rule(one, by=actors.staff(who))
    remove_rule(rule, by=actors.staff(agent))
    remove_rule(rule, by=actors.staff(agent))
    assert list(SenderRule.objects.all()) == [wide]
