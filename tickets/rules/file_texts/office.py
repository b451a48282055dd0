"""The words of Word and Excel files, and of texts in other archives: a ZIP, read within limits that no bomb passes.

Every XML part is read: the text, headers and footers, notes, comments, properties, and the targets of links. Of a
sheet each row is a line, its cells in order: a phrase that was typed into twelve cells is a phrase.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import iterparse

from tickets.rules.file_texts.plain import readings
from tickets.rules.file_texts.troubles import Unreadable, Why

OFFICE_KINDS = frozenset(
    {
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
)
#: Of the parts unpacked, in bytes, and of the text that comes of them, in characters. A book has a million.
MAX_UNPACKED = 40_000_000
MAX_TEXT = 2_000_000
MAX_PARTS = 2_000
#: A file within the file (a sheet in a letter) is read as well, but not one within that.
_INNER = re.compile(r"\.(?:docx|xlsx)$", re.IGNORECASE)
_XML = re.compile(r"\.(?:xml|rels|vml)$", re.IGNORECASE)
_PLAIN = re.compile(r"\.(?:txt|log|csv|md|json|html?|eml)$", re.IGNORECASE)
_MACROS = re.compile(r"(?:vbaProject|vbaData|activeX\d*)\.(?:bin|xml)$", re.IGNORECASE)
_SHARED = "xl/sharedStrings.xml"
_LINE_ENDS = frozenset({"p", "tr", "row", "si", "br", "cr", "comment"})
_GAPS = frozenset({"tc", "c", "tab"})
#: An attribute that short holds no secret.
SHORT = 11


def office_text(content: bytes) -> str:
    """Raises Unreadable, with the text up to there."""
    return _Reader().read(content)


class _Reader:
    def __init__(self) -> None:
        self.left = MAX_UNPACKED
        self.length = 0
        self.found: list[str] = []

    def read(self, content: bytes) -> str:
        try:
            self._archive(content, is_inner=False)
        except Unreadable as problem:
            raise Unreadable(problem.why, self.text) from problem
        except Exception as problem:  # a broken archive brings about nearly every kind
            raise Unreadable(Why.DAMAGED, self.text) from problem
        return self.text

    @property
    def text(self) -> str:
        return "".join(self.found)

    def _archive(self, content: bytes, *, is_inner: bool) -> None:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > MAX_PARTS:
                raise Unreadable(Why.TOO_LONG)
            shared: list[str] = []
            # The strings that sheets point to come first.
            for part in sorted(parts, key=lambda part: part.filename != _SHARED):
                self._say(f"{part.filename}\n")
                if _MACROS.search(part.filename):
                    raise Unreadable(Why.MACROS)
                if _XML.search(part.filename):
                    self._xml(self._unpacked(archive, part), part.filename, shared)
                elif _PLAIN.search(part.filename):
                    self._say(next(readings(self._unpacked(archive, part))).text + "\n")
                elif not is_inner and _INNER.search(part.filename):
                    self._archive(self._unpacked(archive, part), is_inner=True)

    def _unpacked(self, archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
        """What the archive says of its size is not believed."""
        if part.flag_bits & 0x1:
            raise Unreadable(Why.LOCKED)
        with archive.open(part) as file:
            data = file.read(self.left + 1)
        if len(data) > self.left:
            raise Unreadable(Why.BOMB)
        self.left -= len(data)
        return data

    def _say(self, text: str) -> None:
        self.length += len(text)
        if self.length > MAX_TEXT:
            raise Unreadable(Why.TOO_LONG)
        self.found.append(text)

    def _xml(self, data: bytes, name: str, shared: list[str]) -> None:
        # No office program writes a document type; entities, which multiply, need one.
        if any("<!DOCTYPE".encode(encoding) in data for encoding in ("ascii", "utf-16-le", "utf-16-be")):
            raise Unreadable(Why.BOMB)
        for text in _texts(data, shared, collects=name == _SHARED):
            self._say(text)


def _texts(data: bytes, shared: list[str], *, collects: bool) -> Iterator[str]:
    """The texts of one part, with line ends and gaps where a reader sees them; long attributes, such as the targets of
    links, after them. The strings of a workbook are gathered in ``shared``.
    """
    string: list[str] = []
    attributes: list[str] = []
    is_shared = False
    # Without a document type there are no entities; expat stops at those that multiply all the same.
    for event, element in iterparse(io.BytesIO(data), events=("start", "end")):  # noqa: S314  # nosec B314
        name = element.tag.rpartition("}")[2]
        if event == "start":
            if name == "c":
                is_shared = element.get("t") == "s"
            continue
        text = element.text or ""
        if is_shared and name == "v":
            text = _shared(text, shared)
        if collects:
            string.append(text)
            if name == "si":
                shared.append("".join(string))
                string = []
        yield text
        yield "\n" if name in _LINE_ENDS else "\t" if name in _GAPS else ""
        attributes += (f"{value}\n" for value in element.attrib.values() if len(value) > SHORT)
        element.clear()
    yield from attributes


def _shared(text: str, shared: Sequence[str]) -> str:
    place = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else len(shared)
    return shared[place] if place < len(shared) else text
