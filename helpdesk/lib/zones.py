"""Time zones as people enter them."""

from __future__ import annotations

import zoneinfo
from collections.abc import Mapping, Sequence
from functools import cache

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

#: Left out of what is offered: they name no place, or one under an old name.
_NO_PLACES = ("Etc/", "SystemV/", "US/", "Canada/", "Brazil/", "Chile/", "Mexico/", "Arctic/")


@cache
def offered() -> Mapping[str, Sequence[str]]:
    """Zones to choose from, by part of the world; UTC stands for itself."""
    places = sorted(
        name for name in zoneinfo.available_timezones() if "/" in name and not name.startswith(_NO_PLACES)
    )
    by_part: dict[str, list[str]] = {"UTC": ["UTC"]}
    for name in places:
        by_part.setdefault(name.partition("/")[0], []).append(name)
    return by_part


def validate_time_zone(name: str) -> None:
    try:
        zoneinfo.ZoneInfo(name)
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError) as problem:
        raise ValidationError(_("No such time zone: %s") % name) from problem


def zone_or_default(name: str) -> zoneinfo.ZoneInfo:
    """The zone of that name; the site's own for what the machine does not know."""
    try:
        return zoneinfo.ZoneInfo(name)
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        return zoneinfo.ZoneInfo(settings.TIME_ZONE)
