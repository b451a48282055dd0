"""What any text looks like before it is stored, from whatever way in it comes."""

from __future__ import annotations

import re
import unicodedata

MAX_BODY = 20_000
MAX_SUBJECT = 200
MAX_FILE_NAME = 120

# Control characters (PostgreSQL refuses NUL) and marks that turn the reading direction around to disguise a name.
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufeff]")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def clean_text(text: str) -> str:
    """Several lines: one kind of line break, no control characters, no blank edges. Wording is never changed."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _LONE_SURROGATE.sub("\ufffd", text)
    text = _UNWANTED.sub("", text)
    return unicodedata.normalize("NFC", text).strip()


def clean_line(text: str) -> str:
    """One line: as above, and runs of white space become one space."""
    return " ".join(clean_text(text).split())


def clean_file_name(name: str) -> str:
    """The last part of a path, short enough, its ending kept."""
    name = clean_line(re.split(r"[\\/]", name)[-1]).lstrip(".") or "file"
    if len(name) <= MAX_FILE_NAME:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 10:
        return name[:MAX_FILE_NAME]
    return f"{stem[: MAX_FILE_NAME - len(ending) - 1]}.{ending}"
