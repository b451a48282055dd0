from __future__ import annotations

import pytest

from tickets.rules.mail_signatures import Signing, is_timely

SECRET = "a secret of thirty-two letters  "


def sign(body: bytes, *, timestamp: str = "1764100000", recipients: bytes | None = None) -> str:
    signing = Signing(SECRET, timestamp=timestamp, recipients=recipients)
    signing.add(body)
    return signing.written()


def test_a_signature_that_was_made_elsewhere() -> None:
    """By: printf '1764100000.hello' | openssl dgst -sha256 -hmac '…' -binary | base64."""
    assert sign(b"hello") == "v1,kGIC6rrxoXBl0PkdweiLRtAW1Dq7nwrkXrMDNh92iC4="


def test_every_part_is_signed_and_none_can_be_moved() -> None:
    made = [
        sign(b"x\nhello"),
        sign(b"x\nhello", timestamp="1764100001"),
        sign(b"hello", recipients=b"x"),
        sign(b"x\nhello", recipients=b""),
        sign(b"hello", recipients=b"x\n"),
        sign(b"hello"),
    ]
    assert len(set(made)) == len(made)


def test_in_pieces() -> None:
    signing = Signing(SECRET, timestamp="1764100000")
    for piece in (b"he", b"", b"llo"):
        signing.add(piece)
    assert signing.is_among(f"v1,nonsense {sign(b'hello')}")
    assert not signing.is_among("")
    assert not signing.is_among("v1, ünsinn")


@pytest.mark.parametrize(
    ("timestamp", "timely"),
    [
        ("1000", True), ("700", True), ("1300", True), ("699", False), ("1301", False), ("", False), ("-1000", False),
        ("1e3", False), ("1000.0", False), ("١٠٠٠", False), (" 1000", False), ("9" * 13, False), ("0" * 5000, False),
    ],
)  # fmt: skip
def test_timely(timestamp: str, timely: bool) -> None:
    assert is_timely(timestamp, now=1000.0) is timely
