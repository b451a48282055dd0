"""What a row of the queue shows of what was found, and of a promise that stands still."""

from __future__ import annotations

import pytest

from tickets.queries.excerpts import Found, Source
from tickets.workspace.queue.rows import _hit_in_view


@pytest.mark.parametrize(
    ("pieces", "shown"),
    [
        ([("short ", False), ("hit", True)], [("short ", False), ("hit", True)]),
        ([("hit", True), ("x" * 90, False)], [("hit", True), ("x" * 90, False)]),
        ([("a" * 60, False), ("hit", True)], [("…" + "a" * 32, False), ("hit", True)]),
        ([("字" * 45, False), ("提现", True)], [("…" + "字" * 16, False), ("提现", True)]),
        ([], []),
    ],
)
def test_the_hit_stands_in_the_two_lines_there_are(
    pieces: list[tuple[str, bool]], shown: list[tuple[str, bool]]
) -> None:
    found = _hit_in_view(Found(Source.MESSAGE, pieces))
    assert found is not None
    assert found.pieces == shown


def test_nothing_was_found() -> None:
    assert _hit_in_view(None) is None
