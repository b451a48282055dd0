"""What an entry of the audit log is, as bytes, and how stretches of entries are chained. ``docs/audit.md`` says it
for people who verify an export with their own tools; a test holds the two equal.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

#: What a seal chains to where there is none before it.
BEGINNING = "0" * 64
#: At most so many entries under one seal.
STRETCH = 1_000
#: A fingerprint is the entry's number and eight bytes of its hash.
_NUMBER, _HASH = 8, 8
FINGERPRINT = _NUMBER + _HASH


@dataclass(frozen=True, slots=True)
class Written:
    """An entry as it stands in the table."""

    id: int
    uid: UUID
    kind: str
    at: datetime
    actor: int | None
    brand: int | None
    ticket: str
    customer: int | None
    way: str
    address: str | None
    session: str
    data: Mapping[str, Any]
    mac: str

    @property
    def canonical(self) -> bytes:
        return canonical(self.facts)

    @property
    def facts(self) -> dict[str, Any]:
        """What the MAC is made over: everything but the number, which is not known when it is made."""
        return {
            "uid": str(self.uid),
            "kind": self.kind,
            "at": moment(self.at),
            "actor": self.actor,
            "brand": self.brand,
            "ticket": self.ticket,
            "customer": self.customer,
            "way": self.way,
            "address": self.address or "",
            "session": self.session,
            "data": self.data,
        }


@dataclass(frozen=True, slots=True)
class Sealed:
    """A seal as it stands in the table."""

    id: int
    kind: str
    at: datetime
    first_id: int
    last_id: int
    count: int
    previous: str
    digest: str
    fingerprints: bytes
    mac: str

    @property
    def canonical(self) -> bytes:
        facts = {
            "kind": self.kind,
            "at": moment(self.at),
            "first": self.first_id,
            "last": self.last_id,
            "count": self.count,
            "previous": self.previous,
            "digest": self.digest,
            "fingerprints": hashlib.sha256(self.fingerprints).hexdigest(),
        }
        return canonical(facts)


def canonical(facts: Mapping[str, Any]) -> bytes:
    """JSON with its keys sorted, no space between, in UTF-8."""
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def moment(at: datetime) -> str:
    """``2026-01-31T08:00:00.000000Z``"""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def plain(value: Any) -> Any:
    """A JSON value that comes back from the database as it went in: no fractions, no NUL, no half characters."""
    if isinstance(value, Mapping):
        return {str(plain(str(key))): plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(inner) for inner in value]
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    return str(value).replace("\x00", "").encode("utf-8", "replace").decode()


def derived(secret: str) -> bytes:
    """The key of the log, from a secret that serves other things as well."""
    return hmac.digest(secret.encode(), b"helpdesk audit log, version 1", "sha256")


def mac_of(key: bytes, what: bytes) -> str:
    return hmac.digest(key, what, "sha256").hex()


def is_signed(keys: Sequence[bytes], what: bytes, mac: str) -> bool:
    return any(hmac.compare_digest(mac_of(key, what), mac) for key in keys)


def line_of(row: Written) -> bytes:
    """What the seal is made over."""
    return f"{row.id} {row.mac} {hashlib.sha256(row.canonical).hexdigest()}\n".encode()


class Stretch:
    """Adds up entries, in the order of their numbers, into what their seal must say."""

    def __init__(self, previous: str) -> None:
        self.count, self.first, self.last = 0, 0, 0
        self._hash = hashlib.sha256(f"{previous}\n".encode())
        self._fingerprints: list[bytes] = []

    def add(self, row: Written) -> None:
        line = line_of(row)
        self._hash.update(line)
        self._fingerprints.append(row.id.to_bytes(_NUMBER) + hashlib.sha256(line).digest()[:_HASH])
        self.count += 1
        self.first, self.last = self.first or row.id, row.id

    @property
    def digest(self) -> str:
        return self._hash.hexdigest()

    @property
    def fingerprints(self) -> bytes:
        return b"".join(self._fingerprints)


def digest_of_removal(previous: str, first: int, last: int, count: int) -> str:
    """What a tombstone says in place of entries."""
    return hashlib.sha256(f"{previous}\ntrimmed {first} {last} {count}\n".encode()).hexdigest()


def first_difference(sealed: bytes, found: bytes) -> tuple[str, int] | None:
    """(what, number of the entry): ``deleted``, ``inserted`` or ``changed``; None where both are the same."""
    ours, theirs = _parts(sealed), _parts(found)
    for number in sorted({*ours, *theirs}):
        if number not in theirs:
            return "deleted", number
        if number not in ours:
            return "inserted", number
        if ours[number] != theirs[number]:
            return "changed", number
    return None


def _parts(fingerprints: bytes) -> dict[int, bytes]:
    parts: Iterable[bytes] = (
        fingerprints[start : start + FINGERPRINT] for start in range(0, len(fingerprints), FINGERPRINT)
    )
    return {int.from_bytes(part[:_NUMBER]): part[_NUMBER:] for part in parts}
