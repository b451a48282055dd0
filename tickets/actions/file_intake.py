"""The one step through which every file enters, before anything of it is stored: its true type, pictures painted anew,
texts without their secrets, what holds one and cannot be mended replaced by a note.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.utils.functional import cached_property

from tickets.actions.intake import admit_file_name
from tickets.choices import FileState
from tickets.gateways.pdf import pdf_text
from tickets.models import Attachment
from tickets.rules import attachments as rules
from tickets.rules import pictures
from tickets.rules.file_texts import (
    OFFICE_KINDS,
    Unreadable,
    Why,
    hidden_kinds,
    office_text,
    readings,
    written,
)
from tickets.rules.removal_note import removal_note
from tickets.rules.secrets import Kind
from tickets.rules.secrets.guard import guard

#: Bytes of a plain text. All of it is looked through: a second for two million.
MAX_TEXT_FILE = 4_000_000
#: Of what no reader understands, so much is looked through as if it were text.
_RAW = 300_000
_WORDS = re.compile(r"[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd]{8,}")
_PDF = "application/pdf"
_ZIP = "application/zip"  # not taken in; but the mail that brought it is kept


class Refusal(StrEnum):
    """Why a file may not come in."""

    TOO_LARGE = "too_large"
    EMPTY = "empty"
    KIND = "kind"
    TOO_MANY = "too_many"
    DAMAGED = "damaged"
    TOO_MANY_PIXELS = "too_many_pixels"
    LONG_TEXT = "long_text"
    BOMB = "bomb"


#: Some troubles are no accidents.
_REFUSED = {Why.BOMB.value: Refusal.BOMB, Why.MACROS.value: Refusal.KIND}


class Refused(Exception):
    def __init__(self, why: Refusal) -> None:
        super().__init__(why.value)
        self.why = why


class How(StrEnum):
    """What was done about a secret in a file."""

    REWRITTEN = "rewritten"
    REPLACED = "replaced"
    RENAMED = "renamed"


class Admitted(ContentFile):  # type: ignore[type-arg]
    """A file as it may be stored. ``removed`` are the kinds of secrets that were taken out of it or its name."""

    def __init__(
        self,
        content: bytes,
        *,
        name: str,
        content_type: str,
        content_id: str = "",
        unread: str = "",
        removed: Iterable[Kind] = (),
        how: How | None = None,
        state: FileState | None = None,
        finding: str = "",
    ) -> None:
        super().__init__(content, name=name)
        self.content_type = content_type
        self.content_id = content_id
        self.unread = unread
        self.removed = tuple(dict.fromkeys(removed))
        self.how = how
        #: Of a file that was judged before: the copy is what its original is. None: nobody has judged it.
        self.state = state
        self.finding = finding


class Judged(File):  # type: ignore[type-arg]
    """A file that was admitted before and lies in the private storage meanwhile, opened again."""

    is_admitted = True
    content_id = ""
    state: FileState | None = None
    finding = ""

    def __init__(
        self,
        file: Any,
        *,
        name: str,
        content_type: str,
        unread: str = "",
        removed: Iterable[Kind] = (),
        how: How | None = None,
    ) -> None:
        super().__init__(file, name=name)
        self.content_type = content_type
        self.unread = unread
        self.removed = tuple(removed)
        self.how = how


def admit(file: File[bytes]) -> File[bytes]:
    """Raises Refused. What was admitted before is given back as it is."""
    if getattr(file, "is_admitted", False) or isinstance(file, Admitted):
        return file
    return _Intake(file).admitted()


def copy_of(stored: Attachment) -> Admitted:
    """The file of another message, for a message of its own. Raises FileNotFoundError where the store has lost it."""
    with stored.file.storage.open(stored.file.name or "", "rb") as handle:
        return Admitted(
            handle.read(),
            name=stored.name,
            content_type=stored.content_type,
            content_id=stored.content_id,
            unread=stored.unread,
            state=FileState(stored.state),
            finding=stored.finding,
        )


def kinds_in(content: bytes, name: str) -> tuple[Kind, ...]:
    """Which secrets a file's content and name hold, whether we would take the file or not."""
    content_type = rules.sniff(content[: rules.SNIFF_BYTES], name)
    kinds = dict.fromkeys(guard(name).kinds)
    if content_type in pictures.KINDS:
        return tuple(kinds)
    is_binary = b"\x00" in content[: rules.SNIFF_BYTES]
    if content_type in rules.TEXTS or (content_type == rules.UNKNOWN and not is_binary):
        return tuple(kinds | dict.fromkeys(_kinds_in_any_reading(content[:MAX_TEXT_FILE])))
    text, _why = _text_of(content, content_type)
    return tuple(kinds | dict.fromkeys(_kinds_of(text)))


