"""Plain text as HTML: escaped, lines kept, web addresses made links; or, in what strangers wrote, made harmless."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from helpdesk.lib.defang import defanged, defanged_links

# Chinese is written without blanks: its punctuation ends an address.
_ADDRESS = re.compile(r"https?://[^\s<>\"'“”‘’（）【】《》「」，。；：！？、]+", re.IGNORECASE)
_NOT_AT_THE_END = ".,;:!?*_~"
_BRACKETS = {")": "(", "]": "[", "}": "{"}


def linked(text: str) -> SafeString:
    """Only http and https become links; whatever else the text holds is shown as it was typed."""
    lines = text.replace("\r\n", "\n").split("\n")
    return mark_safe("<br>\n".join("".join(_parts(line)) for line in lines))  # noqa: S308 - every part is escaped  # nosec B308 B703


def unlinked(text: str, after: Callable[[str], str] | None = None) -> SafeString:
    """No address becomes a link: each is shown so that nothing opens it, ``hxxps://evil[.]com``.

    ``after`` makes HTML that follows an address, such as a button that copies it.
    """
    lines = text.replace("\r\n", "\n").split("\n")
    return mark_safe("<br>\n".join("".join(_harmless(line, after)) for line in lines))  # noqa: S308 - escaped  # nosec B308 B703


def linked_but_quotes(text: str) -> SafeString:
    """As ``linked``; but what is quoted are somebody else's words."""
    lines = text.replace("\r\n", "\n").split("\n")
    shown = (unlinked(line) if line.lstrip().startswith(">") else linked(line) for line in lines)
    return mark_safe("<br>\n".join(shown))  # noqa: S308 - every part is escaped  # nosec B308 B703


def _harmless(line: str, after: Callable[[str], str] | None) -> Iterator[str]:
    done = 0
    for match in _ADDRESS.finditer(line):
        address = _without_tail(match.group())
        if address.partition("://")[2]:
            yield escape(defanged_links(line[done : match.start()]))
            shown = defanged(address)
            yield f'<span class="defanged">{escape(shown)}</span>{after(shown) if after else ""}'
            done = match.start() + len(address)
    yield escape(defanged_links(line[done:]))


def _parts(line: str) -> Iterator[str]:
    done = 0
    for match in _ADDRESS.finditer(line):
        address = _without_tail(match.group())
        if address.partition("://")[2]:
            yield escape(line[done : match.start()])
            yield f'<a href="{escape(address)}" rel="noopener nofollow">{escape(address)}</a>'
            done = match.start() + len(address)
    yield escape(line[done:])


def _without_tail(address: str) -> str:
    """The full stop after an address ends the sentence; a bracket belongs to it only when it was opened in it."""
    extra = {
        closing: address.count(closing) - address.count(opening) for closing, opening in _BRACKETS.items()
    }
    end = len(address)
    while end and (address[end - 1] in _NOT_AT_THE_END or extra.get(address[end - 1], 0) > 0):
        end -= 1
        if address[end] in extra:
            extra[address[end]] -= 1
    return address[:end]
