"""Finding the token behind a secret."""

from __future__ import annotations

from accounts.models import ApiToken, User
from accounts.models.api_tokens import PREFIX, hash_secret
from helpdesk.lib import clock
from helpdesk.lib.rows import columns, fetch


def usable_token(secret: str) -> ApiToken | None:
    """The token with this secret and its user, if it may still be used; looked up by hash, never by secret.

    Says the same as ``ApiToken.objects.usable()``, in a statement of its own: every request of the API asks it.
    """
    if not secret.startswith(PREFIX):
        return None
    sql = (
        f"SELECT {columns(ApiToken, 't')}, {columns(User, 'u')} FROM accounts_apitoken t "  # noqa: S608 - names only
        "JOIN accounts_user u ON u.id = t.user_id AND u.is_active "
        "WHERE t.digest = %s AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > %s)"
    )
    for token, user in fetch([ApiToken, User], sql, [hash_secret(secret), clock.now()]):
        token.user = user
        return token  # type: ignore[no-any-return]
    return None
