"""What a mail brings to the message that it becomes: the words that are new, and the files that may come in."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile
from django.utils import translation
from django.utils.translation import gettext as _

from tickets.actions import attachments
from tickets.actions.attachments import Withheld
from tickets.channels.email.knowing import Known
from tickets.choices import Channel
from tickets.rules.intake import MAX_BODY, clean_text
from tickets.rules.mail_subjects import is_forward
from tickets.rules.replies import split_reply


class MailFile(ContentFile):  # type: ignore[type-arg]
    """A file of a mail, with the id by which its HTML shows it in place."""

    def __init__(self, content: bytes, name: str, content_id: str) -> None:
        super().__init__(content, name=name or _("file"))
        self.content_id = content_id


def files_of(known: Known) -> tuple[list[Any], list[Withheld]]:
    files = [MailFile(file.content, file.name, file.content_id) for file in known.read.files]
    return attachments.sorted_out(files, at_most=attachments.most_files(Channel.EMAIL))


def body_of(known: Known) -> str:
    """What was written now; the whole text where that cannot be told, and a word for a mail without any."""
    whole = clean_text(known.read.text)
    text = whole if is_forward(known.read.subject) else clean_text(split_reply(whole).new) or whole
    if not text:
        with translation.override(known.brand.language):
            return _("(This mail has no text.)")
    if len(text) > MAX_BODY:
        return f"{text[: MAX_BODY - 1].rstrip()}…"
    return text
