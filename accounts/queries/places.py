"""Where in the world a network address is, as far as the operator's own file says."""

from __future__ import annotations

import ipaddress
import logging
from functools import lru_cache
from typing import Any

import maxminddb
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

logger = logging.getLogger(__name__)


def place_of(address: str | None) -> str:
    """ "Shanghai, China" in the reader's language; "" where it is not known. Nobody outside is asked."""
    if not address:
        return ""
    parsed = ipaddress.ip_address(address)
    if parsed.is_loopback or parsed.is_private:
        return _("in the house’s own network")
    found = _look_up(address)
    if not isinstance(found, dict):
        return ""
    names = [_name(found.get(part)) for part in ("city", "country")]
    return _(", ").join(name for name in names if name)


def _look_up(address: str) -> Any:
    reader = _reader(settings.GEOIP_DATABASE)
    try:
        return reader.get(address) if reader is not None else None
    except (ValueError, maxminddb.InvalidDatabaseError):  # IPv6 in a file for IPv4 alone; a broken file
        return None


def _name(part: Any) -> str:
    names = part.get("names", {}) if isinstance(part, dict) else {}
    language = "zh-CN" if (get_language() or "").startswith("zh") else "en"
    return str(names.get(language) or names.get("en") or "")


@lru_cache(maxsize=2)
def _reader(path: str) -> maxminddb.Reader | None:
    if not path:
        return None
    try:
        return maxminddb.open_database(path, maxminddb.MODE_MMAP)
    except (OSError, maxminddb.InvalidDatabaseError) as problem:
        logger.warning("GEOIP_DATABASE cannot be read, places are not shown. Cause: %s", problem)
        return None
