"""Every part that is signed, changed by itself, spoils the signature; no signature serves for another purpose."""

from __future__ import annotations

from typing import Any

import pytest

from tickets.gateways.wallet_core.signing import (
    IDEMPOTENCY,
    NONCE,
    SIGNATURE,
    TIMESTAMP,
    BadSignature,
    Signer,
)

SIGNER, NOW, SALT = Signer("btp-1", b"s" * 32), 1_770_000_000, "a" * 32
CALL: dict[str, Any] = {"method": "POST", "path": "/acts", "body": b"{}"}


def signed(**changed: Any) -> dict[str, str]:
    return SIGNER.request("POST", "/acts", at=NOW, nonce=SALT, body=b"{}", idempotency_key="k") | changed


def check(headers: dict[str, str], *, now: int = NOW, signer: Signer = SIGNER, **call: Any) -> str:
    said = CALL | call
    return signer.check_request(said["method"], said["path"], headers, said["body"], now=now)


def test_it_works() -> None:
    assert check(signed()) == SALT
    assert check(signed(), now=NOW + 300) == SALT


@pytest.mark.parametrize(
    ("headers", "call"),
    [
        ({}, {"method": "PUT"}),
        ({}, {"path": "/acts/"}),
        ({}, {"body": b"{} "}),
        ({}, {"now": NOW + 301}),
        ({}, {"now": NOW - 301}),
        ({}, {"signer": Signer("btp-1", b"t" * 32)}),
        ({}, {"signer": Signer("btp-2", b"s" * 32)}),
        ({IDEMPOTENCY: "l"}, {}),
        ({NONCE: "b" * 32}, {}),
        ({NONCE: "short"}, {}),
        ({TIMESTAMP: str(NOW + 1)}, {}),
        ({TIMESTAMP: "soon"}, {}),
        ({TIMESTAMP: "١٧٧"}, {}),
        ({SIGNATURE: ""}, {}),
        ({SIGNATURE: "v1=ü"}, {}),
    ],
)
def test_what_does_not_fit(headers: dict[str, str], call: dict[str, Any]) -> None:
    with pytest.raises(BadSignature):
        check(signed(**headers), **call)


def test_an_answer_fits_its_own_call_alone() -> None:
    headers = SIGNER.answer(200, at=NOW, nonce=SALT, body=b"{}")
    SIGNER.check_answer(200, headers, b"{}", nonce=SALT, now=NOW)
    for status, body, nonce in ((201, b"{}", SALT), (200, b"[]", SALT), (200, b"{}", "b" * 32)):
        with pytest.raises(BadSignature):
            SIGNER.check_answer(status, headers, body, nonce=nonce, now=NOW)


def test_no_signature_serves_for_another_purpose() -> None:
    answer = SIGNER.answer(200, at=NOW, nonce=SALT, body=b"{}")
    call_back = SIGNER.call_back(at=NOW, nonce=SALT, body=b"{}")
    with pytest.raises(BadSignature):
        SIGNER.check_call_back(answer, b"{}", now=NOW)
    with pytest.raises(BadSignature):
        SIGNER.check_answer(200, call_back, b"{}", nonce=SALT, now=NOW)
    with pytest.raises(BadSignature):
        SIGNER.check_call_back(signed(), b"{}", now=NOW)
