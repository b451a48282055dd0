"""What a mail server's refusal means: for good, for now, or "not so fast".

By the code's first digit (RFC 5321, 4.2.1), and nothing else: 5 is for good whatever the text says (policy, 5.7.x, is
for good for this mail), 4 is for now. Some servers say 5 where another try would pass (greylisting written as 550); the
mail then fails visibly, and somebody may try again by hand. To guess from texts would try spam again and again.
Only among the 4s the text is read: whether it speaks of haste, which concerns every mail to that domain.
"""

from __future__ import annotations

import re
from enum import StrEnum


class Refusal(StrEnum):
    FOR_GOOD = "for_good"
    FOR_NOW = "for_now"
    #: Not so fast: the receiving domain is left alone for a while.
    TOO_FAST = "too_fast"


_READ_AT_MOST = 500
_SPEAKS_OF_HASTE = frozenset({421, 450, 451, 452})
# In words of postfix, postgrey, Gmail, Outlook, Yahoo, Tencent; the short codes are NetEase's (163.com, 126.com).
_HASTE = re.compile(
    r"gr[ae]y-?list|\brate\b|too many|too fast|too frequent|throttl|frequen\w* limit|limit\w* exceed"
    r"|exceed\w* .{0,40}limit"
    r"|slow down|temporarily deferred|unusual"
    r"|\b(?:HL:ICC|HL:IFC|HL:MEP|RP:QRC|RP:TRC|RP:CEL|MI:CEL|MI:DMC|MI:SFQ|MI:IMF)\b",
    re.I,
)
#: RFC 3463: the address is none, or was moved with no trace.
_NO_SUCH_ADDRESS = re.compile(r"\b5\.1\.(?:1|6|10)\b")


def refusal(code: int, text: str) -> Refusal:
    """For an answer to RCPT or DATA that is no acceptance."""
    if 500 <= code < 600:
        return Refusal.FOR_GOOD
    hasty = code in _SPEAKS_OF_HASTE and _HASTE.search(text[:_READ_AT_MOST]) is not None
    return Refusal.TOO_FAST if hasty else Refusal.FOR_NOW


def says_no_such_address(code: int, text: str) -> bool:
    """Whether the server knows that nobody has this address: it is not written to again."""
    return 500 <= code < 600 and _NO_SUCH_ADDRESS.search(text[:_READ_AT_MOST]) is not None
