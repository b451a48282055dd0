"""How the agents' pages say times and texts."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from helpdesk.lib.html import linked
from tickets.workspace import words

register = template.Library()


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
def body(text: str) -> SafeString:
    """A message's plain text as HTML."""
    return linked(text)
