"""What a file is, in a word and a sign."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tickets.choices import FileState
from tickets.models import Attachment
from tickets.rules.file_texts import Why

#: By the type that was found in the content: (name of a sign in the icon font, word).
_KINDS: Mapping[str, tuple[str, str | Promise]] = {
    "application/pdf": ("picture_as_pdf", "PDF"),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ("description", "Word"),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ("table", "Excel"),
    "text/plain": ("article", _("text")),
    "image/heic": ("image", "HEIC"),
    "video/mp4": ("movie", _("video")),
    "video/quicktime": ("movie", _("video")),
    "audio/mpeg": ("music_note", _("audio")),
    "audio/m4a": ("music_note", _("audio")),
}
_OTHER: tuple[str, str | Promise] = ("draft", _("file"))
_ENDINGS = {".csv": "CSV", ".log": "log", ".md": "Markdown"}


_STATES: Mapping[str, str | Promise] = {
    FileState.WAITING: _("It is being checked for viruses."),
    FileState.QUARANTINED: _("Held back: %(finding)s"),
    FileState.DELETED: _("Deleted from quarantine: %(finding)s"),
}
_UNREAD: Mapping[str, str | Promise] = {
    Why.LOCKED: _("It asks for a password, so it could not be looked through for secrets."),
    Why.DAMAGED: _("It is damaged, so it could not be looked through for secrets."),
    Why.TOO_LONG: _("It is too long to be looked through for secrets to its end."),
}


def state_of(file: Attachment) -> str:
    words = str(_STATES.get(file.state, ""))
    return words % {"finding": file.finding} if file.finding else words.partition("%")[0].rstrip(":： ")


def unread_of(file: Attachment) -> str:
    return str(_UNREAD.get(file.unread, ""))


def sign_of(file: Attachment) -> str:
    return _KINDS.get(file.content_type, _OTHER)[0]


def kind_of(file: Attachment) -> str:
    ending = "." + file.name.lower().rpartition(".")[2]
    if file.is_text and ending in _ENDINGS:
        return _ENDINGS[ending]
    return str(_KINDS.get(file.content_type, _OTHER)[1])
