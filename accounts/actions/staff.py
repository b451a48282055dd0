"""People who work here."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.db import transaction

from accounts import access
from accounts.models import User
from accounts.rules.capabilities import Capability


@transaction.atomic
def admit(user: User, *, by: User) -> User:
    """Store a new log-in without a password. Who configures the site vouches for the address: it counts as confirmed,
    and the mailed link by which the person sets a password proves it.
    """
    access.require(by, Capability.CONFIGURE_SITE)
    user.email = user.email.strip().lower()
    user.set_unusable_password()
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user
