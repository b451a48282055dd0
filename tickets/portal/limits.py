"""How often one reader may do what costs others something. Generous: whole offices share an address."""

from __future__ import annotations

from django.http import HttpRequest

from helpdesk.lib.http import Limit, client_ip

HOUR = 3600

SUBMITS = Limit("portal-submit", 60, HOUR)
CASES_BY_ADDRESS = Limit("portal-case", 30, HOUR)
CASES_BY_EMAIL = Limit("portal-case-mail", 10, HOUR)
REPLIES = Limit("portal-reply", 60, HOUR)
LINKS_BY_ADDRESS = Limit("portal-link", 20, HOUR)
LINKS_BY_EMAIL = Limit("portal-link-mail", 5, HOUR)
SEARCHES = Limit("portal-search", 600, HOUR)
PRIVACY = Limit("portal-privacy", 5, 24 * HOUR)
FEEDBACK = Limit("portal-feedback", 60, HOUR)


def within(request: HttpRequest, limit: Limit, *, email: str = "") -> bool:
    """Count one more; False when it is too many. By e-mail address where one is given, else by IP address."""
    return limit.spend(email.lower() or client_ip(request))
