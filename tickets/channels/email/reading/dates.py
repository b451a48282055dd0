"""The Date of a mail, where it is one."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_COMMENT = re.compile(r"\([^()]*\)")
#: RFC 5322 knows no year before; ones far ahead are jokes or mistakes. What is late or early by less is for the caller,
#: who knows what time it is.
EARLIEST, LATEST = 1900, 2200


def read_date(value: str) -> datetime | None:
    value = value[:300]
    for _level in range(3):
        value = _COMMENT.sub(" ", value)
    value = re.sub(r"\s*:\s*", ":", value.strip())
    try:
        read = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
        return None
    if read.tzinfo is None:
        read = read.replace(tzinfo=UTC)
    return read if EARLIEST <= read.year <= LATEST else None
