"""What every page of the portal goes through: the brand of its address, that brand's time zone, private caching."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import get_language

from accounts.models import Brand, Customer, User
from accounts.web.brands import active_brands, remember

View = Callable[..., HttpResponseBase]


class PortalRequest(HttpRequest):
    """A request to one brand's pages."""

    brand: Brand


def branded(view: View) -> View:
    """Resolve the brand in the address, or 404; times on the page are the brand's."""

    @wraps(view)
    def inner(request: PortalRequest, brand: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        found = next((row for row in active_brands(request) if row.slug == brand), None)
        if found is None:
            raise Http404("No such brand.")
        request.brand = found
        with timezone.override(zone_of(found)):
            response = view(request, *args, **kwargs)
        if isinstance(response, HttpResponse):
            if "Cache-Control" not in response:
                # A page that names its reader is kept by no browser: the next one at the machine may be another.
                kept = {"no_cache": True} if member_of(request) is None else {"no_store": True}
                patch_cache_control(response, private=True, **kept)
            patch_vary_headers(response, ["Cookie"])
            remember(request, response, found)
        return response

    return inner


def zone_of(brand: Brand) -> zoneinfo.ZoneInfo:
    try:
        return zoneinfo.ZoneInfo(brand.time_zone)
    except (ValueError, zoneinfo.ZoneInfoNotFoundError):
        return zoneinfo.ZoneInfo(settings.TIME_ZONE)


def reader_language() -> str:
    return get_language() or settings.LANGUAGE_CODE


def member_of(request: HttpRequest) -> User | None:
    """The customer's log-in; staff who look at the portal are guests here, they work in the workspace."""
    user = request.user
    return user if isinstance(user, User) and not user.is_staff else None


def customer_of(request: HttpRequest) -> Customer | None:
    from accounts.actions import customers

    user = member_of(request)
    return customers.of_user(user) if user else None
