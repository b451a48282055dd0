"""The parts of a message in order, messages inside of it too, put together into one text and one HTML."""

from __future__ import annotations

from tickets.channels.email.reading import forwarded
from tickets.channels.email.reading.charset_names import codec_of
from tickets.channels.email.reading.leaves import MAX_TEXT, Bodies, Leaves, Segment, content_id_of, says_it
from tickets.channels.email.reading.mime import MAX_DEPTH, Part, parse

#: Messages that had to be decoded before they could be taken apart.
MAX_ENCODED_MESSAGES = 20
#: Shown by nobody, or shown only to those whose mail program runs programs.
_OTHER_VERSIONS = frozenset({"text/x-amp-html", "text/watch-html"})


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
        self.leaves = Leaves(bodies)

    def of(self, part: Part, *, inside: str = "") -> list[Segment]:
        if part.is_multipart and part.children:
            return self._multipart(part)
        if part.is_multipart:
            # Nothing in it that is a part: what there is, is text.
            self.bodies.defects.add("multipart-empty")
            part.mended_type = "text/plain"
        if part.is_message:
            return self._message(part)
        return self.leaves.of(part, inside=inside)

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
                self.bodies.locations[location] = content_id_of(child) or location

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
        return [Segment(said.text if says_it(said.text, shown.text) else shown.text, shown.html), *others]

    def _message(self, part: Part) -> list[Segment]:
        inner, bodies = (part.children[0] if part.children else None), self.bodies
        if inner is None:
            bodies.encoded_messages += 1
            if part.depth >= MAX_DEPTH or bodies.encoded_messages > MAX_ENCODED_MESSAGES:
                bodies.defects.add("nested-too-deep")
                return self.leaves.as_file(part)
            content = self.leaves.content(part)
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
