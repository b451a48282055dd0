"""What the log-in tells, written into the audit log; and what follows for the person's other sessions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allauth.account.signals import (
    authentication_step_completed,
    password_changed,
    password_reset,
    password_set,
)
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
)
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from accounts import audit
from accounts.actions import sessions
from accounts.choices import AuditKind
from accounts.models import LogInSession, User
from accounts.rules.session_limits import Ended
from accounts.web.session_limits import KEPT_AS, keep, row_of


@receiver(user_logged_in)
def logged_in(request: HttpRequest, user: User, **kwargs: Any) -> None:
    request.session.pop(KEPT_AS, None)
    keep(request, user)
    audit.record(AuditKind.LOGGED_IN, by=user)


@receiver(user_login_failed)
def login_failed(credentials: Mapping[str, Any], **kwargs: Any) -> None:
    """Whose account was tried, where there is one; an address that nobody has is kept nowhere."""
    email = str(credentials.get("email") or credentials.get("username") or "")
    found = User.objects.filter(email__iexact=email).values_list("pk", flat=True).first() if email else None
    audit.record(AuditKind.LOGIN_FAILED, by=None, user=found, what="password")


@receiver(authentication_failed)
def second_factor_failed(user: User, **kwargs: Any) -> None:
    audit.record(AuditKind.LOGIN_FAILED, by=None, user=user.pk, what="second_factor")


@receiver(user_logged_out)
def logged_out(request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    row = row_of(request)
    if row is not None:
        LogInSession.objects.filter(pk=row).delete()
    if user is not None:
        audit.record(AuditKind.LOGGED_OUT, by=user)


@receiver(authentication_step_completed)
def confirmed_again(user: User, method: str, reauthenticated: bool = False, **kwargs: Any) -> None:
    if reauthenticated:
        audit.record(AuditKind.CONFIRMED_AGAIN, by=user, method=method)


@receiver([password_changed, password_reset, password_set])
def password_is_new(request: HttpRequest, user: User, **kwargs: Any) -> None:
    _credentials_changed(request, user, "password")


@receiver([authenticator_added, authenticator_removed, authenticator_reset])
def second_factor_is_new(request: HttpRequest, user: User, **kwargs: Any) -> None:
    _credentials_changed(request, user, "second_factor")


def _credentials_changed(request: HttpRequest, user: User, what: str) -> None:
    """Whoever is logged in elsewhere may be who made it necessary."""
    audit.record(AuditKind.CREDENTIALS_CHANGED, by=user, what=what)
    others = LogInSession.objects.filter(user=user).exclude(pk=row_of(request) or 0)
    sessions.end(others, why=Ended.CREDENTIALS, by=user)
