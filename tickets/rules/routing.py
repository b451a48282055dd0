"""Who gets it? The nearest category that says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Route:
    team_id: int | None
    priority: int | None


def route(lineage: Sequence[tuple[int | None, int | None]]) -> Route:
    """``lineage`` is (team, priority) of the category, its parent and so on; None asks the next one up."""
    team, priority = (
        next((node[place] for node in lineage if node[place] is not None), None) for place in range(2)
    )
    return Route(team, priority)
