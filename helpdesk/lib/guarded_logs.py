"""No log line holds a secret: whoever writes it, whichever handler shows it.

Installed where records are made, so that handlers of other libraries (Celery's, gunicorn's, a test's) are covered too.
"""

from __future__ import annotations

import logging
import traceback
from typing import Any
from urllib.parse import unquote_plus

from helpdesk.lib.guarding import guarded

_make = logging.LogRecord


def install() -> None:
    logging.setLogRecordFactory(record_without_secrets)


def record_without_secrets(*args: Any, **kwargs: Any) -> logging.LogRecord:
    record = _make(*args, **kwargs)
    try:
        _redact(record)
    except Exception:  # an odd argument, a guard that fails: better no words than the wrong ones
        record.msg, record.args = (
            f"A log line from {record.pathname}:{record.lineno} could not be read.",
            None,
        )
        record.exc_info, record.exc_text = None, None
    return record


class RedactingFilter(logging.Filter):
    """The same once more at a handler, for records that were made before the guard stood or came from elsewhere."""

    def filter(self, record: logging.LogRecord) -> bool:
        _redact(record)
        return True


def _redact(record: logging.LogRecord) -> None:
    said = record.getMessage()
    clean = line_without_secrets(said)
    if clean != said:
        record.msg, record.args = clean, None
    if record.exc_info and record.exc_info[0] is not None and not record.exc_text:
        told = "".join(traceback.format_exception(*record.exc_info)).rstrip("\n")
        clean = guarded(told)
        if clean != told:
            # The formatter shows this text instead of formatting the error itself.
            record.exc_text = clean
    if record.stack_info:
        record.stack_info = guarded(record.stack_info)


def line_without_secrets(line: str) -> str:
    """Also where it is written as in an address: ``q=abandon+ability`` and ``%20``."""
    clean = guarded(line)
    if "%" in clean or "+" in clean:
        plain = unquote_plus(clean)
        without = guarded(plain)
        if without != plain:
            return without
    return clean
