"""CSV that opens well in a spreadsheet and runs nothing there."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence

#: Excel takes a file for UTF-8 only when it begins so.
BOM = "\ufeff"
#: What a spreadsheet takes for the beginning of a formula; the full-width ones too, which some fold.
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")

Value = str | int | float | None


def guarded(value: Value) -> Value:
    """Text that would be run as a formula gets an apostrophe in front; numbers are numbers."""
    if isinstance(value, str) and (value.startswith(_FORMULA) or value.lstrip().startswith(_FORMULA)):
        return "'" + value
    return value


class _Line:
    """Gives csv.writer's line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def lines(rows: Iterable[Sequence[Value]]) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield BOM
    for row in rows:
        yield writer.writerow([guarded(value) for value in row])
