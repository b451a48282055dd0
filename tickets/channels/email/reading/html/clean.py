"""HTML of a mail as it may be shown: nh3's table says what stays, and nothing is fetched from anywhere.

Images inside the mail keep ``src="cid:…"``. A remote one loses its ``src`` and keeps the address in
``data-remote-src``, so that it can be put back when the reader says so; what only counts readers (1 × 1 pixel) goes.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape
from urllib.parse import unquote

import nh3

from tickets.channels.email.reading.html.markup import Event, unescape
from tickets.channels.email.reading.html.tags import ALLOWED, ATTRIBUTES, EVERYWHERE, STYLES
from tickets.channels.email.reading.mail import File

MAX_ADDRESS = 2_000
MAX_SOURCE = 3_000_000
#: Ampersands and angle brackets of the text, while nh3 has it: it takes time by the square of how many entities there
#: are (0.3.8: 1 MB of ``&`` 8 s). Who writes these letters of the private use area himself gets the same, escaped.
_STAND_IN = str.maketrans("&<>", "\ue0a0\ue0a1\ue0a2")
_ESCAPED = str.maketrans({"\ue0a0": "&amp;", "\ue0a1": "&lt;", "\ue0a2": "&gt;"})
# A browser fetches what stands in these, whatever the property.
_FETCHING = re.compile(r"url\s*\(|image\s*\(|image-set|expression|@import|\\", re.I)
_WEB = re.compile(r"https?://[^\s]", re.I)
_LINK = re.compile(r"(?:https?://|mailto:)[^\s]", re.I)
_DATA = re.compile(r"data:image/(png|jpe?g|gif|webp);base64,", re.I)
#: What the document sets around its content is not ours to drop silently; ``body`` becomes a block with its colours.
_AS = {"body": "div"}


@dataclass
class Cleaned:
    html: str
    has_remote_images: bool = False
    #: Then it is not cleaned, and there is none to show.
    is_too_long: bool = False
    #: Images that were written into the HTML itself.
    files: list[File] = field(default_factory=list)
    #: Content-IDs that it shows.
    shown: set[str] = field(default_factory=set)


def clean(
    events: Iterable[Event], *, by_location: dict[str, str] | None = None, first_image: int = 1
) -> Cleaned:
    """``by_location``: Content-Location to Content-ID of the parts beside it. ``first_image``: the number of the first
    image that has to be given a name."""
    out = Cleaned("")
    writer = _Writer(out, by_location or {}, first_image)
    source = "".join(writer.written(event) for event in events)
    out.is_too_long = len(source) > MAX_SOURCE
    out.html = "" if out.is_too_long else _cleaner.clean(source).translate(_ESCAPED).strip()
    return out


class _Writer:
    def __init__(self, out: Cleaned, by_location: dict[str, str], first_image: int) -> None:
        self.out = out
        self.by_location = by_location
        self.first_image = first_image

    def written(self, event: Event) -> str:
        if event.kind == "text":
            return unescape(event.value).translate(_STAND_IN)
        tag = _AS.get(event.value, event.value)
        if tag not in ALLOWED:
            return ""
        if event.kind == "close":
            return f"</{tag}>"
        attributes = event.attributes
        if tag == "img":
            if is_counter(attributes):
                return ""
            attributes = self._image(attributes)
        return _tag(tag, attributes)

    def _image(self, attributes: dict[str, str]) -> dict[str, str]:
        kept = {name: value for name, value in attributes.items() if name not in ("src", "data-remote-src")}
        source = attributes.get("src", "").strip()
        if match := _DATA.match(source):
            source = self._written_in(match[1].lower(), source[match.end() :])
        if source[:4].lower() == "cid:":
            content_id = unquote(source[4:]).strip("<> ")
            self.out.shown.add(content_id)
            return {**kept, "src": f"cid:{content_id}"}
        if source in self.by_location:
            self.out.shown.add(self.by_location[source])
            return {**kept, "src": f"cid:{self.by_location[source]}"}
        if source.startswith("//"):
            source = f"https:{source}"
        if _WEB.match(source) and len(source) <= MAX_ADDRESS:
            self.out.has_remote_images = True
            return {**kept, "data-remote-src": source}
        return kept

    def _written_in(self, kind: str, encoded: str) -> str:
        try:
            content = base64.b64decode(encoded.encode("ascii", "replace"))
        except (binascii.Error, ValueError):
            return ""
        number = self.first_image + len(self.out.files)
        content_id = f"written-in-{number}"
        ending = "jpg" if kind == "jpeg" else kind
        name, declared = f"image-{number}.{ending}", f"image/{'jpeg' if ending == 'jpg' else kind}"
        self.out.files.append(File(name, content, declared, content_id, True))
        return f"cid:{content_id}"


def is_counter(attributes: dict[str, str]) -> bool:
    """An image that nobody can see: it is there to be fetched."""
    return any(
        attributes.get(name, "").strip().removesuffix("px") in ("0", "1") for name in ("width", "height")
    )


def _tag(tag: str, attributes: dict[str, str]) -> str:
    written = "".join(
        f' {name}="{escape(value)}"'
        for name, value in attributes.items()
        if name in _known(tag) and len(value) <= 4_000
    )
    return f"<{tag}{written}>"


def _known(tag: str) -> frozenset[str]:
    return EVERYWHERE | ATTRIBUTES.get(tag, frozenset())


def _filtered(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "style":
        return None if _FETCHING.search(value) else value
    if attribute == "href":
        return value if _LINK.match(value) and len(value) <= MAX_ADDRESS else None
    if attribute == "src":
        return value if value.startswith("cid:") else None
    if attribute == "data-remote-src":
        return value if _WEB.match(value) else None
    return value


_cleaner = nh3.Cleaner(
    tags=set(ALLOWED),
    attributes={"*": set(EVERYWHERE), **{tag: set(names) for tag, names in ATTRIBUTES.items()}},
    attribute_filter=_filtered,
    clean_content_tags={"script", "style", "title", "svg", "math"},
    filter_style_properties=set(STYLES),
    url_schemes={"http", "https", "mailto", "cid"},
    link_rel="noopener noreferrer nofollow",
    set_tag_attribute_values={"a": {"target": "_blank"}},
    strip_comments=True,
)
