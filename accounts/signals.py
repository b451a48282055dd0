"""What follows at the account: a confirmed address brings its earlier cases, a new password ends programs' keys."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import (
    email_changed,
    email_confirmed,
    password_changed,
    password_reset,
    password_set,
    user_logged_in,
)
from django.dispatch import receiver

from accounts.actions import api_tokens, customers
from accounts.models import User


@receiver(email_confirmed)
def link_customer(email_address: EmailAddress, **kwargs: Any) -> None:
    """Only now: before, anybody could have typed somebody else's address."""
    user = email_address.user
    if not user.is_staff and email_address.email == user.email:
        customers.of_user(user)


@receiver(user_logged_in)
def link_customer_at_login(user: User, **kwargs: Any) -> None:
    """People who were confirmed before they had a case, or by other means than the mailed link."""
    if not user.is_staff and EmailAddress.objects.filter(user=user, email=user.email, verified=True).exists():
        customers.of_user(user)


@receiver(email_changed)
def follow_address(user: User, to_email_address: EmailAddress, **kwargs: Any) -> None:
    """Mail about a person's cases goes where the person now is."""
    if not user.is_staff and to_email_address.verified:
        customers.follow_email(user, to_email_address.email)


@receiver([password_changed, password_reset, password_set])
def withdraw_tokens(user: User, **kwargs: Any) -> None:
    """Somebody who got in with the old password may have made keys for later."""
    api_tokens.revoke_all(user)
