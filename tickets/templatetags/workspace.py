"""How the agents' pages say times and texts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from math import ceil

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from helpdesk.lib import clock
from helpdesk.lib.html import linked
from tickets.models import Attachment, Message
from tickets.workspace import words
from tickets.workspace.bulk.words import buttons
from tickets.workspace.mail_words import MailLine, mail_line

register = template.Library()
LOOKS_AGAIN = 8


@register.filter
def ago(moment: datetime | None) -> SafeString | str:
    """``3 h ago``, the exact time with its zone on hover."""
    if moment is None:
        return ""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        moment.isoformat(timespec="seconds"),
        words.exactly(moment),
        words.ago(moment),
    )


@register.filter
def exactly(moment: datetime) -> str:
    return words.exactly(moment)


@register.filter
def seconds_held(message: Message) -> int:
    """For how many seconds more it may be taken back."""
    left = message.held_until - clock.now() if message.held_until else timedelta()
    return max(ceil(left.total_seconds()), 0)


@register.filter
def leaves_in(message: Message) -> str:
    return _("Leaves in {seconds} s").format(seconds=seconds_held(message))


@register.filter
def looks_again(message: Message) -> int:
    """In how many seconds a page that watches a mail leave looks again: a little after it may."""
    return seconds_held(message) + 1 if message.is_held else LOOKS_AGAIN


@register.filter
def body(text: str) -> SafeString:
    """A message's plain text as HTML."""
    return linked(text)


@register.filter
def mail(message: Message) -> MailLine | None:
    """The mail that a message came by."""
    return mail_line(message)


@register.filter
def by_another(message: Message) -> bool:
    """Came by mail from somebody who is not the customer."""
    line = mail_line(message)
    return line is not None and message.by_customer and line.is_by_another


@register.filter
def worth_a_look(files: Iterable[Attachment]) -> list[Attachment]:
    return [file for file in files if not file.is_ornament]


@register.filter
def small_pictures(files: Iterable[Attachment]) -> list[Attachment]:
    """Logos and signs of a signature, shown in the mail where they belong."""
    return [file for file in files if file.is_ornament]


@register.simple_tag
def bulk_buttons() -> list[tuple[str, str, str]]:
    """(value, sign, title) of what may be done to many tickets at once."""
    return buttons()
