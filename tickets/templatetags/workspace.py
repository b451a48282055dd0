"""How the agents' pages say times and texts."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from helpdesk.lib import clock
from helpdesk.lib.html import linked
from tickets.models import Message
from tickets.workspace import words

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
def looks_again(message: Message) -> int:
    """In how many seconds a page that watches a mail leave looks again: a little after it may."""
    return seconds_held(message) + 1 if message.is_held else LOOKS_AGAIN


@register.filter
def body(text: str) -> SafeString:
    """A message's plain text as HTML."""
    return linked(text)
