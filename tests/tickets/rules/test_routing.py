from __future__ import annotations

import pytest

from tickets.rules.routing import Route, route


@pytest.mark.parametrize(
    ("lineage", "found"),
    [
        ([], Route(None, None)),
        ([(1, 2)], Route(1, 2)),
        ([(None, 2), (1, 9)], Route(1, 2)),
        ([(None, None), (None, 3), (1, 9)], Route(1, 3)),
        ([(None, None)], Route(None, None)),
        ([(None, 0), (1, 2)], Route(1, 0)),
    ],
)
def test_the_nearest_that_says_so(lineage: list[tuple[int | None, int | None]], found: Route) -> None:
    assert route(lineage) == found
