"""The text of a PDF, read in a process of its own that may use so much time and memory and then is ended.

A PDF is a program for a machine of many parts, and its writer may be hostile. Its bytes go to the reader through a
pipe: no file is written.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tickets.rules.file_texts import Unreadable, Why

#: Of the clock. The reader limits the time it computes itself; this is for one that hangs.
SECONDS = 20.0
_READER = Path(__file__).with_name("reader.py")


def pdf_text(content: bytes) -> str:
    """Raises Unreadable, with the text up to there."""
    try:
        done = subprocess.run(
            # Isolated: nothing of the environment, no settings, no key is within its reach.
            [sys.executable, "-I", str(_READER)],
            input=content,
            capture_output=True,
            timeout=SECONDS,
            env={},
            check=False,
        )
    except subprocess.TimeoutExpired as problem:
        raise Unreadable(Why.TOO_LONG) from problem
    return _told(done.stdout)


def _told(said: bytes) -> str:
    """A reader that was ended has said its pages until then, one JSON text in a line; the last line is how it went."""
    pages: list[str] = []
    how = ""
    for line in said.decode("utf-8", "replace").splitlines():
        try:
            value = json.loads(line)
        except ValueError:
            break  # cut off in the middle
        if isinstance(value, dict):
            how = str(value.get("how", ""))
        else:
            pages.append(str(value))
    text = "\n".join(pages)
    if how == "read":
        return text
    raise Unreadable(Why(how) if how in list(Why) else Why.TOO_LONG, text)
