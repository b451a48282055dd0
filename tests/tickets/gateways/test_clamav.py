from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from tests.clamd import EICAR, Clamd, clamd
from tickets.gateways.clamav import NotScanned, ScannerAway, scan


@pytest.fixture
def server() -> Iterator[Clamd]:
    with clamd() as running:
        yield running


def test_eicar_is_found(server: Clamd) -> None:
    assert scan([b"before", EICAR, b"behind"], server.url).name == "Eicar-Test-Signature"


def test_a_clean_file(server: Clamd) -> None:
    content = b"x" * 300_000
    assert scan([content[:200_000], content[200_000:]], server.url).name == ""
    assert server.asked == [content], "every byte of it was looked at"


def test_an_empty_file(server: Clamd) -> None:
    assert scan([], server.url).name == ""


def test_what_is_too_long_for_it_is_never_scanned(server: Clamd) -> None:
    server.limit = 1_000
    with pytest.raises(NotScanned, match="size limit"):
        scan([b"x" * 5_000_000], server.url)


@pytest.mark.parametrize("words", ["", "stream: Can't allocate memory ERROR", "UNKNOWN COMMAND", "stream: "])
def test_any_other_answer_is_no_verdict(server: Clamd, words: str) -> None:
    server.says = words
    with pytest.raises(ScannerAway):
        scan([b"x"], server.url)


def test_nobody_is_there() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(ScannerAway):
        scan([b"x"], f"tcp://127.0.0.1:{port}")
    with pytest.raises(ScannerAway):
        scan([b"x"], "unix:///nowhere/clamd.ctl")
