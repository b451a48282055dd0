"""How far background work is behind. Each app says in its ``AppConfig.ready`` what can lag and how that is measured."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Gauge:
    """``seconds`` measures (0: nothing waits), at the price of an index look-up: monitors ask often."""

    name: str
    seconds: Callable[[], float]
    tolerated: float


@dataclass(frozen=True)
class Reading:
    name: str
    seconds: float
    tolerated: float

    @property
    def is_lagging(self) -> bool:
        return self.seconds > self.tolerated


_gauges: dict[str, Gauge] = {}


def register(name: str, seconds: Callable[[], float], *, tolerated: float) -> None:
    """The same name again replaces the gauge."""
    _gauges[name] = Gauge(name, seconds, tolerated)


def names() -> list[str]:
    return list(_gauges)


def readings() -> list[Reading]:
    """All of them, in the order in which they were registered. Raises django.db.Error where the database does."""
    return [Reading(gauge.name, gauge.seconds(), gauge.tolerated) for gauge in _gauges.values()]
