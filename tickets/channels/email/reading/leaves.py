"""One part that holds no others: text, HTML, an invitation, winmail.dat, or a file."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from tickets.channels.email.reading import calendars, forwarded, tnef
from tickets.channels.email.reading.charsets import decode
from tickets.channels.email.reading.clean import clean_name, clean_text
from tickets.channels.email.reading.flowed import unflowed
from tickets.channels.email.reading.html.clean import clean
from tickets.channels.email.reading.html.markup import read_markup
from tickets.channels.email.reading.html.plain import plain_text, tidy
from tickets.channels.email.reading.mail import File
from tickets.channels.email.reading.mime import Part, parse
from tickets.channels.email.reading.names import file_name, made_up
from tickets.channels.email.reading.transfer import undo, uudecoded_lines

#: Named texts up to this size are shown as well as kept as a file.
MAX_SHOWN_FILE = 20_000
#: Of the whole mail; what is beyond is in the original.
MAX_TEXT = 2_000_000
MAX_HTML = 2_000_000
#: Of one part: so much is decoded to be read. HTML may have images written into it.
MAX_TEXT_BYTES, MAX_HTML_BYTES = 4_000_000, 12_000_000
_META_CHARSET = re.compile(
    rb"<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s*=\s*[\"']?([A-Za-z0-9_-]{1,40})", re.I
)
_UU_BEGIN = re.compile(r"^begin [0-7]{3,4} ([^\n]{1,200})\n(?=[ -`]{1,62}\n)", re.M)
_READ_AS_TEXT = frozenset({
    "text/plain", "text/markdown", "text/x-markdown", "text/enriched", "text/richtext", "message/delivery-status",
    "message/disposition-notification", "message/feedback-report",
})  # fmt: skip
_HEADERS_ONLY = frozenset({"text/rfc822-headers", "message/rfc822-headers", "text/rfc822-header"})


@dataclass(frozen=True)
class Segment:
    text: str
    html: str = ""


@dataclass
class Bodies:
    """What has been read so far; grows while the parts are gone through."""

    raw: bytes
    hints: tuple[str, ...] = ()
    files: list[File] = field(default_factory=list)
    defects: set[str] = field(default_factory=set)
    shown: set[str] = field(default_factory=set)
    has_remote_images: bool = False
    html_left: int = MAX_HTML
    encoded_messages: int = 0
    locations: dict[str, str] = field(default_factory=dict)


class Leaves:
    """Reads such parts one after the other; ``bodies`` gathers what they hold."""

    def __init__(self, bodies: Bodies) -> None:
        self.bodies = bodies

    def of(self, part: Part, *, inside: str) -> list[Segment]:
        kind, name = part.type, self._name(part)
        if kind in _HEADERS_ONLY:
            return self._headers(part)
        if kind == "application/ms-tnef" or name.lower() == "winmail.dat":
            content = self.content(part)
            if tnef.is_tnef(content):
                return self._tnef(content)
        is_attached = part.disposition.main == "attachment" and (bool(name) or inside != "")
        if kind == "text/calendar" or name.lower().endswith(".ics"):
            return self._calendar(part)
        if kind == "text/html" and not is_attached:
            return [self._html(part)]
        if (
            (kind in _READ_AS_TEXT or (kind.startswith("text/") and not name))
            and not is_attached
            and kind != "text/html"
        ):
            return self._text(part, name)
        return self.as_file(part, is_related=inside == "multipart/related")

    def _name(self, part: Part) -> str:
        return file_name(part.disposition, part.content_type, self.bodies.hints)

    def content(self, part: Part) -> bytes:
        found = undo(self.bodies.raw[part.start : part.end], part.transfer_encoding)
        if found.defect:
            self.bodies.defects.add(found.defect)
        return found.content

    def _decoded(self, part: Part, content: bytes, declared: str = "") -> str:
        declared = part.content_type.text("charset") or declared
        limit = MAX_HTML_BYTES if part.type == "text/html" else MAX_TEXT_BYTES
        if len(content) > limit:
            self.bodies.defects.add("text-cut")
            content = content[:limit]
        found = decode(content, declared, self.bodies.hints)
        if found.guessed:
            self.bodies.defects.add("charset-guessed")
        if "\ufffd" in found.text:
            self.bodies.defects.add("charset-broken")
        return clean_text(found.text)

    def _text(self, part: Part, name: str) -> list[Segment]:
        content = self.content(part)
        if name:
            self._keep(part, content)
            if len(content) > MAX_SHOWN_FILE:
                return []
        text = self._decoded(part, content)
        kind = part.content_type
        if kind.text("format").lower() == "flowed":
            text = unflowed(text, delsp=kind.text("delsp").lower() == "yes")
        if part.type in ("text/enriched", "text/richtext"):
            text = re.sub(r"<[^<>\n]{0,60}>", "", text)
        return [Segment(self._without_uuencoded(text))]

    def _without_uuencoded(self, text: str) -> str:
        """Files as they were sent before MIME: within the text, between ``begin`` and ``end``."""
        if "\nbegin " not in f"\n{text[:MAX_TEXT]}":
            return text
        out, at = [], 0
        while len(self.bodies.files) < 100 and (match := _UU_BEGIN.search(text, at)):
            encoded = text[match.end() :].encode("latin-1", "replace")
            content, length = uudecoded_lines(encoded)
            out.append(text[at : match.start()])
            at = match.end() + length
            self.bodies.files.append(
                File(clean_name(match[1]) or "attachment.bin", content, "application/octet-stream", "", False)
            )
        return "".join([*out, text[at:]])

    def _html(self, part: Part) -> Segment:
        content = self.content(part)
        meta = _META_CHARSET.search(content[:3_000])
        return self._shown(self._decoded(part, content, meta[1].decode("ascii") if meta else ""))

    def _shown(self, source: str) -> Segment:
        bodies = self.bodies
        markup = read_markup(source)
        bodies.defects |= markup.defects
        written_in = sum(1 for file in bodies.files if file.content_id.startswith("written-in-"))
        cleaned = clean(markup.events, by_location=bodies.locations, first_image=written_in + 1)
        bodies.files.extend(cleaned.files)
        bodies.shown |= cleaned.shown
        if cleaned.is_too_long or len(cleaned.html) > bodies.html_left:
            # Half of a document may not be shown as if it were whole: the text has all of it.
            bodies.defects.add("html-too-long")
            return Segment(plain_text(markup.events))
        bodies.html_left -= len(cleaned.html)
        bodies.has_remote_images = bodies.has_remote_images or cleaned.has_remote_images
        return Segment(plain_text(markup.events), cleaned.html)

    def _calendar(self, part: Part) -> list[Segment]:
        content = self.content(part)
        self._keep(part, content)
        said = calendars.summary(self._decoded(part, content))
        return [Segment(said)] if said else []

    def _headers(self, part: Part) -> list[Segment]:
        content = self.content(part)
        return [Segment(forwarded.heading(parse(content).root.fields, self.bodies.hints))]

    def _tnef(self, content: bytes) -> list[Segment]:
        found = tnef.unpack(content)
        for member in found.files:
            kind = member.declared_type or "application/octet-stream"
            name = clean_name(member.name) or made_up(kind)
            self.bodies.files.append(File(name, member.content, kind, member.content_id, False))
        text = clean_text(found.text).strip()
        if found.html.strip():
            shown = self._shown(clean_text(found.html))
            return [replace(shown, text=text) if says_it(text, shown.text) else shown]
        return [Segment(tidy(text))] if text else []

    def as_file(self, part: Part, *, is_related: bool = False) -> list[Segment]:
        self._keep(part, self.content(part), is_related=is_related)
        return []

    def _keep(self, part: Part, content: bytes, *, is_related: bool = False) -> None:
        content_id = content_id_of(part)
        is_inline = is_related and part.disposition.main != "attachment" and bool(content_id)
        name = self._name(part) or made_up(part.type)
        self.bodies.files.append(File(name, content, part.type, content_id, is_inline))


def content_id_of(part: Part) -> str:
    found = part.fields.first("content-id").decode("utf-8", "replace").strip().strip("<> ")
    return found or part.fields.first("content-location").decode("utf-8", "replace").strip()[:300]


def says_it(plain: str, shown: str) -> bool:
    """Whether the plain version is worth reading, and no "your program cannot show HTML"."""
    plain, shown = plain.strip(), shown.strip()
    return bool(plain) and (len(shown) < 300 or len(plain) * 5 >= len(shown))
