"""Finding the token behind a secret."""

from __future__ import annotations

from accounts.models import ApiToken
from accounts.models.api_tokens import PREFIX, hash_secret
from helpdesk.lib.rows import one_or_none


def usable_token(secret: str) -> ApiToken | None:
    """The token with this secret and its user, if it may still be used; looked up by hash, never by secret."""
    if not secret.startswith(PREFIX):
        return None
    return one_or_none(ApiToken.objects.usable().select_related("user").filter(digest=hash_secret(secret)))
