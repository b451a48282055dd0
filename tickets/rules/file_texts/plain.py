"""The bytes of a text file as text, and back."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass

#: What stands at the beginning of files of Windows programs. UTF-32 first: its mark begins as that of UTF-16 does.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: What is no UTF-8 may be read as each of these; only one of them makes sense, and it is not known here which.
_OTHERS = ("gb18030", "big5", "cp1252")


@dataclass(frozen=True)
class Reading:
    """One way of reading it. ``mark`` are the bytes before the text."""

    text: str
    encoding: str
    mark: bytes = b""


def readings(data: bytes) -> Iterator[Reading]:
    """Every way in which the bytes make a text, the likeliest first; at least one, bytes that fit in nowhere as "�"."""
    mark, encoding = next(((mark, name) for mark, name in _MARKS if data.startswith(mark)), (b"", ""))
    if encoding:
        yield Reading(data[len(mark) :].decode(encoding, "replace"), encoding, mark)
        return
    if (text := _strictly(data, "utf-8")) is not None:
        yield Reading(text, "utf-8")
        return
    found = [Reading(text, name) for name in _OTHERS if (text := _strictly(data, name)) is not None]
    yield from found or [Reading(data.decode(name, "replace"), name) for name in ("utf-8", *_OTHERS)]


def written(text: str, like: Reading) -> bytes:
    """The text in the encoding of a reading; in UTF-8 where that cannot write it."""
    try:
        return like.mark + text.encode(like.encoding)
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None
