"""Run as a program: a PDF on standard input, its texts on standard output, a JSON line for each page and one for how it
ended. Knows nothing of the house and stays within limits of its own.
"""

from __future__ import annotations

import io
import json
import logging
import resource
import sys
from collections.abc import Iterator

#: Seconds of computing, and bytes of memory.
SECONDS = 10
MEMORY = 1_000_000_000
MAX_PAGES = 300
MAX_TEXT = 2_000_000
MAX_NOTES = 500


def limit() -> None:
    """From here on the kernel ends this process when it goes beyond; it opens no file for writing either."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def say(value: object) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


def texts(content: bytes) -> Iterator[str]:
    """What is written about the document, its forms, its pages and the notes on them."""
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(content), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        raise PermissionError
    yield "\n".join(str(value) for value in (reader.metadata or {}).values())
    try:
        yield "\n".join(str(field.get("/V", "")) for field in (reader.get_fields() or {}).values())
    except Exception:  # a broken form says nothing about the pages
        yield ""
    if len(reader.pages) > MAX_PAGES:
        yield from (page.extract_text() for page in reader.pages[:MAX_PAGES])
        raise OverflowError
    for page in reader.pages:
        yield page.extract_text()
        yield "\n".join(notes(page))


def notes(page: object) -> Iterator[str]:
    from pypdf import PageObject

    assert isinstance(page, PageObject)
    for note in list(page.annotations or [])[:MAX_NOTES]:
        said = note.get_object()
        for key in ("/Contents", "/A"):
            value = said.get(key)
            yield str(value.get_object()) if hasattr(value, "get_object") else str(value or "")


def main() -> None:
    logging.disable(logging.CRITICAL)
    content = sys.stdin.buffer.read()
    limit()
    length, how = 0, "read"
    try:
        for text in texts(content):
            length += len(text)
            if length > MAX_TEXT:
                raise OverflowError
            say(text)
    except PermissionError:
        how = "locked"
    except (OverflowError, MemoryError):
        how = "too_long"
    except Exception:
        how = "damaged"
    say({"how": how})


if __name__ == "__main__":
    main()
