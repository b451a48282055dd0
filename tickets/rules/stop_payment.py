"""The time within which the police can have a transfer stopped, where the law knows one.

The countries and what is to be said of each stand in ``tickets/data/stop_payment.yaml``, for legal counsel to confirm.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).resolve().parent.parent / "data" / "stop_payment.yaml"


@dataclass(frozen=True)
class StopPayment:
    """How it stands. ``left`` is zero when the time is over; ``since`` None: nobody said when the money left."""

    country: str
    hours: int
    police: str
    hotline: str
    names: Mapping[str, str]
    what: Mapping[str, str]
    counsel: Mapping[str, str]
    source: str
    since: datetime | None = None
    until: datetime | None = None
    left: timedelta | None = None

    @property
    def is_over(self) -> bool:
        return self.left is not None and not self.left

    @property
    def hours_left(self) -> int:
        """Whole hours, the begun one left out: better too little than too much."""
        return int(self.left.total_seconds() // 3600) if self.left is not None else self.hours

    @property
    def minutes_left(self) -> int:
        return int(self.left.total_seconds() // 60) % 60 if self.left is not None else 0


def stop_payment(country: str, *, money_left_at: datetime | None, now: datetime) -> StopPayment | None:
    """None where the country has no such rule that we know of. A moment in the future is nobody's transfer: then the
    time has not begun to run out.
    """
    rows = _read()
    row = rows["countries"].get(country.upper())
    if row is None:
        return None
    hours = int(row["hours"])
    until = money_left_at + timedelta(hours=hours) if money_left_at else None
    left = None
    if until is not None:
        left = min(max(until - now, timedelta()), timedelta(hours=hours))
    return StopPayment(
        country=country.upper(),
        hours=hours,
        police=str(row["police"]),
        hotline=str(row.get("hotline", "")),
        names={"zh": row["name_zh"], "en": row["name_en"]},
        what={"zh": row["what_zh"], "en": row["what_en"]},
        counsel={"zh": rows["counsel_zh"], "en": rows["counsel_en"]},
        source=str(row.get("source", "")),
        since=money_left_at,
        until=until,
        left=left,
    )


@lru_cache(maxsize=1)
def _read() -> Any:
    return yaml.safe_load(DATA.read_text(encoding="utf-8"))
