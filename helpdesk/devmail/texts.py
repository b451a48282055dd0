"""Instead of a gateway for text messages: each becomes one small file, shown at /dev/sms/. In development alone."""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings

SHOWN_AT_ONCE = 100


@dataclass(frozen=True)
class Text:
    at: datetime
    to: str
    said: str


def store(to: str, said: str) -> None:
    """Whole or not at all. Raises RuntimeError where there is no such inbox: in production nothing is written."""
    if not settings.DEV_TEXTS:
        raise RuntimeError("No gateway for text messages is set.")
    settings.DEV_TEXTS_DIR.mkdir(parents=True, exist_ok=True)
    name = f"{time.time_ns():020d}-{secrets.token_hex(4)}"
    unfinished = settings.DEV_TEXTS_DIR / f".{name}.part"
    unfinished.write_text(json.dumps({"to": to, "said": said}, ensure_ascii=False), encoding="utf-8")
    unfinished.rename(settings.DEV_TEXTS_DIR / f"{name}.json")


def newest(search: str = "") -> list[Text]:
    """The latest, or the latest to a number that contains what is searched for."""
    found: list[Text] = []
    for path in sorted(settings.DEV_TEXTS_DIR.glob("*.json"), reverse=True):
        stored = json.loads(path.read_text(encoding="utf-8"))
        if search.strip() in stored["to"]:
            at = datetime.fromtimestamp(int(path.stem[:20]) / 1e9, tz=UTC)
            found.append(Text(at, stored["to"], stored["said"]))
        if len(found) == SHOWN_AT_ONCE:
            break
    return found
