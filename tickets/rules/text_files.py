"""A text file's bytes as text that can be shown."""

from __future__ import annotations

import codecs
import re

#: What stands at the beginning of files of Windows programs, and what follows is written in.
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
#: In this order: what reads as UTF-8 is; GB 18030 takes nearly everything.
_ENCODINGS = ("utf-8", "gb18030")
#: Control characters but for tab, line feed, carriage return; and those that turn the direction of writing, by which
#: a log shows other words than it holds.
_UNSHOWN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def as_text(data: bytes, *, is_whole: bool) -> str:
    """``data`` in the encoding that fits, line ends as line feeds, what cannot be shown as "�". Where it is not whole,
    a last character that is cut in two is left out."""
    text = _decoded(data, is_whole)
    return _UNSHOWN.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def _decoded(data: bytes, is_whole: bool) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return codecs.getincrementaldecoder(encoding)("replace").decode(data[len(mark) :], is_whole)
    for encoding in _ENCODINGS:
        try:
            return codecs.getincrementaldecoder(encoding)().decode(data, is_whole)
        except UnicodeDecodeError:
            continue
    return data.decode("utf-8", "replace")
