"""How the agents' pages say times and texts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from math import ceil

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from helpdesk.lib import clock
from helpdesk.lib.html import unlinked
from tickets.models import Attachment, Message
from tickets.rules import numbers
from tickets.workspace import words
from tickets.workspace.bulk.words import buttons
from tickets.workspace.mail_words import MailLine, mail_line

register = template.Library()
LOOKS_AGAIN = 8
#: As ``workspace.undo`` marks a message that offers to undo.
TAG = "undo-"


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
    """The plain text of a mail that came in, as HTML without links."""
    return unlinked(text)


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
    return [file for file in files if not (file.is_ornament and file.is_ready)]


@register.filter
def small_pictures(files: Iterable[Attachment]) -> list[Attachment]:
    """Logos and signs of a signature, shown in the mail where they belong."""
    return [file for file in files if file.is_ornament and file.is_ready]


@register.simple_tag
def bulk_buttons() -> list[tuple[str, str, str]]:
    """(value, sign, title) of what may be done to many tickets at once."""
    return buttons()


@register.filter
def undoes(message: object) -> str:
    """The number of the event that a message offers to undo; "" for others."""
    tags = str(getattr(message, "extra_tags", "") or "").split()
    return next((tag.removeprefix(TAG) for tag in tags if tag.startswith(TAG)), "")


@register.filter
def with_link(words: str, number: str) -> SafeString | str:
    """The case that a sentence names, as a link."""
    shown = numbers.display(number) if number else ""
    before, named, after = words.partition(shown) if shown else (words, "", "")
    if not named:
        return words
    address = reverse("workspace:ticket", args=[number])
    return format_html('{}<a href="{}">{}</a>{}', before, address, named, after)


@register.filter
def shown_number(number: str) -> str:
    return numbers.display(number)


@register.filter
def due(moment: datetime) -> words.Due:
    """For ``due.html``."""
    return words.due_at(moment)
