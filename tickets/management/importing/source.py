"""Rows of a CSV or JSONL file, one at a time, whatever its size."""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from helpdesk.lib.errors import Invalid

CHUNK = 1 << 20
#: More than the longest message in any charset; what is longer is a broken quote, not a text.
LONGEST_CELL = 1_000_000
BOMS = [(codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")]
GUESSES = ("utf-8", "gb18030")


class Unreadable(Exception):
    """The file as a whole cannot be read; the message says why."""


@dataclass(frozen=True)
class Source:
    path: Path
    format: str
    encoding: str
    #: SHA-256 of the file: names it where its rows have no ids of their own, and finds out when it was changed.
    digest: str
    size: int
    delimiter: str = ","


@dataclass(frozen=True)
class Row:
    """One record, counted from 1. ``values`` is what it says, ``raw`` what to write beside the reason if refused."""

    number: int
    values: dict[str, Any]
    raw: Any
    problem: str = ""


def inspect(path: Path, *, format: str = "", encoding: str = "", delimiter: str = ",") -> Source:
    """Look through the whole file once: its fingerprint, and a charset that fits every byte of it."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        candidates = [encoding] if encoding else _candidates(file.read(4))
        file.seek(0)
        decoders = {name: codecs.getincrementaldecoder(name)() for name in candidates}
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
            _drop_misfits(decoders, chunk)
        _drop_misfits(decoders, b"", final=True)
    if not decoders:
        raise Unreadable(f"The file is not {' or '.join(candidates)}. Name its charset with --encoding.")
    format = format or ("jsonl" if path.suffix.lower() in (".jsonl", ".ndjson") else "csv")
    return Source(path, format, next(iter(decoders)), digest.hexdigest(), size, delimiter)


def _candidates(head: bytes) -> list[str]:
    marked = [name for mark, name in BOMS if head.startswith(mark)]
    return marked or list(GUESSES)


def _drop_misfits(decoders: dict[str, codecs.IncrementalDecoder], chunk: bytes, final: bool = False) -> None:
    for name in list(decoders):
        try:
            decoders[name].decode(chunk, final)
        except UnicodeDecodeError:
            del decoders[name]


class Reader:
    """Iterates over the rows; ``offset`` is how many bytes were read so far, ``columns`` the CSV's header."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._file: BinaryIO = source.path.open("rb")
        newline = "" if source.format == "csv" else None
        self._text = io.TextIOWrapper(self._file, encoding=source.encoding, newline=newline)
        self.columns: list[str] = []
        if source.format == "csv":
            csv.field_size_limit(LONGEST_CELL)
            self._csv = csv.reader(self._text, delimiter=source.delimiter)
            self.columns = [name.strip() for name in next(self._csv, [])]
            if len(set(self.columns)) < len(self.columns):
                raise Unreadable("Two columns of the file have the same name.")

    @property
    def offset(self) -> int:
        return self._file.tell()

    def __iter__(self) -> Iterator[Row]:
        return self._csv_rows() if self.source.format == "csv" else self._json_rows()

    def close(self) -> None:
        self._text.close()

    def _csv_rows(self) -> Iterator[Row]:
        number = 0
        while True:
            try:
                cells = next(self._csv)
            except StopIteration:
                return
            except csv.Error as problem:
                number += 1
                yield Row(number, {}, [], f"not readable as CSV: {problem}")
                continue
            if not cells:
                continue
            number += 1
            values = dict(zip(self.columns, cells, strict=False))
            extra = len(cells) - len(self.columns)
            yield Row(
                number, values, cells, f"{extra} cells more than the header has columns" if extra > 0 else ""
            )

    def _json_rows(self) -> Iterator[Row]:
        number = 0
        while line := self._text.readline(LONGEST_CELL):
            whole = line.endswith("\n") or len(line) < LONGEST_CELL
            if not line.strip():
                continue
            number += 1
            yield _json_row(number, line) if whole else self._too_long(number, line)

    def _too_long(self, number: int, beginning: str) -> Row:
        while (rest := self._text.readline(LONGEST_CELL)) and not rest.endswith("\n"):
            pass
        return Row(number, {}, {"line": beginning[:200]}, "the line is too long")


def _json_row(number: int, line: str) -> Row:
    try:
        said = json.loads(line)
    except (ValueError, RecursionError) as problem:
        return Row(number, {}, {"line": line.rstrip("\n")}, f"not readable as JSON: {problem}")
    if not isinstance(said, dict):
        return Row(number, {}, {"line": line.rstrip("\n")}, "not a JSON object")
    return Row(number, said, said)


def value_at(values: dict[str, Any], name: str) -> Any:
    """``values["a.b"]``, or ``values["a"]["b"]`` as JSON nests it; None where there is none."""
    if name in values:
        return values[name]
    head, dot, rest = name.partition(".")
    inner = values.get(head)
    return value_at(inner, rest) if dot and isinstance(inner, dict) else None


def text_at(values: dict[str, Any], name: str) -> str:
    value = value_at(values, name)
    if isinstance(value, dict | list):
        raise Invalid({name: "this is not a text"})
    return "" if value is None else str(value).strip()
