"""The first screens: which wallet, what is the trouble, where is my case, how to reach us."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.web.brands import active_brands
from helpdesk.lib import clock
from helpdesk.lib.errors import Invalid
from knowledgebase.queries import browse
from tickets.portal.door import PortalRequest, branded, reader_language
from tickets.portal.words import moment
from tickets.queries.calendars import calendar_for, working_calendar
from tickets.queries.offered import emergency, offered, top_level
from tickets.rules.business_time import CalendarNeverOpens, is_open, next_opening


def chooser(request: HttpRequest) -> HttpResponse:
    """Which wallet? Not asked where the host says it, or where there is only one."""
    brands = active_brands(request)
    host = request.get_host().partition(":")[0].lower()
    own = [brand for brand in brands if brand.host and brand.host.lower() == host]
    if len(brands) == 1 or own:
        return redirect("portal:front", (own or brands)[0].slug)
    request.brand = None  # type: ignore[attr-defined]  # the page belongs to none of them
    return render(request, "portal/chooser.html", {"brands": brands})


@branded
def front(request: PortalRequest) -> HttpResponse:
    categories = offered(request.brand)
    context = {
        "tiles": [row for row in top_level(categories) if not row.is_emergency],
        "emergency": emergency(categories),
        "popular": browse.popular(request.brand, reader_language()),
    }
    return render(request, "portal/front.html", context)


@branded
def contact(request: PortalRequest) -> HttpResponse:
    categories = offered(request.brand)
    return render(
        request, "portal/contact.html", {"emergency": emergency(categories), **_opening(request.brand.pk)}
    )


def _opening(brand_id: int) -> dict[str, object]:
    """Whether somebody is there now, and else from when on; nothing where nobody set the hours."""
    try:
        hours = working_calendar(calendar_for(team_id=None, brand_id=brand_id))
        now = clock.now()
        return {"is_open": is_open(hours, now), "opens": moment(next_opening(hours, now)), "has_hours": True}
    except (Invalid, CalendarNeverOpens):
        return {}


@branded
def never_ask(request: PortalRequest) -> HttpResponse:
    categories = offered(request.brand)
    return render(request, "portal/never_ask.html", {"emergency": emergency(categories)})
