"""Issuing, using and withdrawing the keys of programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import access, audit
from accounts.choices import AuditKind
from accounts.models import ApiToken, User
from accounts.models.api_tokens import hash_secret
from accounts.rules.capabilities import Capability
from accounts.rules.scopes import Scope
from helpdesk.lib import clock
from helpdesk.lib.errors import Invalid, Text

HINT_LENGTH = 8
#: Writing down each use would make every reading request a writing one.
USE_NOTED_EVERY = timedelta(minutes=1)
NOT_FOR_THEM = _(
    "This person may approve sensitive acts. They get a token by logging in for it themselves, and from nobody else."
)


@dataclass(frozen=True)
class IssuedToken:
    """The only moment at which the secret is known."""

    token: ApiToken
    secret: str


@transaction.atomic
def issue(
    *, user: User, name: str, scopes: Sequence[str], expires_at: datetime | None = None, by: User | None
) -> IssuedToken:
    """A new token that acts as ``user`` within ``scopes``. For oneself, or by those who configure the site;
    ``by`` None is the operator at the console.

    Whoever may approve acts gets a token from nobody but themselves: else one person who configures the site could ask
    for an act as one and approve it as another. The scope ``step_up`` is as good as having just confirmed again, so
    only its owner gets it, for as long as that holds.
    """
    if by is not None and by.pk != user.pk:
        access.require(by, Capability.CONFIGURE_SITE)
    name = " ".join(name.split())
    _check(user, name, scopes, expires_at)
    _check_owner(user, scopes, expires_at, by)
    secret = ApiToken.new_secret()
    token = ApiToken.objects.create(
        user=user,
        name=name,
        digest=hash_secret(secret),
        hint=secret[:HINT_LENGTH],
        scopes=[scope.value for scope in Scope if scope in scopes],
        expires_at=expires_at,
    )
    return IssuedToken(token, secret)


def _check(user: User, name: str, scopes: Sequence[str], expires_at: datetime | None) -> None:
    wrong: dict[str, Text] = {}
    if not user.is_active:
        wrong["user"] = _("This log-in is switched off.")
    if not name or len(name) > 80:
        wrong["name"] = _("Say in at most 80 characters what the token is for.")
    if not scopes or any(scope not in Scope.values for scope in scopes):
        wrong["scopes"] = _("Choose one or more of: %(scopes)s.") % {"scopes": ", ".join(Scope.values)}
    if expires_at is not None and expires_at <= clock.now():
        wrong["expires_at"] = _("This moment has passed. Choose a later one, or none.")
    if wrong:
        raise Invalid(wrong)


def _check_owner(user: User, scopes: Sequence[str], expires_at: datetime | None, by: User | None) -> None:
    if by is None:
        return
    if not may_have_from(user, by):
        raise Invalid({"user": NOT_FOR_THEM})
    if Scope.STEP_UP not in scopes:
        return
    if by.pk != user.pk:
        raise Invalid(
            {"scopes": _("Only the person themselves gets “step_up”, by logging in for the token.")}
        )
    longest = timedelta(minutes=settings.STEP_UP_MINUTES)
    if expires_at is None or expires_at > clock.now() + longest:
        words = _("With the scope step_up: %(limit)s seconds at most.")
        raise Invalid({"expires_in": words % {"limit": int(longest.total_seconds())}})


def may_have_from(user: User, by: User) -> bool:
    """Whether ``by`` may give ``user`` a token, powers to configure aside."""
    return by.pk == user.pk or not access.can(user, Capability.APPROVE_ACTS)


def revoke(token: ApiToken, *, by: User | None) -> None:
    """Make the token useless at once. Its owner may, and those who configure the site."""
    if by is not None and by.pk != token.user_id:
        access.require(by, Capability.CONFIGURE_SITE)
    if ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=clock.now()):
        audit.record(AuditKind.CONFIGURED, by=by, what="accounts.apitoken", row=token.pk, change="revoked")


def revoke_all(user: User) -> int:
    """Every key of this person, at once: whoever changes a password wants strangers out by every door."""
    count = ApiToken.objects.filter(user=user, revoked_at=None).update(revoked_at=clock.now())
    if count:
        audit.record(AuditKind.CONFIGURED, by=user, what="accounts.apitoken", change="revoked", count=count)
    return count


def note_use(token: ApiToken) -> None:
    """Remember that the token was used; at most once a minute, whoever asks at the same moment."""
    now = clock.now()
    if token.last_used_at is not None and now - token.last_used_at < USE_NOTED_EVERY:
        return
    long_ago = Q(last_used_at=None) | Q(last_used_at__lte=now - USE_NOTED_EVERY)
    ApiToken.objects.filter(long_ago, pk=token.pk).update(last_used_at=now)
