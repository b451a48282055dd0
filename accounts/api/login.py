"""Logging in for a token: the same checks, limits and lock-out as the log-in page, without a session."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.core import ratelimit
from allauth.core.exceptions import RateLimited
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.choices import AuditKind
from accounts.models import User
from helpdesk.lib.errors import DomainError

#: How long the lock after failed attempts lasts (ACCOUNT_RATE_LIMITS' "login_failed").
LOCKED_SECONDS = 300


class LogInRefused(DomainError):
    """One refusal for a wrong password, an unknown address and a log-in that is switched off: nothing is given away."""

    code = "log_in_refused"
    status = 401
    message = _("E-mail address or password is not right.")


class TooManyAttempts(DomainError):
    code = "too_many_attempts"
    status = 429
    message = _("Too many attempts. Please wait a few minutes.")

    def __init__(self) -> None:
        super().__init__(retry_after=LOCKED_SECONDS)


class SecondFactorNeeded(DomainError):
    code = "second_factor_needed"
    status = 401
    message = _("This log-in has a second factor: send the code of your authenticator app as well.")


class SecondFactorMissing(DomainError):
    code = "second_factor_missing"
    status = 403
    message = _("Staff need a second factor here. Set one up in the browser first.")


class CodeRefused(DomainError):
    code = "code_refused"
    status = 401
    message = _("This code is not right.")


def log_in(request: HttpRequest, *, email: str, password: str, code: str) -> User:
    """The person behind e-mail and password, and the code where they have a second factor."""
    user = _by_password(request, email, password)
    if is_mfa_enabled(user):
        _check_code(user, code)
    elif user.is_staff and settings.STAFF_MFA_REQUIRED:
        raise SecondFactorMissing
    audit.record(AuditKind.LOGGED_IN, by=user, way="/api/v1/token/")
    return user


def _by_password(request: HttpRequest, email: str, password: str) -> User:
    if not ratelimit.consume(request, action="login"):
        raise TooManyAttempts
    try:
        user = get_adapter(request).authenticate(request, email=email, password=password)
    except ValidationError as problem:  # locked after too many failures
        raise TooManyAttempts from problem
    if not isinstance(user, User) or not user.is_active:
        raise LogInRefused
    if not EmailAddress.objects.filter(user=user, email__iexact=user.email, verified=True).exists():
        raise LogInRefused
    return user


def _check_code(user: User, code: str) -> None:
    if not code:
        raise SecondFactorNeeded
    form = AuthenticateForm(data={"code": code}, user=user)
    try:
        fits = form.is_valid()
    except RateLimited as problem:
        raise TooManyAttempts from problem
    if not fits:
        locked = any(error.code == "too_many_login_attempts" for error in form.errors.as_data()["code"])
        raise TooManyAttempts if locked else CodeRefused
    form.authenticator.record_usage()
