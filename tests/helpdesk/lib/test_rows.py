from __future__ import annotations

from typing import Any

from accounts.actions import api_tokens
from accounts.models import ApiToken, Brand, User
from accounts.queries.api_tokens import usable_token
from accounts.queries.brands import named
from helpdesk.lib.rows import columns, fetch
from tickets.models import Category, Ticket
from tickets.queries.categories import by_slug


def stored(thing: Any) -> dict[str, Any]:
    return {field.attname: getattr(thing, field.attname) for field in thing._meta.concrete_fields}


def test_objects_are_as_django_would_load_them(brand: Brand, ticket: Ticket) -> None:
    names = f"{columns(Ticket, 't')}, {columns(Brand, 'b')}"
    sql = f"SELECT {names} FROM tickets_ticket t JOIN accounts_brand b ON b.id = t.brand_id"
    [(found, its_brand)] = fetch([Ticket, Brand], sql, [])
    assert stored(found) == stored(Ticket.objects.get())
    assert stored(its_brand) == stored(Brand.objects.get())
    found.subject = "changed"
    found.save()
    assert Ticket.objects.get().subject == "changed"


def test_the_statements_that_use_it(
    brand: Brand, category: Category, agent: User, django_assert_num_queries: Any
) -> None:
    child = Category.objects.create(slug="a", parent=category, name_zh="x", name_en="x")
    Category.objects.create(slug="b", parent=child, name_zh="x", name_en="x")
    with django_assert_num_queries(1):
        found = by_slug("b")
        assert found is not None
        assert [node.slug for node in found.lineage()] == ["b", "a", "withdrawal"]
    assert stored(found) == stored(Category.objects.get(slug="b"))
    Category.objects.filter(slug="b").update(is_active=False)
    assert by_slug("b") is by_slug("nowhere") is None

    issued = api_tokens.issue(user=agent, name="x", scopes=["tickets:read"], by=None)
    with django_assert_num_queries(1):
        token = usable_token(issued.secret)
        assert token is not None
        assert stored(token.user) == stored(agent)
    assert stored(token) == stored(ApiToken.objects.get())

    assert named("btp") == brand
    Brand.objects.update(is_active=False)
    assert named("btp") is None
