"""Values of events as readers see them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime

Data = Mapping[str, Any]


def label(choices: Any, value: Any) -> str:
    try:
        return str(choices(value).label)
    except ValueError:
        return str(value or "")


def moment(text: Any) -> str:
    """ "" for what is no moment."""
    at = parse_datetime(text) if isinstance(text, str) else None
    return date_format(localtime(at), "SHORT_DATETIME_FORMAT") if at else ""
