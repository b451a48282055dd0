"""Characters that nobody may send us, taken out."""

from __future__ import annotations

import re

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff\ufeff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
# Reading direction and invisible marks: in a name they only disguise (``gpj.exe`` shown as ``exe.jpg``).
_DISGUISE = re.compile("[\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufff9-\ufffb\u00ad]")


def clean_text(text: str) -> str:
    """Several lines: one kind of line break, no control characters, no half characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0c", "\n")
    return _CONTROL.sub("", _SURROGATE.sub("\ufffd", text))


def clean_line(text: str) -> str:
    """One line: also no runs of white space."""
    return " ".join(clean_text(text).split())


def clean_name(text: str) -> str:
    """A name of a person or a file: also nothing that turns it around or hides in it."""
    return clean_line(_DISGUISE.sub("", text))
