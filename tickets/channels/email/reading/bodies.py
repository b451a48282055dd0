"""The parts of a message read in order: what is text, what is HTML, what is a file."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from tickets.channels.email.reading import calendars, forwarded, tnef
from tickets.channels.email.reading.charset_names import codec_of
from tickets.channels.email.reading.charsets import decode
from tickets.channels.email.reading.clean import clean_name, clean_text
from tickets.channels.email.reading.flowed import unflowed
from tickets.channels.email.reading.html.clean import clean
from tickets.channels.email.reading.html.markup import read_markup
from tickets.channels.email.reading.html.plain import plain_text, tidy
from tickets.channels.email.reading.mail import File
from tickets.channels.email.reading.mime import MAX_DEPTH, Part, parse
from tickets.channels.email.reading.names import file_name, made_up
from tickets.channels.email.reading.transfer import undo, uudecoded_lines

#: Named texts up to this size are shown as well as kept as a file.
MAX_SHOWN_FILE = 20_000
#: In all messages inside one another together; what is beyond is in the original.
MAX_TEXT = 5_000_000
MAX_HTML = 2_000_000
#: Messages that had to be decoded before they could be taken apart.
MAX_ENCODED_MESSAGES = 20
_META_CHARSET = re.compile(
    rb"<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s*=\s*[\"']?([A-Za-z0-9_-]{1,40})", re.I
)
_UU_BEGIN = re.compile(r"^begin [0-7]{3,4} ([^\n]{1,200})\n(?=[ -`]{1,62}\n)", re.M)
#: Shown by nobody, or shown only to those whose mail program runs programs.
_OTHER_VERSIONS = frozenset({"text/x-amp-html", "text/watch-html"})
_READ_AS_TEXT = frozenset({"text/plain", "text/markdown", "text/x-markdown", "text/enriched", "text/richtext",
                           "message/delivery-status", "message/disposition-notification", "message/feedback-report"})  # fmt: skip
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


def read_bodies(raw: bytes, root: Part) -> tuple[Segment, Bodies]:
    bodies = Bodies(raw, hints=_hints(root))
    return joined(_Reading(bodies).of(root)), bodies


def joined(segments: list[Segment]) -> Segment:
    """One text; and one HTML as soon as one of them has any."""
    text = "\n\n".join(one.text.strip("\n") for one in segments if one.text.strip())[:MAX_TEXT]
    html = ""
    if any(one.html for one in segments):
        html = "\n".join(
            one.html or forwarded.as_html(one.text) for one in segments if one.html or one.text.strip()
        )
    return Segment(text, html)


def _hints(root: Part) -> tuple[str, ...]:
    """Charsets declared anywhere in the mail, for what declares none."""
    found: dict[str, None] = {}
    waiting = [root]
    while waiting and len(found) < 5:
        part = waiting.pop(0)
        declared = part.content_type.raw("charset").decode("ascii", "replace")
        if codec_of(declared) not in ("", "ascii"):
            found[declared] = None
        waiting.extend(part.children[:10])
    return tuple(found)


class _Reading:
    """Depth is limited where the tree is made, so that these methods may call one another."""

    def __init__(self, bodies: Bodies) -> None:
        self.bodies = bodies

    def of(self, part: Part, *, inside: str = "") -> list[Segment]:
        if part.is_multipart and part.children:
            return self._multipart(part)
        if part.is_multipart:
            # Nothing in it that is a part: what there is, is text.
            self.bodies.defects.add("multipart-empty")
            part.mended_type = "text/plain"
        if part.is_message:
            return self._message(part)
        return self._leaf(part, inside=inside)

    def _multipart(self, part: Part) -> list[Segment]:
        if part.type == "multipart/alternative":
            return self._alternative(part)
        if part.type == "multipart/related":
            self._locate(part)
        found: list[Segment] = []
        for child in part.children:
            found.extend(self.of(child, inside=part.type))
        return found

    def _locate(self, part: Part) -> None:
        """HTML may name its images by Content-Location instead of Content-ID."""
        for child in part.children:
            location = child.fields.first("content-location").decode("utf-8", "replace").strip()
            if location:
                self.bodies.locations[location] = _content_id(child) or location

    def _alternative(self, part: Part) -> list[Segment]:
        plain: list[Segment] = []
        rich: list[Segment] = []
        others: list[Segment] = []
        for child in part.children:
            if child.type in _OTHER_VERSIONS:
                continue
            found = [one for one in self.of(child, inside=part.type) if one.text.strip() or one.html]
            if any(one.html for one in found):
                rich = found
            elif child.type == "text/calendar":
                others.extend(found)
            elif not plain or child.type == "text/plain":
                plain.extend(
                    one for one in found if one.text.strip() not in {seen.text.strip() for seen in plain}
                )
        if not rich:
            return [*plain, *others]
        shown = joined(rich)
        said = joined(plain)
        return [Segment(said.text if _says_it(said.text, shown.text) else shown.text, shown.html), *others]

    def _message(self, part: Part) -> list[Segment]:
        inner, bodies = (part.children[0] if part.children else None), self.bodies
        if inner is None:
            bodies.encoded_messages += 1
            if part.depth >= MAX_DEPTH or bodies.encoded_messages > MAX_ENCODED_MESSAGES:
                bodies.defects.add("nested-too-deep")
                return self._file(part)
            content = self._content(part)
            tree = parse(content, depth=part.depth + 1)
            bodies.defects |= tree.defects
            return self._within(content, tree.root)
        return self._told(inner)

    def _within(self, content: bytes, root: Part) -> list[Segment]:
        """Offsets of an encoded message count within its own bytes."""
        outer = self.bodies.raw
        self.bodies.raw = content
        try:
            return self._told(root)
        finally:
            self.bodies.raw = outer

    def _told(self, message: Part) -> list[Segment]:
        head = forwarded.heading(message.fields, self.bodies.hints)
        return [Segment(head), *self.of(message, inside="message")]

    def _leaf(self, part: Part, *, inside: str) -> list[Segment]:
        kind, name = part.type, self._name(part)
        if kind in _HEADERS_ONLY:
            return self._headers(part)
        if kind == "application/ms-tnef" or name.lower() == "winmail.dat":
            content = self._content(part)
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
        return self._file(part, is_related=inside == "multipart/related")

    def _name(self, part: Part) -> str:
        return file_name(part.disposition, part.content_type, self.bodies.hints)

    def _content(self, part: Part) -> bytes:
        found = undo(self.bodies.raw[part.start : part.end], part.transfer_encoding)
        if found.defect:
            self.bodies.defects.add(found.defect)
        return found.content

    def _decoded(self, part: Part, content: bytes, declared: str = "") -> str:
        declared = part.content_type.text("charset") or declared
        found = decode(content, declared, self.bodies.hints)
        if found.guessed:
            self.bodies.defects.add("charset-guessed")
        if "\ufffd" in found.text:
            self.bodies.defects.add("charset-broken")
        return clean_text(found.text)

    def _text(self, part: Part, name: str) -> list[Segment]:
        content = self._content(part)
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
        content = self._content(part)
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
        if len(cleaned.html) > bodies.html_left:
            # Half of a document may not be shown as if it were whole: the text has all of it.
            bodies.defects.add("html-too-long")
            return Segment(plain_text(markup.events))
        bodies.html_left -= len(cleaned.html)
        bodies.has_remote_images = bodies.has_remote_images or cleaned.has_remote_images
        return Segment(plain_text(markup.events), cleaned.html)

    def _calendar(self, part: Part) -> list[Segment]:
        content = self._content(part)
        self._keep(part, content)
        said = calendars.summary(self._decoded(part, content))
        return [Segment(said)] if said else []

    def _headers(self, part: Part) -> list[Segment]:
        content = self._content(part)
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
            return [replace(shown, text=text) if _says_it(text, shown.text) else shown]
        return [Segment(tidy(text))] if text else []

    def _file(self, part: Part, *, is_related: bool = False) -> list[Segment]:
        self._keep(part, self._content(part), is_related=is_related)
        return []

    def _keep(self, part: Part, content: bytes, *, is_related: bool = False) -> None:
        content_id = _content_id(part)
        is_inline = is_related and part.disposition.main != "attachment" and bool(content_id)
        name = self._name(part) or made_up(part.type)
        self.bodies.files.append(File(name, content, part.type, content_id, is_inline))


def _content_id(part: Part) -> str:
    found = part.fields.first("content-id").decode("utf-8", "replace").strip().strip("<> ")
    return found or part.fields.first("content-location").decode("utf-8", "replace").strip()[:300]


def _says_it(plain: str, shown: str) -> bool:
    """Whether the plain version is worth reading, and no "your program cannot show HTML"."""
    plain, shown = plain.strip(), shown.strip()
    return bool(plain) and (len(shown) < 300 or len(plain) * 5 >= len(shown))
