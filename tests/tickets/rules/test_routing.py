from __future__ import annotations

import pytest

from tickets.rules.routing import Route, route


@pytest.mark.parametrize(
    ("lineage", "found"),
    [
        ([], Route(None, None, None)),
        ([(1, 2, 3)], Route(1, 2, 3)),
        ([(None, 2, None), (1, 9, 3)], Route(1, 2, 3)),
        ([(None, None, None), (None, None, 3), (1, 2, 9)], Route(1, 2, 3)),
        ([(None, None, None)], Route(None, None, None)),
        ([(None, 0, None), (1, 2, 3)], Route(1, 0, 3)),
    ],
)
def test_the_nearest_that_says_so(
    lineage: list[tuple[int | None, int | None, int | None]], found: Route
) -> None:
    assert route(lineage) == found
