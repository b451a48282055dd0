"""Which files a ticket may carry, judged by their content; the name is only a name."""

from __future__ import annotations

import codecs

import filetype

#: Found type to what an agent may expect. Nothing here runs or renders by itself: no HTML, SVG, scripts, programs.
ALLOWED = frozenset(
    {
        "image/png",
        "image/jpeg",
        "image/gif",
        "image/webp",
        "image/heic",
        "application/pdf",
        "video/mp4",
        "video/quicktime",
        "audio/mpeg",
        "audio/m4a",
        "text/plain",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
)
SNIFF_BYTES = 8192
_TEXT_ENDINGS = (".txt", ".log", ".csv", ".md")


def sniff(head: bytes, name: str) -> str:
    """The type that the first bytes tell; ``application/octet-stream`` when they tell none."""
    kind = filetype.guess(head)
    if kind is not None:
        return str(kind.mime)
    if name.lower().endswith(_TEXT_ENDINGS) and _is_text(head):
        return "text/plain"
    return "application/octet-stream"


def _is_text(head: bytes) -> bool:
    if b"\x00" in head:
        return False
    # The last character may be cut in two by the sniffing.
    whole = len(head) < SNIFF_BYTES
    for charset in ("utf-8", "gb18030"):
        try:
            codecs.getincrementaldecoder(charset)().decode(head, final=whole)
        except UnicodeDecodeError:
            continue
        return True
    return False


def is_allowed(content_type: str) -> bool:
    return content_type in ALLOWED
