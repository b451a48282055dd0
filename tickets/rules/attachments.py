"""Which files a ticket may carry, judged by their content; the name is only a name."""

from __future__ import annotations

import codecs

import filetype

UNKNOWN = "application/octet-stream"
#: Read and, where need be, rewritten.
TEXTS = frozenset({"text/plain"})

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
_TEXT_ENDINGS = (".txt", ".log", ".csv", ".md", ".json")
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def sniff(head: bytes, name: str) -> str:
    """The type that the first bytes tell; UNKNOWN when they tell none."""
    kind = filetype.guess(head)
    if kind is not None:
        return str(kind.mime)
    if name.lower().endswith(_TEXT_ENDINGS) and _is_text(head):
        return "text/plain"
    return UNKNOWN


def _is_text(head: bytes) -> bool:
    if head.startswith(_UTF16):
        return "\x00" not in head[: len(head) // 2 * 2].decode("utf-16", "replace")
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


#: Of what has endings of its own; the first is given where none of them stands.
_ENDINGS = {
    "image/png": ("png",),
    "image/jpeg": ("jpg", "jpeg", "jpe", "jfif"),
    "image/gif": ("gif",),
    "image/webp": ("webp",),
    "image/heic": ("heic", "heif"),
    "application/pdf": ("pdf",),
    "video/mp4": ("mp4", "m4v"),
    "video/quicktime": ("mov", "qt"),
    "audio/mpeg": ("mp3", "mpga"),
    "audio/m4a": ("m4a", "mp4", "aac"),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ("docx",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ("xlsx",),
}


def with_true_ending(name: str, content_type: str) -> str:
    """``photo.exe`` that is a picture to ``photo.exe.png``: saved and opened, it is what it looks like. A name that
    has no ending stays."""
    endings = _ENDINGS.get(content_type)
    _stem, dot, old = name.rpartition(".")
    if endings is None or not dot or old.lower() in endings:
        return name
    return with_ending(name, f".{endings[0]}")


def with_ending(name: str, ending: str) -> str:
    """``name`` with the ending of what it now is: ``photo.heic`` to ``photo.jpg``, ``plan.pdf`` to ``plan.pdf.txt``."""
    stem, dot, old = name.rpartition(".")
    if ending == ".jpg" and dot and old.lower() in ("heic", "heif"):
        return stem + ending
    return name[: 120 - len(ending)] + ending
