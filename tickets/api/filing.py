"""From what the API was told to what ``open_ticket`` takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.actions import customers
from accounts.models import Brand, Customer, User
from accounts.queries.brands import named
from accounts.rules.capabilities import Capability
from helpdesk.lib.errors import Invalid
from tickets import actors
from tickets.actions.tickets import NewTicket, open_ticket
from tickets.api.loading import is_customer
from tickets.choices import Channel
from tickets.models import Category, Ticket
from tickets.queries.categories import by_slug, is_offered, specs_of
from tickets.rules import visibility
from tickets.rules.forms import check_answers

STAFF_ONLY = ("customer", "priority", "tags")


def file_ticket(said: Mapping[str, Any], user: User, origin_key: str | None) -> Ticket:
    """Customers file for themselves, staff for a customer of a brand they serve."""
    brand = _brand(said["brand"], user)
    category = _category(said["category"], brand)
    answers = check_answers(specs_of(category), said.get("answers") or {})
    customer = _customer(said, user, brand)
    new = NewTicket(
        brand=brand,
        customer=customer,
        category=category,
        subject=said["subject"],
        body=said["body"],
        answers=answers,
        attachments=said.get("attachments") or (),
        channel=Channel(said["channel"]),
        language=said.get("language") or customer.language,
        priority=said.get("priority"),
        tags=said.get("tags") or (),
        origin_key=origin_key,
        logged_in=is_customer(user),
    )
    return open_ticket(new, by=actors.customer(customer) if is_customer(user) else actors.staff(user))


def _brand(slug: str, user: User) -> Brand:
    brand = named(slug)
    if brand is None:
        raise Invalid({"brand": _("There is no such brand.")})
    scope = visibility.scope_of(user)
    if not is_customer(user) and not scope.everything and brand.pk not in scope.brands:
        raise Invalid({"brand": _("You do not serve this brand.")})
    return brand


def _category(slug: str | None, brand: Brand) -> Category | None:
    if slug is None:
        return None
    category = by_slug(slug)
    if category is None or not is_offered(category, brand):
        raise Invalid({"category": _("This brand has no such category.")})
    return category


def _customer(said: Mapping[str, Any], user: User, brand: Brand) -> Customer:
    if is_customer(user):
        wrong = [name for name in STAFF_ONLY if said.get(name)]
        wrong += ["channel"] if said["channel"] != Channel.API else []
        if wrong:
            raise Invalid({name: _("Only staff may say this.") for name in wrong})
        return customers.of_user(user)
    access.require(user, Capability.OPEN_FOR_CUSTOMER)
    about = said.get("customer")
    if not about:
        raise Invalid({"customer": _("Say for whom: e-mail address or phone.")})
    try:
        return customers.find_or_create(**about, language=said.get("language") or brand.language, by=user)
    except Invalid as problem:
        raise Invalid({f"customer.{name}": text for name, text in problem.fields.items()}) from problem
