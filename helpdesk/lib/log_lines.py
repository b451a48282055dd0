"""One record, one line: what somebody typed cannot make a line of its own look like ours."""

from __future__ import annotations

import logging
import re
from datetime import datetime

#: What ends a line, or moves the cursor of whoever reads it in a terminal.
_CONTROLS = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]")
#: What stands below a record: the trace of an error.
_BELOW = "    | "


class OneLine(logging.Formatter):
    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        """With its zone, to the millisecond: 2026-01-02T03:04:05.678+08:00."""
        return datetime.fromtimestamp(record.created).astimezone().isoformat(timespec="milliseconds")

    def formatMessage(self, record: logging.LogRecord) -> str:
        return _CONTROLS.sub(_escaped, super().formatMessage(record))

    def format(self, record: logging.LogRecord) -> str:
        first, *below = super().format(record).split("\n")
        return "\n".join([first, *(_BELOW + _CONTROLS.sub(_escaped, line) for line in below)])


def _escaped(found: re.Match[str]) -> str:
    return {"\n": "\\n", "\r": "\\r"}.get(found[0], f"\\x{ord(found[0]):02x}")
