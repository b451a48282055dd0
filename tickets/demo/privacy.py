"""The demo's privacy desk: somebody who wants to be erased, a case under legal hold, and retention rules."""

from __future__ import annotations

from datetime import timedelta

from accounts.models import Customer, User
from accounts.rules.capabilities import Role
from helpdesk.lib import clock
from tickets import actors
from tickets.actions.privacy import holds
from tickets.choices import PrivacyKind, Status
from tickets.models import Category, LegalHold, PrivacyRequest, RetentionRule, Ticket
from tickets.queries.privacy import due_at

#: Longer than the demo reaches back: nothing of it is emptied at night.
YEARS = 3 * 365


def build() -> int:
    """How many holds and requests; fewer where the demo has too few closed cases."""
    RetentionRule.objects.get_or_create(
        brand=None, category=None, defaults={"days": YEARS, "is_active": True}
    )
    login = Category.objects.filter(slug="login").first()
    if login is not None:
        RetentionRule.objects.get_or_create(brand=None, category=login, defaults={"days": YEARS // 3})
    return _hold() + _request()


def _hold() -> int:
    officer = User.objects.filter(role=Role.SECURITY_OFFICER, is_active=True).order_by("pk").first()
    ticket = Ticket.objects.filter(status=Status.CLOSED).order_by("pk").first()
    if officer is None or ticket is None or LegalHold.objects.exists():
        return 0
    reason = "民事诉讼，保全至结案 · civil lawsuit, until it is decided"
    holds.hold(ticket=ticket, reason=reason, until=None, by=actors.staff(officer))
    return 1


def _request() -> int:
    """By somebody whose cases are all over; asked some days ago."""
    over = Customer.objects.filter(tickets__status=Status.CLOSED, privacy_requests=None, holds=None)
    going = Ticket.objects.active().values("customer")
    customer = over.exclude(pk__in=going).exclude(email="").order_by("pk").first()
    if customer is None:
        return 0
    brand = customer.tickets.select_related("brand").latest("pk").brand
    asked = clock.now() - timedelta(days=18)
    # Not by the verb, which would mail somebody who does not exist.
    PrivacyRequest.objects.create(
        customer=customer,
        brand=brand,
        kind=PrivacyKind.ERASE,
        language=customer.language,
        by_themself=True,
        asked_at=asked,
        due_at=due_at(asked, brand),
    )
    return 1
