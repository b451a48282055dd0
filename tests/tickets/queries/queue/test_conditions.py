"""Each filter of the queue."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile

from accounts.choices import Tier
from accounts.models import Brand, Customer, Team, User
from helpdesk.lib import clock
from tests.pictures import PNG
from tickets import actors
from tickets.actions import assignment, messages
from tickets.actions.tickets import mark_complaint
from tickets.choices import Channel, Priority, Status
from tickets.models import Category, Ticket
from tickets.queries import inbox
from tickets.queries.inbox import Question
from tickets.queries.queue.conditions import CONDITIONS
from tickets.rules.queue import FILTERS, read_filters

Make = Callable[..., Ticket]


def found(user: User, **asked: str) -> set[str]:
    filters = read_filters({name: [text] for name, text in asked.items()})
    assert set(filters) == set(asked), "a filter that reads nothing shows nothing"
    return {ticket.subject for ticket in inbox.find(user, Question(filters=filters))}


def test_every_filter_is_a_condition() -> None:
    assert set(CONDITIONS) | {"status"} == set(FILTERS)


@pytest.fixture
def desk(agent: User, lead: User, make_ticket: Make, customer: Customer, category: Category,
         other_team: Team) -> User:  # fmt: skip
    """One ticket a filter, named after it; asked by a manager's eyes."""
    now = clock.now()
    by = actors.staff(agent)
    make_ticket(subject="urgent", priority=Priority.URGENT)
    make_ticket(subject="phone", channel=Channel.PHONE)
    make_ticket(subject="tagged", tags=["vip", "two"])
    make_ticket(subject="half tagged", tags=["vip"])
    make_ticket(subject="english", language="en")
    assignment.take(make_ticket(subject="taken"), by=by)
    moved = make_ticket(subject="moved")
    assignment.move_to_team(moved, team=other_team, by=actors.staff(lead))
    mark_complaint(make_ticket(subject="complaint"), is_complaint=True, by=by)
    make_ticket(subject="with a file", attachments=[ContentFile(PNG, name="proof.png")])
    vip = Customer.objects.create(name="Vera", email="vera@example.com", tier=Tier.VIP)
    make_ticket(subject="vip", customer=vip)
    assignment.watch(make_ticket(subject="watched"), user=agent, by=by)
    messages.reply(make_ticket(subject="answered"), body="ok", by=by)
    changed: dict[str, dict[str, Any]] = {
        "late": {"due_at": now - timedelta(hours=1)},
        "soon": {"due_at": now + timedelta(minutes=30)},
        "never due": {"due_at": None},
        "old": {"created_at": now - timedelta(days=9), "updated_at": now - timedelta(days=8)},
        "unproved": {"unproved_sender": "a@example.com"},
        "without category": {"category": None},
        "pending": {"status": Status.PENDING},
    }
    for subject, changes in changed.items():
        Ticket.objects.filter(pk=make_ticket(subject=subject).pk).update(**changes)
    far = now + timedelta(days=3)
    Ticket.objects.exclude(subject__in=["late", "soon", "never due"]).update(due_at=far)
    return agent


ALL = {
    *("urgent", "phone", "tagged", "half tagged", "english", "taken", "complaint", "with a file", "vip"),
    *("watched", "answered", "late", "soon", "never due", "old", "unproved", "without category", "pending"),
}


TABLE: list[tuple[dict[str, str], set[str]]] = [
    ({"priority": "urgent"}, {"urgent"}),
    ({"priority": "urgent,low"}, {"urgent"}),
    ({"channel": "phone"}, {"phone"}),
    ({"channel": "phone,web"}, ALL),
    ({"tag": "vip"}, {"tagged", "half tagged"}),
    ({"tag": "vip,two"}, {"tagged"}),
    ({"language": "en"}, {"english"}),
    ({"assignee": "me"}, {"taken", "answered"}),
    ({"assignee": "none"}, ALL - {"taken", "answered"}),
    ({"assignee": "me,none"}, ALL),
    ({"team": "mine"}, ALL),
    ({"team": "none"}, set()),
    ({"complaint": "yes"}, {"complaint"}),
    ({"complaint": "no"}, ALL - {"complaint"}),
    ({"attachment": "yes"}, {"with a file"}),
    ({"attachment": "no"}, ALL - {"with a file"}),
    ({"tier": "vip"}, {"vip"}),
    ({"tier": "premium"}, set()),
    ({"tier": "standard"}, ALL - {"vip"}),
    ({"tier": "standard,vip"}, ALL),
    ({"tier": "standard,vip,premium"}, ALL),
    ({"watched": "yes"}, {"watched"}),
    ({"watched": "no"}, ALL - {"watched"}),
    ({"waiting": "no"}, {"answered"}),
    ({"waiting": "yes"}, ALL - {"answered"}),
    ({"overdue": "yes"}, {"late"}),
    ({"overdue": "no"}, ALL - {"late"}),
    ({"due": "1h"}, {"late", "soon"}),
    ({"opened_since": "7d"}, ALL - {"old"}),
    ({"opened_before": "7d"}, {"old"}),
    ({"updated_before": "1w"}, {"old"}),
    ({"updated_since": "1w"}, ALL - {"old"}),
    ({"opened_since": "2999-01-01"}, set()),
    ({"unproved": "yes"}, {"unproved"}),
    ({"category": "none"}, {"without category"}),
    ({"status": "pending"}, {"pending"}),
    ({"status": "pending,solved"}, {"pending"}),
    ({"status": "new,open,pending", "priority": "urgent", "assignee": "none"}, {"urgent"}),
    ({"priority": "urgent", "channel": "phone"}, set()),
]


def test_filters(desk: User) -> None:
    """One table, one set of tickets: making it takes longer than all the questions."""
    wrong = {str(asked): got for asked, expected in TABLE if (got := found(desk, **asked)) != expected}
    assert not wrong


def test_persons_brands_and_teams(
    agent: User, lead: User, brand: Brand, other_brand: Brand, team: Team, other_team: Team, make_ticket: Make
) -> None:
    assignment.take(make_ticket(subject="taken"), by=actors.staff(agent))
    assert found(lead, assignee=str(agent.pk), brand=f"{brand.pk},{other_brand.pk}") == {"taken"}
    assert found(lead, brand=str(other_brand.pk)) == set()
    assert found(lead, team=f"{team.pk},{other_team.pk}") == {"taken"}
    assert found(lead, assignee=str(lead.pk)) == set()


def test_a_category_holds_those_below_it(agent: User, make_ticket: Make, category: Category) -> None:
    below = Category.objects.create(slug="late", name_zh="迟到", name_en="Late", parent=category)
    deeper = Category.objects.create(slug="later", name_zh="更迟", name_en="Later", parent=below)
    other = Category.objects.create(slug="other", name_zh="其他", name_en="Other", team=category.team)
    for subject, of in (("top", category), ("late", below), ("later", deeper), ("other", other)):
        made = make_ticket(subject=subject)
        Ticket.objects.filter(pk=made.pk).update(category=of)
    assert found(agent, category=str(category.pk)) == {"top", "late", "later"}
    assert found(agent, category=f"{below.pk},{other.pk}") == {"late", "later", "other"}


def test_no_filter_shows_what_may_not_be_seen(other_brand_agent: User, desk: User) -> None:
    for name in FILTERS:
        for value in ("yes", "no", "any", "none", "vip", "web", "7d", "1h", "zh-hans", "normal", "new"):
            if filters := read_filters({name: [value]}):
                assert not inbox.find(other_brand_agent, Question(filters=filters)).exists(), (name, value)
