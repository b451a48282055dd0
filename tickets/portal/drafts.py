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
from tickets.actions.file_intake import How, Judged, admit
from tickets.gateways.storage import private_storage
from tickets.rules.secrets import Kind

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
    content_type: str
    #: Why its text could not be looked through; which kinds of secrets were taken out of it, and how.
    unread: str = ""
    removed: tuple[str, ...] = ()
    how: str = ""

    def open(self) -> File[bytes] | None:
        """None when it is gone: the same form, sent twice, was quicker elsewhere and has stored it with its case."""
        try:
            file = private_storage().open(self.path, "rb")
        except FileNotFoundError:
            return None
        return Judged(
            file,
            name=self.name,
            content_type=self.content_type,
            unread=self.unread,
            removed=[Kind(kind) for kind in self.removed],
            how=How(self.how) if self.how else None,
        )


def keep(files: Iterable[File[bytes]], *, form_key: str) -> list[Draft]:
    """Put files aside for the form with this key, as they may be stored. Raises file_intake.Refused."""
    storage = private_storage()
    _sweep(storage)
    return [_keep_one(storage, file, form_key) for file in files]


def _keep_one(storage: Storage, file: File[bytes], form_key: str) -> Draft:
    file = admit(file)
    file.seek(0)
    path = storage.save(f"{FOLDER}/{clock.now():%Y-%m-%d}/{secrets.token_hex(16)}", file)
    told = [kind.value for kind in file.removed], file.how.value if file.how else ""  # type: ignore[attr-defined]
    known = [file.name, file.size, path, file.content_type, file.unread, *told]  # type: ignore[attr-defined]
    return _draft(signing.dumps([form_key, *known], salt=_SALT), *known)


def _draft(
    signed: str, name: str, size: int, path: str, content_type: str, unread: str, removed: list[str], how: str
) -> Draft:
    return Draft(name, size, path, signed, content_type, unread, tuple(removed), how)


def find(signed: Sequence[str], *, form_key: str) -> list[Draft]:
    """The drafts that a form names; one that is not its own, or is gone, is left out."""
    found = [_find_one(value, form_key) for value in dict.fromkeys(signed)]
    return [draft for draft in found if draft is not None]


def _find_one(value: str, form_key: str) -> Draft | None:
    try:
        key, *known = signing.loads(value, salt=_SALT, max_age=LIFETIME)
        draft = _draft(value, *known)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return draft if key == form_key and private_storage().exists(draft.path) else None


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