class _Intake:
    def __init__(self, file: File[bytes]) -> None:
        self.file = file
        self.named = guard(file.name or "")

    def admitted(self) -> Admitted:
        size = self.file.size
        if size > settings.ATTACHMENT_MAX_MB * 1024 * 1024:
            raise Refused(Refusal.TOO_LARGE)
        if size == 0:
            raise Refused(Refusal.EMPTY)
        if not rules.is_allowed(self.content_type):
            raise Refused(Refusal.KIND)
        if self.content_type in pictures.KINDS:
            return self._picture()
        return self._text() if self.content_type in rules.TEXTS else self._document()

    @cached_property
    def content(self) -> bytes:
        self.file.seek(0)
        content: bytes = self.file.read()
        return content

    @cached_property
    def content_type(self) -> str:
        return rules.sniff(self.content[: rules.SNIFF_BYTES], self.file.name or "")

    def _picture(self) -> Admitted:
        try:
            painted = pictures.repaint(self.content, self.content_type)
        except pictures.BadPicture as problem:
            raise Refused(Refusal(problem.trouble.value)) from problem
        ending = ".jpg" if painted.content_type != self.content_type else ""
        return self._kept(painted.content, painted.content_type, ending=ending)

    def _text(self) -> Admitted:
        if len(self.content) > MAX_TEXT_FILE:
            raise Refused(Refusal.LONG_TEXT)
        for reading in readings(self.content):
            guarded = guard(reading.text)
            if hidden := hidden_kinds(guarded.text):
                return self._replaced((*guarded.kinds, *hidden))
            if guarded.kinds:
                content = written(guarded.text, reading)
                return self._kept(content, self.content_type, removed=guarded.kinds, how=How.REWRITTEN)
        return self._kept(self.content, self.content_type)

    def _document(self) -> Admitted:
        text, unread = _text_of(self.content, self.content_type)
        if unread in _REFUSED:
            raise Refused(_REFUSED[unread])
        if kinds := _kinds_of(text):
            return self._replaced(kinds)
        return self._kept(self.content, self.content_type, unread=unread)

    def _replaced(self, kinds: tuple[Kind, ...]) -> Admitted:
        name = admit_file_name(self.named.text)
        note = removal_note(name, [*self.named.kinds, *kinds]).encode()
        return self._kept(note, "text/plain", removed=kinds, how=How.REPLACED, ending=".txt")

    def _kept(self, content: bytes, content_type: str, *, ending: str = "", **more: Any) -> Admitted:
        removed = (*self.named.kinds, *more.pop("removed", ()))
        how = more.pop("how", None) or (How.RENAMED if removed else None)
        name = admit_file_name(self.named.text)
        name = rules.with_ending(name, ending) if ending else rules.with_true_ending(name, content_type)
        return Admitted(
            content,
            name=name,
            content_type=content_type,
            content_id=getattr(self.file, "content_id", ""),
            removed=removed,
            how=how,
            **more,
        )


def _text_of(content: bytes, content_type: str) -> tuple[str, str]:
    """(what it says, why not all of it could be read)."""
    if content_type == _PDF:
        found = pdf_text(content)
        return (f"{found.text}\n{_raw(content)}", found.trouble) if found.trouble else (found.text, "")
    try:
        if content_type in OFFICE_KINDS or content_type == _ZIP:
            return office_text(content), ""
    except Unreadable as problem:
        return f"{problem.text}\n{_raw(content)}", problem.why.value
    return _raw(content), ""


def _raw(content: bytes) -> str:
    """What can be read in bytes that nobody understands: the name of a song, a text that only begins like one."""
    return "\n".join(_WORDS.findall(content[:_RAW].decode("utf-8", "replace")))


def _kinds_in_any_reading(content: bytes) -> tuple[Kind, ...]:
    return next((kinds for reading in readings(content) if (kinds := _kinds_of(reading.text))), ())


def _kinds_of(text: str) -> tuple[Kind, ...]:
    guarded = guard(text)
    return tuple(dict.fromkeys((*guarded.kinds, *hidden_kinds(guarded.text))))
