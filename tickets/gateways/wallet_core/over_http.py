"""The wallet core over HTTP: signed calls, signed answers, and nothing believed that is not signed."""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection
from dataclasses import dataclass

from helpdesk.lib import clock, outgoing
from helpdesk.lib.outgoing import CallError, Trouble
from tickets.gateways.wallet_core import Answer, NotSent, Order, Unclear, words
from tickets.gateways.wallet_core.signing import BadSignature, Signer

#: Less than the lease of a command: a call that still runs is never taken for a dead one.
SECONDS = 10.0
#: Where no line came to be, nothing was said.
_NO_LINE = frozenset(
    {
        *(Trouble.UNREADABLE, Trouble.NOT_HTTPS, Trouble.CREDENTIALS, Trouble.PORT, Trouble.NOT_PUBLIC),
        *(Trouble.UNKNOWN_NAME, Trouble.NO_CONNECTION),
    }
)


@dataclass(frozen=True)
class HttpGateway:
    """``private_hosts``: those that the operator says lie in the company's own network, as ``host:port``; they may be
    called without TLS and at private addresses. All others are called as any typed address is."""

    url: str
    signer: Signer
    private_hosts: Collection[str] = ()
    seconds: float = SECONDS

    def carry_out(self, order: Order) -> Answer:
        said = {
            "act": order.key,
            "content_hash": order.content_hash,
            "content": dict(order.content),
            "holder": dict(order.holder),
        }
        body = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
        return self._call("POST", f"{self.url.rstrip('/')}/acts", order, body)

    def ask(self, order: Order) -> Answer:
        return self._call("GET", f"{self.url.rstrip('/')}/acts/{order.key}", order, b"")

    def _call(self, method: str, url: str, order: Order, body: bytes) -> Answer:
        try:
            private = is_private(url, self.private_hosts)
            path = outgoing.check_url(url, private=private).request_uri
        except CallError as problem:
            raise NotSent(str(problem)) from problem
        nonce = secrets.token_hex(16)
        at = int(clock.now().timestamp())
        headers = self.signer.request(
            method, path, at=at, nonce=nonce, body=body, idempotency_key=order.key
        ) | {"Content-Type": "application/json; charset=utf-8", "User-Agent": "Helpdesk-Wallet/1"}
        try:
            if method == "GET":
                got = outgoing.get(url, headers=headers, private=private, seconds=self.seconds)
            else:
                got = outgoing.post(url, body=body, headers=headers, private=private, seconds=self.seconds)
        except CallError as problem:
            raise (NotSent if problem.trouble in _NO_LINE else Unclear)(str(problem)) from problem
        return self._read(got, order, nonce)

    def _read(self, got: outgoing.Answer, order: Order, nonce: str) -> Answer:
        """A signed answer counts, whatever its status; an unsigned one says nothing, whatever it says."""
        raw = got.body.encode()
        try:
            self.signer.check_answer(got.status, got.headers, raw, nonce=nonce, now=clock.now().timestamp())
            return words.answer_of(words.read(raw), key=order.key, content_hash=order.content_hash)
        except (BadSignature, words.Nonsense) as problem:
            raise Unclear(f"not_believed: HTTP {got.status}, {problem}") from problem


def is_private(url: str, hosts: Collection[str]) -> bool:
    """Whether the operator named just this host and port."""
    if not hosts:
        return False
    parts = outgoing.check_url(url, private=True)
    port = parts.port or (80 if parts.scheme == "http" else 443)
    return f"{parts.host}:{port}" in hosts
