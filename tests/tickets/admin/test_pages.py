"""Every configuration page, for every role."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from accounts import access
from accounts.actions import api_tokens
from accounts.models import Brand, Customer, Team, User
from accounts.rules.capabilities import ADMIN_MODELS
from knowledgebase.actions.articles import save_translation
from knowledgebase.models import Article, ArticleFeedback, Section
from tests.cast import office_hours
from tickets.choices import FieldKind
from tickets.models import (
    Category,
    CategoryField,
    DeadAddress,
    ForbiddenPhrase,
    Macro,
    Mailbox,
    MailDestination,
    OutboxCall,
    OutboxMail,
    RoutingRule,
    SenderRule,
    SlaPolicy,
    SlaTarget,
    Ticket,
    Webhook,
)

pytestmark = pytest.mark.usefixtures("brand")
PAGES = sorted(model._meta.label_lower for model in admin.site._registry)
READ_ONLY = {
    "tickets.outboxmail",
    "tickets.outboxcall",
    "tickets.deadaddress",
    "tickets.maildestination",
    "knowledgebase.articlefeedback",
}


def address(label: str, page: str = "changelist", *args: Any) -> str:
    return reverse(f"admin:{label.replace('.', '_')}_{page}", args=args)


def browser(user: User) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(user)
    return client


def test_only_what_the_table_names_has_pages() -> None:
    assert set(PAGES) <= set(ADMIN_MODELS)
    assert "tickets.ticket" not in PAGES
    parts = {
        "categoryfield",
        "calendarhours",
        "calendarexception",
        "slatarget",
        "escalationstep",
        "articletranslation",
        "actthreshold",
    }
    assert {label for label in ADMIN_MODELS if label.split(".")[1] not in parts} == set(PAGES)


@pytest.mark.parametrize("label", PAGES)
@pytest.mark.parametrize("role", ["agent", "lead", "manager", "officer", "administrator", "member"])
def test_who_may_look_and_who_may_change(label: str, role: str, request: pytest.FixtureRequest) -> None:
    person = request.getfixturevalue(role)
    user: Any = person.user if isinstance(person, Customer) else person
    look, change = ADMIN_MODELS[label]
    may_look, may_change = access.can(user, look) or access.can(user, change), access.can(user, change)
    client = browser(user)
    status = client.get(address(label)).status_code
    assert (status == 200) == may_look, (label, role, status)
    status = client.get(address(label, "add")).status_code
    assert (status == 200) == (may_change and label not in READ_ONLY), (label, role, status)


def one_more(number: int, brand: Brand, make_ticket: Callable[..., Ticket]) -> None:
    """A further row on every page."""
    category, user = Category.objects.first(), User.objects.first()
    assert category
    assert user
    child = Category.objects.create(
        slug=f"child-{number}",
        parent=category,
        name_zh="x",
        name_en="x",
        team=Team.objects.first(),
    )
    CategoryField.objects.create(category=child, key="k", kind=FieldKind.TEXT, label_zh="x", label_en="x")
    more = SlaPolicy.objects.create(name=f"Policy {number}")
    SlaTarget.objects.create(policy=more, priority=20, kind="resolution", minutes=5)
    Macro.objects.create(name_zh="x", name_en="x", body_zh="x", body_en="x", brand=brand, category=child)
    Team.objects.create(slug=f"team-{number}", name_zh="x", name_en="x")
    rule = RoutingRule.objects.create(name=f"Rule {number}", words="refund", team=Team.objects.first())
    rule.categories.add(child)
    rule.brands.add(brand)
    other = Brand.objects.create(slug=f"brand-{number}", name_zh="x", name_en="x", email="x@x.test")
    office_hours(other)
    section = Section.objects.create(brand=other, slug="s", name_zh="x", name_en="x")
    article = Article.objects.create(section=section, slug="a")
    save_translation(article, language="en", title="T", summary="", body="x")
    ArticleFeedback.objects.create(article=article, language="en", reader=str(number), helpful=True)
    person = User.objects.create_user(f"p{number}@demo.test", role="agent")
    person.brands.set([brand, other])
    person.teams.set(Team.objects.all()[:2])
    api_tokens.issue(user=person, name="x", scopes=["tickets:read"], by=None)
    hook = Webhook.objects.create(name=f"Hook {number}", url="https://hooks.example.com/")
    Mailbox.objects.create(brand=other, address=f"help-{number}@x.test")
    SenderRule.objects.create(pattern=f"a{number}@spam.test", brand=other, verdict="block")
    ForbiddenPhrase.objects.create(words=f"x{number}", reason_zh="x", reason_en="x", brand=other)
    DeadAddress.objects.create(email=f"gone-{number}@x.test", reason="550 no such user")
    MailDestination.objects.create(domain=f"x{number}.test", last_answer="451 later")
    OutboxCall.objects.create(webhook=hook, ticket=make_ticket(), cause=f"step:{number}:1")


@pytest.mark.parametrize("label", PAGES)
def test_queries_do_not_grow(
    label: str,
    brand: Brand,
    make_ticket: Callable[..., Ticket],
    administrator: User,
    django_assert_max_num_queries: Any,
) -> None:
    client = browser(administrator)
    one_more(0, brand, make_ticket)
    pages = [address(label)] + ([address(label, "add")] if label not in READ_ONLY else [])
    for page in pages:
        client.get(page)
    counts = []
    for number in (1, 8):
        for extra in range(number):
            one_more(100 * number + extra, brand, make_ticket)
        for page in pages:
            with django_assert_max_num_queries(30) as counted:
                assert client.get(page).status_code == 200
            counts.append(len(counted))
    assert counts[: len(pages)] == counts[len(pages) :]


def test_no_ticket_and_no_log_is_edited_here(administrator: User, ticket: Ticket) -> None:
    client = browser(administrator)
    for path in (
        "tickets/ticket/",
        "tickets/message/",
        "admin/logentry/",
        "auth/group/",
        "account/emailaddress/",
    ):
        assert client.get(f"/admin/{path}").status_code == 404
    assert OutboxMail.objects.exists()
