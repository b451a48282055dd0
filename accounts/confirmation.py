"""When did the person at this session last show who they are? Read from what the log-in keeps in the session."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from helpdesk.lib import clock
from helpdesk.lib.errors import NotAllowed

#: A recovery code stands in for the others; alone it is no second factor.
SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class StepUpRequired(NotAllowed):
    """To programs: a token that was not made for it, or a session whose last confirmation is too old."""

    code = "step_up_required"
    message = _("This asks for a fresh confirmation of who you are.")


def has_second_factor(user: User) -> bool:
    return bool(Authenticator.objects.filter(user=user, type__in=SECOND_FACTORS).exists())


def confirmed_at(request: HttpRequest) -> datetime | None:
    """The last log-in or confirmation at this session. Who has a second factor confirms by that: a password alone
    counts for nothing then, since it is what gets phished."""
    user = request.user
    if not isinstance(user, User):
        return None
    needed = "mfa" if has_second_factor(user) else "password"
    moments = [
        record["at"] for record in get_authentication_records(request, user) if record["method"] == needed
    ]
    return datetime.fromtimestamp(max(moments), UTC) if moments else None


def is_fresh(request: HttpRequest) -> bool:
    """Whether that is at most STEP_UP_MINUTES ago."""
    at, now = confirmed_at(request), clock.now()
    return at is not None and now - timedelta(minutes=settings.STEP_UP_MINUTES) < at <= now
