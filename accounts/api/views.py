"""What every view of the API starts from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.api.security import BearerAuthentication, HasScope, Throttle
from accounts.models import User
from accounts.rules.scopes import Scope
from helpdesk.lib.problems import TooLarge


class SmallJSONParser(JSONParser):
    """JSON up to the size that Django takes for a form, and not nested so deep that reading it fails."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        request: Request = (parser_context or {})["request"]
        if int(request.META.get("CONTENT_LENGTH") or 0) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise TooLarge
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError as problem:
            raise ParseError(_("The JSON is nested too deep.")) from problem


class ApiView(APIView):
    """Token or session, the scope named for the method in ``scopes``, and the common limit of requests."""

    authentication_classes = (BearerAuthentication, SessionAuthentication)
    permission_classes: tuple[type[BasePermission], ...] = (IsAuthenticated, HasScope)
    throttle_classes = (Throttle,)
    parser_classes: Any = (SmallJSONParser,)
    scopes: ClassVar[Mapping[str, Scope | None]] = {}

    @property
    def user(self) -> User:
        """Whoever asks; permissions have seen to it that somebody does."""
        user = self.request.user
        assert isinstance(user, User)
        return user
