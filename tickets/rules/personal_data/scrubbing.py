"""Taking a person out of text that is not theirs alone, and out of the details of events."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import phonenumbers

#: Stands where something was erased; read in either language.
MARK = "[erased · 已删除]"
#: Shorter names would take single words out of everything.
_SHORTEST = 2

#: Details of events that name people outside, their accounts and files, or hold what others wrote: by kind, the keys.
PERSONAL_DETAILS: Mapping[str, frozenset[str]] = {
    "mail_sent": frozenset({"to"}),
    "mail_failed": frozenset({"to", "error"}),
    "mail_bounced": frozenset({"to", "error"}),
    "sender_accepted": frozenset({"who"}),
    "participant_added": frozenset({"who"}),
    "participant_removed": frozenset({"who"}),
    "forwarded": frozenset({"to"}),
    "secret_removed": frozenset({"file"}),
    "file_quarantined": frozenset({"file"}),
    "file_released": frozenset({"file", "reason"}),
    "emergency_opened": frozenset({"account"}),
    "scam_reported": frozenset({"value"}),
    "act_requested": frozenset({"account", "reason", "changes"}),
    **dict.fromkeys(
        (f"act_{what}" for what in ("approved", "refused", "withdrawn", "expired", "done", "failed")),
        frozenset({"account"}),
    ),
}


def needles(
    *, names: Iterable[str] = (), emails: Iterable[str] = (), phones: Iterable[str] = ()
) -> list[str]:
    """What a person is called or reached by, the longest first; a phone also without its country code."""
    found = {email.strip() for email in emails if "@" in email}
    for phone in phones:
        found |= _spellings(phone)
    found |= {name.strip() for name in names if len(name.strip()) >= _SHORTEST}
    return sorted(found, key=lambda text: (-len(text), text))


def _spellings(phone: str) -> set[str]:
    if not phone:
        return set()
    try:
        national = str(phonenumbers.parse(phone, None).national_number)
    except phonenumbers.NumberParseException:
        return {phone}
    return {phone, phone.removeprefix("+"), national} if len(national) >= 6 else {phone}


def pattern_of(found: Iterable[str]) -> re.Pattern[str] | None:
    """None where nothing is known to look for. Latin words and digits are found as whole words only."""
    parts = [_part(needle) for needle in found]
    return re.compile("|".join(parts), re.IGNORECASE) if parts else None


def _part(needle: str) -> str:
    before = r"(?<![0-9A-Za-z])" if re.match(r"[0-9A-Za-z]", needle) else ""
    after = r"(?![0-9A-Za-z])" if re.search(r"[0-9A-Za-z]$", needle) else ""
    return before + re.escape(needle) + after


def scrubbed(value: Any, pattern: re.Pattern[str] | None) -> Any:
    """The same text or JSON without the person; their name as a key of an object goes too."""
    if pattern is None:
        return value
    if isinstance(value, str):
        return pattern.sub(MARK, value)
    if isinstance(value, Mapping):
        return {scrubbed(key, pattern): scrubbed(one, pattern) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [scrubbed(one, pattern) for one in value]
    return value


def sifted(kind: str, data: Mapping[str, Any], pattern: re.Pattern[str] | None) -> dict[str, Any]:
    """An event's details without whom they name; every key stays, for the timeline reads it."""
    personal = PERSONAL_DETAILS.get(kind, frozenset())
    return {
        key: _marked(value) if key in personal else scrubbed(value, pattern) for key, value in data.items()
    }


def _marked(value: Any) -> Any:
    if isinstance(value, list):
        return [MARK] if value else []
    if isinstance(value, Mapping):
        return {}
    return MARK if value else value
