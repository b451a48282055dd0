"""What may be chosen on the agents' pages."""

from __future__ import annotations

from collections.abc import Callable

from django.utils import translation

from accounts.models import Brand, Team, User
from tickets import actors
from tickets.actions import assignment
from tickets.models import Category, Macro, Ticket
from tickets.queries import pickers
from tickets.rules import visibility


def test_who_may_have_a_ticket_is_who_may_see_it(
    agent: User,
    lead: User,
    manager: User,
    officer: User,
    administrator: User,
    other_team_agent: User,
    other_brand_agent: User,
    other_team: Team,
    make_ticket: Callable[..., Ticket],
) -> None:
    everybody = [agent, lead, manager, administrator, other_team_agent, other_brand_agent]
    ticket, moved = make_ticket(), make_ticket()
    assignment.move_to_team(moved, team=other_team, by=actors.staff(lead))
    for case in (ticket, Ticket.objects.get(pk=moved.pk)):
        offered = {worker.value for worker in pickers.load().may_have(case)}
        assert offered == {user.pk for user in everybody if visibility.may_see(user, case)}
        assert officer.pk not in offered, "who checks does not act"


def test_brands_and_colleagues_are_those_one_serves(
    brand: Brand, other_brand: Brand, agent: User, administrator: User, other_brand_agent: User
) -> None:
    choices = pickers.load()
    assert [choice.value for choice in choices.brands(agent)] == [brand.pk]
    assert len(choices.brands(administrator)) == 2
    assert other_brand_agent.pk not in {worker.value for worker in choices.colleagues(agent)}


def test_categories_stand_below_their_parents(category: Category) -> None:
    Category.objects.create(slug="a", name_zh="甲", name_en="A", parent=category)
    Category.objects.create(slug="b", name_zh="乙", name_en="B", is_active=False)
    with translation.override("en"):
        assert [choice.label for choice in pickers.load().categories] == ["Withdrawal", "Withdrawal › A"]
    with translation.override("zh-hans"):
        assert [choice.label for choice in pickers.load().categories] == ["提现", "提现 › 甲"]


def test_macros_that_fit(
    ticket: Ticket, agent: User, other_brand: Brand, other_team: Team, category: Category
) -> None:
    def macro(name: str, **values: object) -> None:
        Macro.objects.create(name_zh=name, name_en=name, body_zh="x", body_en="x", **values)

    macro("everywhere")
    macro("brand", brand=ticket.brand)
    macro("category", category=category)
    macro("other brand", brand=other_brand)
    macro("other", category=Category.objects.create(slug="a", name_zh="甲", name_en="A"))
    macro("off", is_active=False)
    macro("other team", team=other_team)
    fitting = pickers.load().macros(ticket, agent)
    assert {found.name_en for found in fitting} == {"everywhere", "brand", "category"}
    offered = pickers.load().macros_of(agent)
    assert {found.name_en for found in offered} == {"everywhere", "brand", "category", "other"}
