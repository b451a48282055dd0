"""Files of a form that could not be sent yet: kept, so that nobody has to choose them again.

A file lies in private storage under a random name; what it is called and to which form it belongs travels with the
form, signed. So nothing is stored about who wrote it, and a form can be mended hours later, in another session.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.core import signing
from django.core.files.base import File
from django.core.files.storage import Storage

from helpdesk.lib import clock
from tickets.actions.intake import admit_file_name
from tickets.gateways.storage import private_storage

FOLDER = "drafts"
LIFETIME = timedelta(days=1)
_SALT = "helpdesk.portal.draft"


@dataclass(frozen=True)
class Draft:
    """A file waiting for its form. ``ticket`` in the form's language: the signed value that names it."""

    name: str
    size: int
    path: str
    signed: str

    def open(self) -> File[bytes] | None:
        """None when it is gone: the same form, sent twice, was quicker elsewhere and has stored it with its case."""
        try:
            file = private_storage().open(self.path, "rb")
        except FileNotFoundError:
            return None
        file.name = self.name
        return file


def keep(files: Iterable[File[bytes]], *, form_key: str) -> list[Draft]:
    """Put files aside for the form with this key."""
    storage = private_storage()
    _sweep(storage)
    return [_keep_one(storage, file, form_key) for file in files]


def _keep_one(storage: Storage, file: File[bytes], form_key: str) -> Draft:
    file.seek(0)
    path = storage.save(f"{FOLDER}/{clock.now():%Y-%m-%d}/{secrets.token_hex(16)}", file)
    name = admit_file_name(file.name or "")
    signed = signing.dumps([form_key, path, name, file.size], salt=_SALT)
    return Draft(name, file.size, path, signed)


def find(signed: Sequence[str], *, form_key: str) -> list[Draft]:
    """The drafts that a form names; one that is not its own, or is gone, is left out."""
    found = [_find_one(value, form_key) for value in dict.fromkeys(signed)]
    return [draft for draft in found if draft is not None]


def _find_one(value: str, form_key: str) -> Draft | None:
    try:
        key, path, name, size = signing.loads(value, salt=_SALT, max_age=LIFETIME)
    except (signing.BadSignature, ValueError):
        return None
    if key != form_key or not private_storage().exists(path):
        return None
    return Draft(name, size, path, value)


def drop(drafts: Iterable[Draft]) -> None:
    """The form was sent, or the writer took the file away."""
    storage = private_storage()
    for draft in drafts:
        storage.delete(draft.path)


def _sweep(storage: Storage) -> None:
    """Remove what was given up: one folder per day, so looking costs nothing."""
    oldest = (clock.now() - LIFETIME).date()
    if not storage.exists(FOLDER):
        return
    for folder in storage.listdir(FOLDER)[0]:
        if _day_of(folder, oldest) < oldest:
            for name in storage.listdir(f"{FOLDER}/{folder}")[1]:
                storage.delete(f"{FOLDER}/{folder}/{name}")
            storage.delete(f"{FOLDER}/{folder}")


def _day_of(folder: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(folder)
    except ValueError:
        return otherwise
