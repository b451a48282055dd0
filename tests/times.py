"""Moments that tests name by a clock in Shanghai, where the cast's brands work from 9 to 18, Monday to Friday."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


def shanghai(day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """In March 2026; the 2nd is a Monday."""
    return datetime(2026, 3, day, hour, minute, second, tzinfo=UTC) - timedelta(hours=8)
