"""Token log-in: e-mail and password for a token with an end, and the token's own page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actions import api_tokens
from accounts.api.login import log_in
from accounts.api.schema import problems
from accounts.api.security import LogInThrottle
from accounts.api.views import ApiView
from accounts.models import ApiToken
from accounts.rules.capabilities import Role
from accounts.rules.scopes import Scope
from helpdesk.lib import clock
from helpdesk.lib.errors import DomainError

DAY = 24 * 3600
LONGEST = 90 * DAY


class NoToken(DomainError):
    code = "no_token"
    status = 400
    message = _("This request carries no token.")


class LogInInput(serializers.Serializer[Any]):
    email = serializers.EmailField()
    password = serializers.CharField(trim_whitespace=False, max_length=1000, style={"input_type": "password"})
    code = serializers.CharField(
        required=False,
        default="",
        allow_blank=True,
        max_length=20,
        help_text="Code of the authenticator app, or a recovery code, where the log-in has a second factor.",
    )
    name = serializers.CharField(max_length=80, default="API log-in", help_text="What the token is for.")
    scopes = serializers.ListField(
        child=serializers.ChoiceField(Scope.choices), allow_empty=False, help_text="What it may be used for."
    )
    expires_in = serializers.IntegerField(
        min_value=60, max_value=LONGEST, default=DAY, help_text="Seconds; a day unless told, 90 days at most."
    )


class TokenOutput(serializers.Serializer[Any]):
    name = serializers.CharField()
    begins_with = serializers.CharField(source="hint")
    scopes = serializers.ListField(child=serializers.CharField())
    expires_at = serializers.DateTimeField(allow_null=True)
    email = serializers.EmailField(source="user.email")
    role = serializers.ChoiceField(Role.choices, source="user.role")


class NewTokenOutput(TokenOutput):
    token = serializers.CharField(help_text="The secret. It is shown now and never again.")
    token_type = serializers.CharField(default="Bearer")


class LogInView(ApiView):
    """``POST /token/``; the other methods are about the token that is used."""

    scopes = {"GET": None, "DELETE": None}

    def get_authenticators(self) -> list[Any]:
        # A program that logs in often still sends its old token: that must not stand in the way.
        return [] if self.request is None or self.request.method == "POST" else super().get_authenticators()

    def get_permissions(self) -> Any:
        return [] if self.request.method == "POST" else super().get_permissions()

    def get_throttles(self) -> list[Any]:
        return [LogInThrottle()] if self.request.method == "POST" else super().get_throttles()

    @extend_schema(
        operation_id="token_log_in",
        tags=["token"],
        request=LogInInput,
        responses={201: NewTokenOutput, **problems(422)},
        auth=[],
        summary="Log in for a token",
        description="The limits and the lock-out are those of the log-in page.",
    )
    def post(self, request: Request) -> Response:
        form = LogInInput(data=request.data)
        form.is_valid(raise_exception=True)
        said = form.validated_data
        user = log_in(request._request, email=said["email"], password=said["password"], code=said["code"])
        issued = api_tokens.issue(
            user=user,
            name=said["name"],
            scopes=said["scopes"],
            expires_at=clock.now() + timedelta(seconds=said["expires_in"]),
            by=user,
        )
        shown = TokenOutput(issued.token).data
        return Response(
            {"token": issued.secret, "token_type": "Bearer", **shown},
            201,
            headers={"Cache-Control": "no-store"},
        )

    @extend_schema(
        operation_id="token_read",
        tags=["token"],
        responses={200: TokenOutput, **problems(400)},
        summary="What this token is and may do",
    )
    def get(self, request: Request) -> Response:
        return Response(TokenOutput(_token_of(request)).data)

    @extend_schema(
        operation_id="token_revoke",
        tags=["token"],
        request=None,
        responses={204: None, **problems(400)},
        summary="Revoke this token",
    )
    def delete(self, request: Request) -> Response:
        api_tokens.revoke(_token_of(request), by=self.user)
        return Response(status=204)


def _token_of(request: Request) -> ApiToken:
    if not isinstance(request.auth, ApiToken):
        raise NoToken
    return request.auth
