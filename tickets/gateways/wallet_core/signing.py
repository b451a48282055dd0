"""How both sides sign what they say: HMAC-SHA-256 over every part that matters, so that none can be changed or reused.

A request carries a fresh nonce. The answer is signed over that same nonce: an older answer, however true it was, does
not fit. A call back carries a nonce of its own. The first line of what is signed says which of the three it is, so that
no signature of one kind serves as another.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass

KEY, TIMESTAMP, NONCE, SIGNATURE = "wallet-key", "wallet-timestamp", "wallet-nonce", "wallet-signature"
IDEMPOTENCY = "idempotency-key"
VERSION = "v1"
#: Clocks may differ by so many seconds.
TOLERANCE = 300
_NONCE = re.compile(r"[0-9a-f]{32,64}")


class BadSignature(Exception):
    """Not from whom it should be, not for this, or not now. The text says which, for the log."""


@dataclass(frozen=True)
class Signer:
    key_id: str
    secret: bytes

    def request(
        self, method: str, path: str, *, at: int, nonce: str, body: bytes, idempotency_key: str
    ) -> dict[str, str]:
        """The headers of a call. ``path`` as it stands in the request line."""
        signed = _request(method, path, at, nonce, body, idempotency_key)
        return {IDEMPOTENCY: idempotency_key} | self._headers(signed, at, nonce)

    def answer(self, status: int, *, at: int, nonce: str, body: bytes) -> dict[str, str]:
        """The headers of the answer to a call with this nonce."""
        return self._headers(_answer(status, at, nonce, body), at, nonce)

    def call_back(self, *, at: int, nonce: str, body: bytes) -> dict[str, str]:
        return self._headers(_call_back(at, nonce, body), at, nonce)

    def check_request(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes, *, now: float
    ) -> str:
        """The nonce. Raises BadSignature."""
        at, nonce = self._stamp(headers, now)
        key = headers.get(IDEMPOTENCY, "")
        self._check(headers, _request(method, path, at, nonce, body, key))
        return nonce

    def check_answer(
        self, status: int, headers: Mapping[str, str], body: bytes, *, nonce: str, now: float
    ) -> None:
        """Raises BadSignature where it does not answer the call with this nonce."""
        at, echoed = self._stamp(headers, now)
        if not hmac.compare_digest(echoed, nonce):
            raise BadSignature("it answers another call")
        self._check(headers, _answer(status, at, nonce, body))

    def check_call_back(self, headers: Mapping[str, str], body: bytes, *, now: float) -> str:
        """The nonce, which the receiver hears once. Raises BadSignature."""
        at, nonce = self._stamp(headers, now)
        self._check(headers, _call_back(at, nonce, body))
        return nonce

    def _headers(self, signed: bytes, at: int, nonce: str) -> dict[str, str]:
        return {KEY: self.key_id, TIMESTAMP: str(at), NONCE: nonce, SIGNATURE: self._sign(signed)}

    def _sign(self, signed: bytes) -> str:
        return f"{VERSION}={hmac.new(self.secret, signed, hashlib.sha256).hexdigest()}"

    def _stamp(self, headers: Mapping[str, str], now: float) -> tuple[int, str]:
        if not hmac.compare_digest(headers.get(KEY, "").encode(), self.key_id.encode()):
            raise BadSignature("it names another key")
        said, nonce = headers.get(TIMESTAMP, ""), headers.get(NONCE, "")
        if not re.fullmatch(r"[0-9]{1,12}", said, re.ASCII) or abs(int(said) - now) > TOLERANCE:
            raise BadSignature("its time is not now")
        if not _NONCE.fullmatch(nonce):
            raise BadSignature("its nonce is none")
        return int(said), nonce

    def _check(self, headers: Mapping[str, str], signed: bytes) -> None:
        if not hmac.compare_digest(headers.get(SIGNATURE, "").encode(), self._sign(signed).encode()):
            raise BadSignature("its signature does not fit")


def _request(method: str, path: str, at: int, nonce: str, body: bytes, key: str) -> bytes:
    return _lines("request", method, path, str(at), nonce, key, _digest(body))


def _answer(status: int, at: int, nonce: str, body: bytes) -> bytes:
    return _lines("answer", str(status), str(at), nonce, _digest(body))


def _call_back(at: int, nonce: str, body: bytes) -> bytes:
    return _lines("callback", str(at), nonce, _digest(body))


def _lines(*parts: str) -> bytes:
    return "\n".join((VERSION, *parts)).encode()


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
