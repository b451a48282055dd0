"""Who asks, how far their token reaches, and how often they may."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from accounts import audit
from accounts.actions import api_tokens
from accounts.confirmation import StepUpRequired, is_fresh
from accounts.models import ApiToken, User
from accounts.queries.api_tokens import usable_token
from accounts.rules.scopes import Scope
from helpdesk.lib.errors import NotAllowed
from helpdesk.lib.http import client_ip
from helpdesk.lib.limits import API, API_LOG_INS, BAD_TOKENS


class BearerAuthentication(BaseAuthentication):
    """``Authorization: Bearer hd_…``."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _blank, secret = get_authorization_header(request).partition(b" ")
        if scheme.lower() != b"bearer":
            return None
        address = client_ip(request._request)
        if BAD_TOKENS.is_spent(address):
            raise Throttled(wait=BAD_TOKENS.wait())
        token = usable_token(secret.strip().decode("ascii", "replace"))
        if token is None:
            BAD_TOKENS.spend(address)
            raise AuthenticationFailed(_("This token is unknown, expired or revoked."))
        api_tokens.note_use(token)
        # A customer may call theirs by their own name; the log is kept when they are erased.
        audit.asked().way = f"API token {token.name}" if token.user.is_staff else "API token"
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the description of the API names the above."""

    target_class = BearerAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A token from /api/v1/token/ or an administrator.",
        }


class ScopeMissing(NotAllowed):
    code = "scope_missing"
    message = _("This token's scopes do not reach this far.")


class HasScope(BasePermission):
    """A token needs the scope that the view names for the method; a person in the browser has them all.

    None stands for any token; a method that is not named is closed to tokens.
    """

    def has_permission(self, request: Request, view: APIView) -> bool:
        if not isinstance(request.auth, ApiToken):
            return True
        scopes: Mapping[str, Scope | None] = getattr(view, "scopes", {})
        method = "GET" if request.method == "HEAD" else str(request.method)
        if method not in scopes:
            raise ScopeMissing
        needed = scopes[method]
        if needed is not None and needed not in request.auth.scopes:
            raise ScopeMissing(scope=needed.value)
        return True


class ConfirmedAgain(BasePermission):
    """For what is dangerous: a token that was made for it (scope ``step_up``), or a person who confirmed lately."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        if isinstance(request.auth, ApiToken):
            fresh = Scope.STEP_UP in request.auth.scopes
        else:
            fresh = is_fresh(request._request)
        if not fresh:
            raise StepUpRequired
        return True


class Throttle(BaseThrottle):
    """So many requests a minute for each log-in, or for each address where nobody is logged in."""

    limit = API

    def allow_request(self, request: Request, view: APIView) -> bool:
        who = f"user {request.user.pk}" if request.user.is_authenticated else client_ip(request._request)
        return self.limit.spend(who)

    def wait(self) -> float:
        return float(self.limit.wait())


class LogInThrottle(Throttle):
    """Beside the log-in's own limits, which count failures."""

    limit = API_LOG_INS
