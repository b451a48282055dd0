"""A macro's text as customers would read it: on a real case where there is one, else on an example."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings

from accounts.models import Brand, Customer, User
from helpdesk.lib import clock
from helpdesk.lib.localized import localized
from tickets.models import Macro, Ticket
from tickets.queries.macros import case_of, filled
from tickets.rules import numbers
from tickets.rules.macros import fits

#: Among so many of the newest cases one is looked for that the macro is for.
LOOKED_AT = 200


@dataclass(frozen=True)
class Preview:
    language: str
    name: str
    text: str
    #: None: an example.
    ticket: Ticket | None


def previews(macro: Macro, viewer: User, asked: str = "") -> list[Preview]:
    """In each language; ``asked`` names a case by its number. None where the macro says nothing."""
    ticket = (_named(viewer, asked) if asked else None) or _newest(macro, viewer)
    shown = ticket or _example(macro)
    if not macro.has_text or shown is None:
        return []
    return [
        Preview(code, str(name), _text(macro, shown, viewer, code), ticket)
        for code, name in settings.LANGUAGES
    ]


def _text(macro: Macro, ticket: Ticket, viewer: User, language: str) -> str:
    written_to = copy.copy(ticket)
    written_to.language = language
    return filled(localized(macro, "body", language), written_to, viewer)


def _rows(viewer: User) -> list[Ticket]:
    rows = Ticket.objects.visible_to(viewer).select_related("brand", "customer", "category__parent__parent")
    return list(rows.order_by("-created_at", "-id")[:LOOKED_AT])


def _named(viewer: User, asked: str) -> Ticket | None:
    number = numbers.parse(asked)
    rows = Ticket.objects.visible_to(viewer).select_related("brand", "customer", "category__parent__parent")
    return rows.filter(number=number).first() if number else None


def _newest(macro: Macro, viewer: User) -> Ticket | None:
    """By the index ``ticket_newest``."""
    return next((row for row in _rows(viewer) if fits(macro.conditions, case_of(row), teams=None)), None)


def _example(macro: Macro) -> Ticket | None:
    brand = macro.brand or Brand.objects.first()
    if brand is None:
        return None
    return Ticket(
        number="4H7QX92CP",
        brand=brand,
        customer=Customer(name="王小明 Alex"),
        category=macro.category,
        subject="…",
        due_at=clock.now() + timedelta(hours=4),
    )
