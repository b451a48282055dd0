"""Where attachments lie: a private folder that no web server serves, or a private bucket."""

from __future__ import annotations

from django.core.files.storage import Storage, storages


def private_storage() -> Storage:
    """Chosen when used, so that settings and tests may name another place."""
    return storages["private"]
