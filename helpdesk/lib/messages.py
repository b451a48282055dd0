"""What a page says once, after the next step ("it was saved"): where it waits meanwhile."""

from __future__ import annotations

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class _Cookie(CookieStorage):
    """Named as the other cookies are, so that no host beside this one can plant it."""

    cookie_name = f"{settings.COOKIE_PREFIX}messages"


class Storage(FallbackStorage):
    """In a signed cookie; in the session what is too long for one."""

    storage_classes = (_Cookie, SessionStorage)
