"""Reading an exported file: that it is marked is looked at, then the marks are taken off."""

from __future__ import annotations

import csv
import io
import re

MARK = re.compile(r"EX-[2-9A-HJKMNP-Z]{10}")


def rows_of(body: str) -> tuple[list[str], list[list[str]]]:
    """(heads, rows) without the mark, which stands on every row and in the words at the end."""
    heads, *rows = csv.reader(io.StringIO(body.removeprefix("\ufeff")))
    *rows, last = rows
    mark = MARK.match(last[0])
    assert mark is not None
    assert len(last) == 1
    assert {row[-1] for row in rows} <= {mark.group()}
    return heads[:-1], [row[:-1] for row in rows]
