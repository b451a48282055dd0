"""Solved tickets to learn from, made by the verbs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # read before Django is ready
    from accounts.models import User
    from tickets.models import Category, Ticket

Make = Callable[..., "Ticket"]


def category_of(slug: str, name: str = "") -> Category:
    from tickets.models import Category

    return Category.objects.create(slug=slug, name_zh=name or slug, name_en=name or slug)


def solved(make_ticket: Make, texts: Sequence[str], category: Category, agent: User) -> list[Ticket]:
    """Came without a category; the agent said it, and solved them."""
    from tickets import actors
    from tickets.actions.status import change_status
    from tickets.actions.tickets import set_category
    from tickets.choices import Channel, Status

    made = []
    for text in texts:
        ticket = make_ticket(subject="", body=text, category=None, answers={}, channel=Channel.EMAIL)
        ticket = set_category(ticket, category=category, by=actors.staff(agent))
        made.append(change_status(ticket, to=Status.SOLVED, by=actors.staff(agent)))
    return made
