"""Markdown of an article to HTML that is safe to show, and to plain text for searching.

Raw HTML in the source is shown as text; what the converter makes is then cleaned again by a list of what may stay,
so that neither of the two has to be perfect alone.
"""

from __future__ import annotations

from functools import lru_cache

import nh3
from markdown_it import MarkdownIt

_TAGS = {
    *(
        "p",
        "br",
        "hr",
        "h2",
        "h3",
        "h4",
        "ul",
        "ol",
        "li",
        "strong",
        "em",
        "s",
        "code",
        "pre",
        "blockquote",
        "a",
    ),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
_SCHEMES = {"http", "https", "mailto", "tel"}
#: The page has its own <h1>; an author's first level becomes the second.
_DEEPER = {"h1": "h2", "h5": "h4", "h6": "h4"}


@lru_cache(maxsize=1)
def _converter() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


@lru_cache(maxsize=512)
def to_html(source: str) -> str:
    """Cleaned HTML. Kept per text: an article is read far more often than written."""
    tokens = _converter().parse(source)
    for token in tokens:
        token.tag = _DEEPER.get(token.tag, token.tag)
    html = _converter().renderer.render(tokens, _converter().options, {})
    return nh3.clean(
        html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel="noopener noreferrer"
    )


def to_plain(source: str) -> str:
    """The words alone: no marks, no addresses of links."""
    lines: list[str] = []
    for token in _converter().parse(source):
        if token.type in {"fence", "code_block"}:
            lines.append(token.content)
        for child in token.children or []:
            if child.type in {"text", "code_inline"}:
                lines.append(child.content)
            elif child.type in {"softbreak", "hardbreak"}:
                lines.append("\n")
        lines.append("\n")
    return " ".join("".join(lines).split())
