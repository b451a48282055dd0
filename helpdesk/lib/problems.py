"""How an error looks to a program: one shape, RFC 9457 problem details, for every refusal the API can give."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.core.exceptions import ValidationError as DjangoValidationError
from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.serializers import as_serializer_error
from rest_framework.settings import api_settings
from rest_framework.views import set_rollback

from helpdesk.lib.errors import DomainError, Invalid

logger = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"
Errors = Mapping[str, list[str]]

#: Codes of the framework's refusals where its own word is not the one to promise.
_CODES = {
    "error": "bad_request",
    "not_authenticated": "not_authenticated",
    "authentication_failed": "bad_token",
}


def body(
    status: int,
    code: str,
    detail: str,
    *,
    title: str = "",
    instance: str = "",
    errors: Errors | None = None,
    extra: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The members of a problem. ``code`` is for programs and stable, ``title`` and ``detail`` are for people."""
    found: dict[str, Any] = {
        "type": f"urn:helpdesk:problem:{code}",
        "title": title or HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
    }
    if instance:
        found["instance"] = instance
    if errors:
        found["errors"] = dict(errors)
    return {**(extra or {}), **found}


def problem_handler(problem: Exception, context: Mapping[str, Any]) -> Response | None:
    """REST framework's EXCEPTION_HANDLER. None lets an unexpected error surface (in development)."""
    request = context.get("request")
    instance = request.path if request is not None else ""
    problem = _as_known(problem)
    if isinstance(problem, DomainError):
        answer, headers = _of_domain(problem, instance), _retry_header(problem.extra.get("retry_after"))
    elif isinstance(problem, exceptions.APIException):
        answer, headers = _of_framework(problem, instance), _framework_headers(problem)
    elif settings.DEBUG:
        return None
    else:
        answer, headers = _of_bug(problem, request, instance), {}
    set_rollback()
    return Response(answer, status=answer["status"], headers=headers, content_type=MEDIA_TYPE)


def _as_known(problem: Exception) -> Exception:
    """Django's own exceptions in the words of the other two families."""
    if isinstance(problem, Http404):
        return exceptions.NotFound()
    if isinstance(problem, PermissionDenied):
        return exceptions.PermissionDenied()
    if isinstance(problem, RequestDataTooBig):
        return TooLarge()
    if isinstance(problem, DjangoValidationError):
        return exceptions.ValidationError(as_serializer_error(problem))
    return problem


class TooLarge(exceptions.APIException):
    status_code = 413
    default_code = "too_large"
    default_detail = gettext_lazy("The request is larger than this server takes.")


def _of_domain(problem: DomainError, instance: str) -> dict[str, Any]:
    errors = (
        {name: [str(text)] for name, text in problem.fields.items()} if isinstance(problem, Invalid) else None
    )
    extra = {name: value for name, value in problem.extra.items() if name != "retry_after"}
    return body(
        problem.status,
        problem.code,
        str(problem),
        title=str(type(problem).message),
        instance=instance,
        errors=errors,
        extra=extra,
    )


def _of_framework(problem: exceptions.APIException, instance: str) -> dict[str, Any]:
    if isinstance(problem, exceptions.ValidationError):
        errors = flat_errors(problem.detail)
        return body(
            422,
            Invalid.code,
            str(Invalid.message),
            title=str(Invalid.message),
            instance=instance,
            errors=errors,
        )
    code = getattr(problem.detail, "code", None) or problem.default_code
    detail = str(problem.detail)
    return body(problem.status_code, _CODES.get(code, code), detail, instance=instance)


def flat_errors(detail: Any, prefix: str = "") -> dict[str, list[str]]:
    """Nested errors of serializers as one level: ``customer.email``, ``tags.2``."""
    if isinstance(detail, Mapping):
        pairs = [(str(name), value) for name, value in detail.items()]
    elif isinstance(detail, list) and any(isinstance(part, Mapping | list) for part in detail):
        pairs = [(str(place), value) for place, value in enumerate(detail) if value]
    else:
        texts = detail if isinstance(detail, list) else [detail]
        return {prefix or api_settings.NON_FIELD_ERRORS_KEY: [str(text) for text in texts]}
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        own = name if name != api_settings.NON_FIELD_ERRORS_KEY else ""
        found |= flat_errors(value, ".".join(part for part in (prefix, own) if part))
    return found


def _framework_headers(problem: exceptions.APIException) -> dict[str, str]:
    challenge = getattr(problem, "auth_header", None)
    return {
        **({"WWW-Authenticate": challenge} if challenge else {}),
        **_retry_header(getattr(problem, "wait", None)),
    }


def _retry_header(seconds: float | None) -> dict[str, str]:
    return {"Retry-After": str(max(1, round(seconds)))} if seconds else {}


def _of_bug(problem: Exception, request: Any, instance: str) -> dict[str, Any]:
    """An error of ours: logged in full, told without details."""
    logger.error("Unexpected error at %s", instance, exc_info=problem)
    got_request_exception.send(sender=None, request=getattr(request, "_request", request))
    detail = _("Something went wrong on our side. Nothing was changed; please try again later.")
    return body(500, "internal_error", detail, instance=instance)


def problem_response(request: HttpRequest, status: int, code: str, detail: str) -> JsonResponse:
    """The same for a plain Django view."""
    answer = body(status, code, detail, instance=request.path)
    return JsonResponse(answer, status=status, content_type=MEDIA_TYPE)
