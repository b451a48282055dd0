"""The text of a PDF, read in a process of its own that may use so much time and memory and then is ended.

A PDF is a program for a machine of many parts, and its writer may be hostile. Its bytes go to the reader through a
pipe: no file is written.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

#: Of the clock. The reader limits the time it computes itself; this is for one that hangs.
SECONDS = 20.0
_READER = Path(__file__).with_name("reader.py")


@dataclass(frozen=True)
class PdfText:
    """``trouble``: why there may be more than this text, "locked", "damaged" or "too_long"; "" where this is all."""

    text: str
    trouble: str = ""


def pdf_text(content: bytes) -> PdfText:
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
        return PdfText(_told(problem.stdout or b"").text, "too_long")
    return _told(done.stdout)


def _told(said: bytes) -> PdfText:
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
    trouble = how if how in ("locked", "damaged") else "too_long"
    return PdfText("\n".join(pages), "" if how == "read" else trouble)
