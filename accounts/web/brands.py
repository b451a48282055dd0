"""The brand of a request: by its address, its host, where the reader was last, or because there is only one."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from accounts.models import Brand
from accounts.queries import brands

COOKIE = f"{settings.COOKIE_PREFIX}brand"
_A_YEAR = 365 * 24 * 3600


class BrandMiddleware:
    """Sets ``request.brand`` (falsy where no brand can be told), looked up only if somebody asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.brand = SimpleLazyObject(lambda: find_brand(request))  # type: ignore[attr-defined]
        return self.get_response(request)


def find_brand(request: HttpRequest) -> Brand | None:
    return brands.pick(
        active_brands(request),
        slug=request.path_info.lstrip("/").partition("/")[0],
        host=request.get_host().partition(":")[0],
        remembered=request.COOKIES.get(COOKIE, ""),
    )


def active_brands(request: HttpRequest) -> list[Brand]:
    """Read once per request."""
    if not hasattr(request, "_active_brands"):
        request._active_brands = brands.active()  # type: ignore[attr-defined]
    found: list[Brand] = request._active_brands  # type: ignore[attr-defined]
    return found


def remember(request: HttpRequest, response: HttpResponse, brand: Brand) -> None:
    """So that log-in and error pages, whose address names no brand, look like the one the reader came from."""
    if request.COOKIES.get(COOKIE) != brand.slug:
        response.set_cookie(
            COOKIE,
            brand.slug,
            max_age=_A_YEAR,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
