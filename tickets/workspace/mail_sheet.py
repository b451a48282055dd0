"""The HTML of a mail as a page of its own, to be shown in a frame.

Its tags were cleaned when it came in (``tickets.channels.email.reading``). The frame does not rely on that: its sandbox
runs nothing, and its policy loads nothing but what stands in the page itself.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from html.parser import HTMLParser
from urllib.parse import unquote

from django.utils.html import escape

from helpdesk.lib.defang import defanged
from tickets.models import Attachment

#: Of pictures in one mail; base64 makes a third more of it.
MAX_PICTURES = 10 * 1024 * 1024
SANDBOX = ""

#: They load or lead elsewhere in ways that no policy speaks of.
_LEFT_OUT = frozenset({"base", "link", "meta"})
_REMOTE = "data-remote-src"
Attributes = Sequence[tuple[str, str | None]]

#: A white sheet whatever the reader's theme: what mails write is meant for one.
_PAGE = """<!DOCTYPE html>
<html lang="">
<head>
<meta charset="utf-8">
<meta name="color-scheme" content="light">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title></title>
<style>
html {{ background: #fff; color: #14181f; font: 14px/1.5 system-ui, "PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; }}
body {{ margin: 12px; overflow-wrap: anywhere; }}
img {{ max-width: 100%; height: auto; }}
img:not([src]) {{ min-width: 24px; min-height: 24px; border: 1px dashed #868e9b; border-radius: 4px; color: #4a5361; font-size: 12px; }}
pre {{ white-space: pre-wrap; }}
.lead {{ text-decoration: underline dotted; }}
small {{ color: #4a5361; }}
blockquote {{ margin: 0 0 0 4px; padding-left: 12px; border-left: 2px solid #d5d9e0; }}
</style>
</head>
<body>{body}</body>
</html>
"""  # noqa: E501


def policy(*, remote_images: bool) -> str:
    """Content-Security-Policy of the frame. ``style``: mails carry their looks with each element."""
    images = "https: data:" if remote_images else "data:"
    return (
        f"default-src 'none'; img-src {images}; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
        f"frame-ancestors 'self'; {f'sandbox {SANDBOX}'.strip()}"
    )


def page(html: str, pictures: Mapping[str, Attachment], *, remote_images: bool) -> str:
    """The page in the frame. ``pictures`` stand where the mail shows them, as far as MAX_PICTURES goes."""
    writer = _Writer(_Embedded(pictures), remote_images)
    writer.feed(html)
    writer.close()
    return _PAGE.format(body="".join(writer.written))


class _Embedded:
    """Pictures as ``data:`` addresses: the frame has no log-in with which it could fetch them."""

    def __init__(self, pictures: Mapping[str, Attachment]) -> None:
        self._pictures = pictures
        self._made: dict[str, str] = {}
        self._room = MAX_PICTURES

    def __call__(self, content_id: str) -> str | None:
        """None where there is no such picture, its file is gone, or no room is left."""
        picture = self._pictures.get(content_id)
        if picture is None or picture.size > self._room:
            return None
        if content_id not in self._made:
            self._made[content_id] = _data(picture)
        self._room -= picture.size  # each time: shown a thousand times, it would weigh a thousand times
        return self._made[content_id] or None


def _data(picture: Attachment) -> str:
    try:
        with picture.file.open("rb") as file:
            content = base64.b64encode(file.read()).decode("ascii")
    except FileNotFoundError:
        return ""
    return f"data:{picture.content_type};base64,{content}"


class _Writer(HTMLParser):
    """Writes what it reads, but for pictures and links: a link is words, with its address behind them."""

    def __init__(self, embedded: Callable[[str], str | None], remote_images: bool) -> None:
        super().__init__(convert_charrefs=False)
        self.written: list[str] = []
        self._embedded = embedded
        self._remote_images = remote_images
        self._leads_to: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _LEFT_OUT:
            return
        if tag == "img":
            self.written.append(_spelled(tag, self._picture(attrs)))
        elif tag == "a":
            self._leads_to.append(defanged(dict(attrs).get("href") or ""))
            self.written.append('<span class="lead">')
        elif tag == "area":
            return
        else:
            self.written.append(self.get_starttag_text() or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            # Where it would lead is said, for who judges the mail; nothing opens it.
            leads_to = self._leads_to.pop() if self._leads_to else ""
            tag = f"span> <small>[{escape(leads_to)}]</small" if leads_to else "span"
        self.written.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.written.append(data)

    def handle_entityref(self, name: str) -> None:
        self.written.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.written.append(f"&#{name};")

    def _picture(self, attrs: Attributes) -> Attributes:
        known = dict(attrs)
        source = self._source(known.get("src") or "", known.get(_REMOTE) or "")
        kept = [(name, value) for name, value in attrs if name not in ("src", "srcset", _REMOTE)]
        return [*kept, ("src", source)] if source else kept

    def _source(self, source: str, remote: str) -> str | None:
        if source.lower().startswith("cid:"):
            return self._embedded(unquote(source[4:]))
        if source:
            return source
        if not (remote and self._remote_images):
            return None
        # The frame's policy knows https only, and most servers that speak http speak both.
        return f"https:{remote[5:]}" if remote.lower().startswith("http:") else remote


def _spelled(tag: str, attrs: Attributes) -> str:
    written = "".join(
        f' {name}="{escape(value)}"' if value is not None else f" {name}" for name, value in attrs
    )
    return f"<{tag}{written}>"
