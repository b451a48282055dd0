"""What the portal's templates need beyond Django's own tags."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django import template
from django.conf import settings
from django.forms import BoundField
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from accounts.models import Brand
from accounts.web.theme import theme_of
from helpdesk.lib.colour import ink_on, readable
from helpdesk.lib.html import linked, unlinked
from knowledgebase.queries.browse import Entry
from tickets.choices import Markup
from tickets.models import Category, Message
from tickets.portal import words
from tickets.portal.looks import ICONS, icon_of
from tickets.rules.attachments import ALLOWED

register = template.Library()

#: Grounds that the brand's colour is read on, from tokens.css: --surface-2 in light, --surface-2 in dark.
LIGHT_GROUND, DARK_GROUND = "#eef0f4", "#20262f"

#: For systems that know a file by its ending only.
ENDINGS = (".heic", ".docx", ".xlsx", ".txt", ".log", ".csv", ".md")

register.filter("moment", words.moment)
register.filter("stamp", words.stamp)


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """A drawing out of the one sprite; it says nothing to a screen reader, the words beside it do."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        css,
        static("img/icons.svg"),
        name if name in ICONS else "help",
    )


@register.simple_tag
def category_icon(category: Category) -> SafeString:
    return icon(icon_of(category))


@register.simple_tag(takes_context=True)
def theme(context: dict[str, Any]) -> str:
    request = context.get("request")
    return theme_of(request) if isinstance(request, HttpRequest) else "auto"


@register.simple_tag
def brand_colours(brand: Brand | None) -> SafeString:
    """The brand's colour as tokens, in a shade that can be read, for light and for dark."""
    if not brand or not re.fullmatch(r"#[0-9a-fA-F]{6}", brand.accent):
        return mark_safe("")  # nosec B308
    light, dark = _tokens(brand.accent, LIGHT_GROUND), _tokens(brand.accent, DARK_GROUND)
    return mark_safe(  # noqa: S308 - built from six hexadecimal digits  # nosec B308 B703
        f':root{{{light}}}:root[data-theme="dark"]{{{dark}}}'
        f'@media (prefers-color-scheme:dark){{:root[data-theme="auto"]{{{dark}}}}}'
    )


@register.simple_tag
def brand_mark(brand: Brand, place: int) -> SafeString:
    """The colour of one brand's mark where several stand side by side."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", brand.accent):
        return mark_safe("")  # nosec B308
    shade = readable(brand.accent, LIGHT_GROUND)
    return mark_safe(f'[data-brand="{int(place)}"]{{background:{shade};color:{ink_on(shade)}}}')  # noqa: S308  # nosec B308 B703


def _tokens(accent: str, ground: str) -> str:
    shade = readable(accent, ground)
    return f"--accent:{shade};--on-accent:{ink_on(shade)};--link:{shade};--focus:{shade}"


@register.simple_tag(takes_context=True)
def article_url(context: dict[str, Any], entry: Entry) -> str:
    article = entry.article
    return reverse("portal:article", args=[context["request"].brand.slug, article.section.slug, article.slug])


@register.simple_tag
def plain(field: BoundField) -> SafeString:
    """A form's field without the placeholder that allauth gives it: the label stands above."""
    return field.as_widget(attrs={"placeholder": ""})


@register.simple_tag
def upload_limits() -> dict[str, object]:
    size = settings.ATTACHMENT_MAX_MB
    return {
        "count": settings.ATTACHMENT_MAX_COUNT,
        "size": size,
        "bytes": size * 1024 * 1024,
        "accept": ",".join([*sorted(ALLOWED), *ENDINGS]),
    }


@register.filter
def letter(text: str) -> SafeString:
    """A message's plain text as paragraphs, its addresses as links."""
    return _paragraphs(text, linked)


def _paragraphs(text: str, shown: Callable[[str], SafeString]) -> SafeString:
    paragraphs = [part for part in re.split(r"\n{2,}", text.replace("\r\n", "\n")) if part.strip()]
    return format_html_join("", "<p>{}</p>", ((shown(part),) for part in paragraphs))


@register.filter
def prose(message: Message) -> SafeString:
    """A message as paragraphs, whichever way it was written. What customers write has no links, for themselves too: the
    page may be read by others.
    """
    if message.by_customer:
        return _paragraphs(message.words, unlinked)
    return message.html if message.markup == Markup.MARKDOWN else letter(message.words)


@register.filter
def first_name(name: str) -> str:
    """Staff sign with their first name; a Chinese name has no space and stays whole."""
    return name.split(" ")[0] if name else ""


@register.filter
def initial(name: str) -> str:
    return next((char for char in name if char.isalnum()), "?").upper()
