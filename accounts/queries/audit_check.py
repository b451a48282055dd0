"""Is the audit log as it was written? Entries and seals are read side by side, in constant memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from accounts.audit import keys
from accounts.models import AuditEntry, AuditSeal, SealKind
from accounts.rules.audit_chain import (
    BEGINNING,
    Sealed,
    Stretch,
    Written,
    digest_of_removal,
    first_difference,
    is_signed,
)

CHUNK = 2_000
#: So many faults are named. One that is found hides none behind it.
MOST_FAULTS = 50


@dataclass(frozen=True)
class Fault:
    """``what``: deleted, inserted, changed, moved (an entry that is not where it was sealed), unsigned, back (it was
    removed by retention), seal (a seal that was changed), broken (the chain), head (its end is missing)."""

    what: str
    entry: int = 0
    seal: int = 0


@dataclass(frozen=True)
class Verdict:
    faults: Sequence[Fault]
    entries: int
    seals: int
    #: Entries that wait for their seal.
    unsealed: int
    #: Up to which entry retention removed them.
    trimmed_to: int
    #: The digest of the last seal: kept elsewhere, it proves later that the end was not cut off.
    head: str

    @property
    def fault(self) -> Fault | None:
        """The first."""
        return self.faults[0] if self.faults else None

    @property
    def is_well(self) -> bool:
        return not self.faults


class _Check:
    def __init__(self, keys: Sequence[bytes], trimmed_to: int, head: str) -> None:
        self.keys, self.trimmed_to, self.head = keys, trimmed_to, head
        self.entries = self.seals = self.unsealed = 0
        self.last, self.reached = BEGINNING, 0
        self.saw_head = not head
        self.faults: list[Fault] = []

    def _found(self, what: str, *, entry: int = 0, seal: int = 0) -> None:
        is_told = entry and any(fault.entry == entry for fault in self.faults)
        if not is_told and len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(what, entry, seal))

    def run(self, seals: Iterator[Sealed], rows: Iterator[Written]) -> None:
        row = next(rows, None)
        for seal in seals:
            self._chained(seal)
            if seal.kind == SealKind.TRIMMED:
                continue
            if seal.last_id <= self.reached:
                self._found("broken", seal=seal.id)
                continue
            row = self._stretch(seal, row, rows)
            self.reached = seal.last_id
        while row is not None:
            self._signed(row)
            self.unsealed += 1
            row = next(rows, None)
        if not self.saw_head:
            self._found("head")

    def _chained(self, seal: Sealed) -> None:
        if not is_signed(self.keys, seal.canonical, seal.mac):
            self._found("seal", seal=seal.id, entry=seal.first_id)
        elif seal.previous != self.last:
            self._found("broken", seal=seal.id, entry=seal.first_id)
        removed = digest_of_removal(seal.previous, seal.first_id, seal.last_id, seal.count)
        if seal.kind == SealKind.TRIMMED and seal.digest != removed:
            self._found("seal", seal=seal.id, entry=seal.first_id)
        self.seals += 1
        self.last = seal.digest
        self.saw_head = self.saw_head or seal.digest == self.head

    def _stretch(self, seal: Sealed, row: Written | None, rows: Iterator[Written]) -> Written | None:
        """The first row behind it."""
        found = Stretch(seal.previous)
        while row is not None and row.id <= seal.last_id:
            if row.id <= self.trimmed_to:
                self._found("back", entry=row.id, seal=seal.id)
            self._signed(row)
            found.add(row)
            row = next(rows, None)
        if seal.last_id <= self.trimmed_to:
            return row
        if found.digest != seal.digest or found.count != seal.count:
            what, entry = first_difference(seal.fingerprints, found.fingerprints) or (
                "changed",
                seal.first_id,
            )
            self._found("moved" if what == "changed" else what, entry=entry, seal=seal.id)
        return row

    def _signed(self, row: Written) -> None:
        if not is_signed(self.keys, row.canonical, row.mac):
            self._found("changed", entry=row.id)
        self.entries += 1


def verify(*, since: datetime | None = None, head: str = "") -> Verdict:
    """The whole log, or from the stretch on in which ``since`` lies. ``head``: a digest that the chain must hold.

    An entry whose MAC is not ours is told before the stretch that it stands in is.
    """
    with _as_of_now():
        start, previous = _start(since)
        trimmed_to = _trimmed_to()
        check = _Check(keys(), trimmed_to, head)
        check.last, check.reached = previous.digest if previous else BEGINNING, start
        # What must be held against the end of the chain is not to be sought before ``since``.
        check.saw_head = not head or (previous is not None and _stands_before(head, previous.pk))
        seals, rows = _seals(previous.pk if previous else 0), _rows(start)
        check.run(seals, rows)
        return Verdict(check.faults, check.entries, check.seals, check.unsealed, check.trimmed_to, check.last)


def _start(since: datetime | None) -> tuple[int, AuditSeal | None]:
    """The seal before the first one that may cover ``since``, and the number of its last entry."""
    if since is None:
        return 0, None
    first = AuditEntry.objects.filter(at__gte=since).order_by("at").values_list("pk", flat=True).first()
    rows = AuditSeal.objects.filter(kind=SealKind.SEALED)
    previous = (rows.filter(last_id__lt=first) if first else rows).order_by("-id").first()
    return (previous.last_id, previous) if previous else (0, None)


def _stands_before(head: str, seal: int) -> bool:
    return AuditSeal.objects.filter(digest=head, pk__lte=seal).exists()


def _trimmed_to() -> int:
    """By the tombstones that we signed: one that somebody else made is found where it stands in the chain."""
    tombstones = AuditSeal.objects.filter(kind=SealKind.TRIMMED).order_by("-last_id")
    signed = (row for row in tombstones.iterator() if is_signed(keys(), row.sealed.canonical, row.mac))
    last = next(signed, None)
    return last.last_id if last else 0


def _seals(after: int) -> Iterator[Sealed]:
    rows = AuditSeal.objects.filter(pk__gt=after).order_by("pk")
    return (row.sealed for row in rows.iterator(chunk_size=CHUNK // 10))


def _rows(after: int) -> Iterator[Written]:
    fields = ("id", "uid", "kind", "at", "actor_id", "brand_id", "ticket", "customer", "way", "address")
    found = AuditEntry.objects.filter(pk__gt=after).order_by("pk")
    values = found.values_list(*fields, "session", "data", "mac")
    return (Written(*row) for row in values.iterator(chunk_size=CHUNK))


@contextmanager
def _as_of_now() -> Iterator[None]:
    """Both tables as they were at one moment, whatever is written, sealed or trimmed meanwhile."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield
