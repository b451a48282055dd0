"""The run itself: rows in small transactions, each through ``open_ticket``."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.db import DataError, reset_queries, transaction

from helpdesk.lib.errors import DomainError, Invalid
from tickets import actors
from tickets.actions.tickets import open_ticket
from tickets.management.importing.keeping import Checkpoint, Counts, Rejects
from tickets.management.importing.mapping import Plan, new_ticket, origin_key
from tickets.management.importing.progress import Progress
from tickets.management.importing.source import Reader, Row
from tickets.models import Ticket

#: One commit for so many rows or so many seconds: a kill repeats little, and nobody waits long for a row of ours.
BATCH_ROWS = 100
BATCH_SECONDS = 0.5
BY = actors.system("import")


class Importer:
    def __init__(
        self, plan: Plan, reader: Reader, rejects: Rejects, checkpoint: Checkpoint, bar: Progress
    ) -> None:
        self.plan, self.reader, self.rejects, self.checkpoint, self.bar = (
            plan,
            reader,
            rejects,
            checkpoint,
            bar,
        )
        self.counts = Counts()

    def run(self, *, resume: bool) -> Counts:
        """Import every row; with ``resume``, those after the last commit of the run before."""
        self._begin(resume)
        rows = (row for row in self.reader if row.number > self._skip)
        while batch := self._some_of(rows):
            self._commit(batch)
            self.bar.show(self.reader.offset, self.counts.rows, self.counts.rejected)
        self.bar.show(self.reader.source.size, self.counts.rows, self.counts.rejected, final=True)
        self.rejects.close()
        self.checkpoint.clear()
        return self.counts

    def _begin(self, resume: bool) -> None:
        found = self.checkpoint.read() if resume else None
        if found is None:
            self.rejects.begin_anew()
        else:
            self.counts = found[0]
            self.rejects.cut_to(found[1])
        self._skip = self.counts.rows

    def _some_of(self, rows: Iterator[Row]) -> list[Row]:
        """The next rows of one transaction; the time limit falls in ``_commit``."""
        batch: list[Row] = []
        for row in rows:
            batch.append(row)
            if len(batch) == BATCH_ROWS:
                break
        return batch

    def _commit(self, batch: list[Row]) -> None:
        while batch:
            counts, refused = replace(self.counts), list[tuple[Row, str]]()
            with transaction.atomic():
                done = self._write(batch, counts, refused)
            self.counts = counts
            for row, reason in refused:
                self.rejects.add(row, reason)
            self.checkpoint.write(counts, self.rejects.size())
            batch = batch[done:]
            reset_queries()  # in development Django remembers each

    def _write(self, batch: list[Row], counts: Counts, refused: list[tuple[Row, str]]) -> int:
        """Open a ticket for each row until the time is up; how many rows were dealt with."""
        until = time.monotonic() + BATCH_SECONDS
        keys = {row.number: self._key(row) for row in batch}
        known = set(
            Ticket.objects.filter(
                origin_key__in=[key for key in keys.values() if isinstance(key, str)]
            ).values_list("origin_key", flat=True)
        )
        for place, row in enumerate(batch):
            if place and time.monotonic() > until:
                return place
            counts.rows += 1
            key = keys[row.number]
            if isinstance(key, str) and key in known:
                counts.known += 1
                continue
            reason = str(key[0]) if isinstance(key, tuple) else self._open(row, key)
            if reason:
                counts.rejected += 1
                refused.append((row, reason))
            else:
                counts.opened += 1
        return len(batch)

    def _key(self, row: Row) -> str | tuple[str]:
        """The row's key, or in a tuple why it has none."""
        if row.problem:
            return (row.problem,)
        try:
            return origin_key(self.plan, row)
        except Invalid as problem:
            return (in_words(problem),)

    def _open(self, row: Row, key: str) -> str:
        """Open the ticket; the reason where that cannot be. The verb itself undoes what it began and could not end."""
        try:
            open_ticket(new_ticket(self.plan, row, key), by=BY)
        except (DomainError, DataError) as problem:
            return in_words(problem)
        return ""


def in_words(problem: Any) -> str:
    if isinstance(problem, Invalid):
        return "; ".join(f"{name}: {text}" for name, text in problem.fields.items())
    return str(problem).strip().replace("\n", " ")
