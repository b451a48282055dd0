"""What a run leaves beside the database: the rows it refused, and how far it came."""

from __future__ import annotations

import csv
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from helpdesk.lib.guarding import guarded_values
from tickets.management.importing.source import Row, Source

REASON = "reject_reason"


@dataclass
class Counts:
    """Rows looked at; of these, tickets opened, tickets that were there, rows refused."""

    rows: int = 0
    opened: int = 0
    known: int = 0
    rejected: int = 0


class Rejects:
    """The refused rows, in the format of the source with one column more. No file while there are none."""

    def __init__(self, path: Path, source: Source, columns: list[str]) -> None:
        self.path = path
        self._format, self._columns = source.format, columns
        self._file: IO[str] | None = None

    def begin_anew(self) -> None:
        self.path.unlink(missing_ok=True)

    def cut_to(self, size: int) -> None:
        """Forget what was written after the last row that the checkpoint counts."""
        if self.path.exists():
            with self.path.open("r+b") as file:
                file.truncate(size)

    def add(self, row: Row, reason: str) -> None:
        file = self._opened()
        raw = guarded_values(row.raw)  # a copy that we make holds no secret, whatever the source holds
        if self._format == "csv":
            cells = [*raw, *[""] * (len(self._columns) - len(raw))]
            csv.writer(file).writerow([*cells, reason])
        else:
            file.write(json.dumps({**raw, REASON: reason}, ensure_ascii=False) + "\n")

    def size(self) -> int:
        """Bytes that are safely on disk."""
        if self._file is None:
            return self.path.stat().st_size if self.path.exists() else 0
        self._file.flush()
        return self.path.stat().st_size

    def close(self) -> None:
        if self._file is not None:
            self._file.close()

    def _opened(self) -> IO[str]:
        if self._file is None:
            fresh = not self.path.exists() or self.path.stat().st_size == 0
            self._file = self.path.open("a", encoding="utf-8", newline="")
            if fresh and self._format == "csv":
                csv.writer(self._file).writerow([*self._columns, REASON])
        return self._file


class Checkpoint:
    """How far a run came, written after each commit; gone when the run is done."""

    def __init__(self, rejects: Path, source: Source) -> None:
        self.path = rejects.with_name(rejects.name + ".checkpoint")
        self._digest = source.digest

    def read(self) -> tuple[Counts, int] | None:
        """Counts and size of the rejects file. None without a checkpoint; ValueError for another file's."""
        try:
            said: dict[str, Any] = json.loads(self.path.read_text())
        except FileNotFoundError:
            return None
        if said["digest"] != self._digest:
            raise ValueError("The file is not the one that was being imported: it has changed since.")
        return Counts(**said["counts"]), int(said["rejects_size"])

    def write(self, counts: Counts, rejects_size: int) -> None:
        said = {"digest": self._digest, "counts": asdict(counts), "rejects_size": rejects_size}
        unfinished = self.path.with_name(self.path.name + ".new")
        unfinished.write_text(json.dumps(said))
        unfinished.replace(self.path)

    def clear(self) -> None:
        self.path.unlink(missing_ok=True)
