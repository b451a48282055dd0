"""How the conversation on an agent's page shows messages, days and files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django import template
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from helpdesk.lib import clock
from helpdesk.lib.html import linked_but_quotes, unlinked
from helpdesk.lib.marked import marked
from tickets.choices import Markup
from tickets.models import Attachment, Message
from tickets.rules import quoting
from tickets.workspace import file_words

register = template.Library()


@dataclass(frozen=True)
class ShownPart:
    html: SafeString
    is_quoted: bool
    lines: int
    beginning: str


@dataclass(frozen=True)
class Shown:
    """``lines``: of the writer's own words."""

    parts: Sequence[ShownPart]
    is_long: bool
    lines: int


@register.filter
def shown(message: Message) -> Shown:
    """What somebody wrote, quotations apart."""
    found = quoting.parts(message.words)
    parts = [_part(message, part) for part in found if part.text.strip()]
    lines = sum(part.lines for part in parts if not part.is_quoted)
    return Shown(parts, quoting.is_long(found), lines)


def _part(message: Message, part: quoting.Part) -> ShownPart:
    text = part.text.strip("\n")
    html = _html_of(message, text, is_quoted=part.is_quoted)
    return ShownPart(html, part.is_quoted, part.lines, part.beginning if part.is_quoted else "")


def _html_of(message: Message, text: str, *, is_quoted: bool) -> SafeString:
    """Links are staff's own alone. What others wrote or is quoted is defanged, with a button to copy it."""
    if message.by_customer or is_quoted:
        return unlinked(text, copy_button)
    return marked(text) if message.markup == Markup.MARKDOWN else linked_but_quotes(text)


def copy_button(text: str) -> str:
    return render_to_string("workspace/copy_button.html", {"text": text})


@register.filter
def day(of: date) -> str:
    """Today, yesterday, or the date."""
    today = localtime(clock.now()).date()
    if of == today:
        return _("Today")
    if of == today - timedelta(days=1):
        return _("Yesterday")
    return date_format(of, "DATE_FORMAT")


@register.filter
def pictures(files: Sequence[Attachment]) -> list[Attachment]:
    return [file for file in files if file.is_image and file.is_ready]


@register.filter
def other_files(files: Sequence[Attachment]) -> list[Attachment]:
    return [file for file in files if not (file.is_image and file.is_ready)]


@register.filter
def file_sign(file: Attachment) -> str:
    return file_words.sign_of(file)


@register.filter
def file_kind(file: Attachment) -> str:
    return file_words.kind_of(file)


@register.filter
def file_state(file: Attachment) -> str:
    """Why it cannot be opened."""
    return file_words.state_of(file)


@register.filter
def file_unread(file: Attachment) -> str:
    """Why nobody looked through it for secrets; "" where somebody did, or nothing can be read in it."""
    return file_words.unread_of(file)
