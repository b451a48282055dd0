"""Staff without a second factor get no further than setting one up, where the operator demands it."""

from __future__ import annotations

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.models import User

#: What is needed to set one up, to log out, and to be seen alive. Every other address is closed.
OPEN = ("/accounts/", "/i18n/", "/static/", "/healthz/")


class StaffSecondFactorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (
            settings.STAFF_MFA_REQUIRED
            and not request.path_info.startswith(OPEN)
            and lacks_second_factor(request.user)
        ):
            messages.warning(request, _("Staff log in with a second factor. Please set one up to go on."))
            return redirect("mfa_activate_totp")
        return self.get_response(request)


def lacks_second_factor(user: object) -> bool:
    """Of staff; customers need none."""
    if not isinstance(user, User) and not getattr(user, "is_staff", False):
        return False
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return user.is_staff and not Authenticator.objects.filter(user=user, type__in=kinds).exists()  # type: ignore[attr-defined]
