"""The subject of a mail as the subject of a case."""

from __future__ import annotations

import re

from tickets.rules import numbers
from tickets.rules.intake import clean_line

# "Re[2]: AW: 回复：Fwd: …", in the languages of the mail programs that write them.
_PREFIX = re.compile(
    r"(?:re|aw|antw|antwort|sv|vs|odp|ynt|res|ref|réf|rif|r|fwd?|wg|tr|rv|enc|i|doorst|vb|vl|pd"
    r"|回[复覆復]|答[复覆復]|转发|轉寄|轉發|返信|転送|답장|전달|отв|на|пересл)"
    r"(?:\[\d{1,3}\]|\(\d{1,3}\))?\s?[:：]\s*",
    re.I,
)
_FORWARD = re.compile(r"(?:fwd?|wg|tr|rv|enc|doorst|vl|vb|pd|转发|轉寄|轉發|転送|전달|пересл)\s?[:：]", re.I)
_AT_MOST = 20


def plain_subject(subject: str) -> str:
    """Without "Re:", "Fwd:" and the number of a case in brackets."""
    text = clean_line(subject)
    for _turn in range(_AT_MOST):
        shorter = _PREFIX.sub("", text, count=1) if _PREFIX.match(text) else _without_number(text)
        if shorter == text:
            break
        text = shorter
    return text


def is_forward(subject: str) -> bool:
    """Whether somebody passes on what others wrote: then that is what they want to show."""
    return _FORWARD.match(clean_line(subject)) is not None


def _without_number(text: str) -> str:
    bracket, closing, rest = text.partition("]")
    if closing and bracket.startswith("[") and numbers.parse(bracket):
        return rest.strip()
    return text
