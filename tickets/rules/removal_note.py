"""What stands in the place of a file that held a secret: who opens it reads why."""

from __future__ import annotations

from collections.abc import Iterable

from tickets.rules.secrets import Kind
from tickets.rules.secrets.marks import WORDS

_ENGLISH = """\
The file “{name}” was not stored, because it held: {kinds}.

Nobody has seen it. Please consider what it held as lost, and never send it to anybody, not to us either: we never ask
for it.
"""
_CHINESE = """\
文件“{name}”未被保存，因为其中含有：{kinds}。

没有任何人看到它。请将其中的内容视为已泄露，并且不要再发给任何人，包括我们：我们绝不会索要这些内容。
"""


def removal_note(name: str, kinds: Iterable[Kind]) -> str:
    """In both languages, because it is stored once and has many readers."""
    found = dict.fromkeys(kinds)
    english = ", ".join(WORDS[kind][0] for kind in found)
    chinese = "、".join(WORDS[kind][1] for kind in found)
    return _ENGLISH.format(name=name, kinds=english) + "\n" + _CHINESE.format(name=name, kinds=chinese)
