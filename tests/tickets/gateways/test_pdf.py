"""PDFs are read in a process of their own that is ended when it takes too much."""

from __future__ import annotations

import time
import zlib
from pathlib import Path

import pytest

from tests.files import PHRASE, pdf
from tickets.gateways import pdf as gateway
from tickets.gateways.pdf import PdfText, pdf_text


def test_it_works() -> None:
    found = pdf_text(pdf(f"My wallet:\n{PHRASE}"))
    assert PHRASE in found.text
    assert found.trouble == ""


def test_one_that_asks_for_a_password() -> None:
    assert pdf_text(pdf(password="sesame")).trouble == "locked"


@pytest.mark.parametrize("content", [b"%PDF-1.7\n" + b"\0" * 100, b"%PDF-1.4\n%%EOF", b""])
def test_one_that_is_none(content: bytes) -> None:
    assert pdf_text(content).trouble == "damaged"


def test_a_stream_that_unpacks_to_everything() -> None:
    """300 MB of spaces in a page, packed into 300 kB."""
    packed = zlib.compress(zlib.compress(b" " * 300_000_000, 9), 9)
    whole = pdf("x")
    bomb = whole.replace(b"endobj", b"endobj\n%padding", 1)
    stream = b"<< /Length %d /Filter [/FlateDecode /FlateDecode] >>\nstream\n%b\nendstream" % (
        len(packed),
        packed,
    )
    at = bomb.index(b"stream\n")
    start = bomb.rindex(b"<<", 0, at)
    bomb = bomb[:start] + stream + bomb[bomb.index(b"endstream") + len(b"endstream") :]
    began = time.monotonic()
    pdf_text(bomb)
    assert time.monotonic() - began < gateway.SECONDS + 5


def test_a_reader_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    hangs = tmp_path / "reader.py"
    hangs.write_text("import time; time.sleep(60)")
    monkeypatch.setattr(gateway, "_READER", hangs)
    monkeypatch.setattr(gateway, "SECONDS", 0.3)
    assert pdf_text(pdf()).trouble == "too_long"


def test_a_reader_that_is_killed_has_said_its_pages(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    dies = tmp_path / "reader.py"
    dies.write_text(
        'import os, sys; print(\'"page one"\'); print(\'"page t\', end=""); sys.stdout.flush(); os.abort()'
    )
    monkeypatch.setattr(gateway, "_READER", dies)
    assert pdf_text(pdf()) == PdfText("page one", "too_long")


def test_the_reader_knows_no_secret_of_ours(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    tells = tmp_path / "reader.py"
    tells.write_text('import json, os; print(json.dumps(str(dict(os.environ)))); print(\'{"how": "read"}\')')
    monkeypatch.setattr(gateway, "_READER", tells)
    monkeypatch.setenv("SECRET_KEY", "our-secret-key")
    found = pdf_text(pdf())
    assert found.trouble == ""
    assert "our-secret-key" not in found.text
