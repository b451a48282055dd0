"""What a macro needs to know of a case: whether it fits, and what fills the blanks of its text."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import User
from helpdesk.lib import clock
from helpdesk.lib.localized import localized
from tickets.choices import Status
from tickets.models import Macro, Ticket
from tickets.queries.moments import Moments
from tickets.rules import visibility
from tickets.rules.macros import Case, fill

#: Never the status's own name: what it means to the customer.
_STANDING: dict[Status, Callable[[], str]] = {
    Status.NEW: lambda: _("We have your message"),
    Status.OPEN: lambda: _("We are working on it"),
    Status.PENDING: lambda: _("Waiting for you"),
    Status.ON_HOLD: lambda: _("Waiting for somebody else"),
    Status.SOLVED: lambda: pgettext("a case", "Solved"),
    Status.CLOSED: lambda: pgettext("a case", "Closed"),
}


def case_of(ticket: Ticket) -> Case:
    above = [node.pk for node in ticket.category.lineage()] if ticket.category else []
    return Case(ticket.brand_id, frozenset(above), ticket.channel, ticket.status)


def teams_of(user: User) -> frozenset[int] | None:
    """Whose macros somebody may use; None: every team's, for they see every team's cases."""
    scope = visibility.scope_of(user)
    return None if scope.everything else scope.teams


def text_of(macro: Macro, ticket: Ticket, agent: User | None) -> str:
    """The macro's text in the customer's language, its blanks filled."""
    return filled(localized(macro, "body", ticket.language), ticket, agent)


def filled(text: str, ticket: Ticket, agent: User | None) -> str:
    if "{" not in text:
        return text
    return fill(text, {"customer": ticket.customer.display_name}, **values_of(ticket, agent))


def values_of(ticket: Ticket, agent: User | None) -> dict[str, str]:
    """What fills the blanks, in the customer's language; what is not known is empty.

    There is none for the link that opens the case: a text is copied to others, who must not come in by it.
    """
    brand, language = ticket.brand, ticket.language
    name = agent.display_name if agent else ""
    with translation.override(language):
        return {
            "customer": ticket.customer.name,
            "number": ticket.display_number,
            "subject": ticket.subject,
            "category": localized(ticket.category, "name", language) if ticket.category else "",
            "status": _STANDING[Status(ticket.status)](),
            "due": _promised(ticket),
            "agent": name,
            "agent_first": name.split()[0] if name.strip() else "",
            "brand": localized(brand, "name", language),
            "hotline": brand.hotline,
            "help_page": urljoin(f"{settings.PUBLIC_URL}/", f"{brand.slug}/help/"),
        }


def _promised(ticket: Ticket) -> str:
    """The next promised time, by the brand's clock; one that has passed is no promise to repeat."""
    now = clock.now()
    if not ticket.is_active or ticket.due_at is None or ticket.due_at <= now:
        return ""
    zone = ZoneInfo(ticket.brand.time_zone)
    return Moments(zone, now.astimezone(zone).year).at_with_zone(ticket.due_at)
