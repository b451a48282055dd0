"""The sandbox wallet core on a port: the protocol of docs/wallet-gateway.md, and a page that shows what it did."""

from __future__ import annotations

import json
import logging
import secrets
import threading
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from helpdesk.lib import clock, outgoing
from helpdesk.lib.outgoing import CallError
from tickets.gateways.wallet_core.sandbox import Behaviour, Done, Sandbox, sandbox_secret
from tickets.gateways.wallet_core.sandbox_page import page
from tickets.gateways.wallet_core.signing import IDEMPOTENCY, KEY, BadSignature, Signer

logger = logging.getLogger(__name__)
MAX_BYTES = 64 * 1024
#: Longer than the helpdesk waits.
HANG_SECONDS = 12.0
SLOW_SECONDS = 5.0
CALL_BACK_TRIES = 5


class Server(ThreadingHTTPServer):
    """``call_back``: where it says by itself what became of an act; "" says nothing."""

    daemon_threads = True

    def __init__(
        self,
        where: tuple[str, int],
        sandbox: Sandbox,
        *,
        call_back: str = "",
        hang_seconds: float = HANG_SECONDS,
        slow_seconds: float = SLOW_SECONDS,
        secret_of: Callable[[str], bytes] = sandbox_secret,
    ) -> None:
        super().__init__(where, Handler)
        self.sandbox, self.call_back = sandbox, call_back
        self.hang_seconds, self.slow_seconds, self.secret_of = hang_seconds, slow_seconds, secret_of
        self.stopping = threading.Event()
        # What was pending when it was stopped is completed, and told, now.
        for key in sandbox.pending():
            self.complete_later(key)

    @property
    def url(self) -> str:
        host, port = self.server_address[:2]
        return f"http://{host!s}:{port}"

    def shutdown(self) -> None:
        self.stopping.set()
        super().shutdown()

    def handle_error(self, request: object, client_address: object) -> None:
        logger.info("The other side hung up")

    def complete_later(self, key: str) -> None:
        def work() -> None:
            if not self.stopping.wait(self.slow_seconds):
                self.tell(self.sandbox.complete(key))

        threading.Thread(target=work, daemon=True).start()

    def tell(self, act: Done, times: int = 1) -> None:
        """Call back; a few times over where nobody hears."""
        body = _json(answer_about(act))
        for _turn in range(times):
            for pause in range(CALL_BACK_TRIES):
                if self._told(body, act.key_id) or self.stopping.wait(2.0**pause / 4):
                    break

    def _told(self, body: bytes, key_id: str) -> bool:
        if not self.call_back:
            return True
        signer = Signer(key_id, self.secret_of(key_id))
        headers = signer.call_back(at=_now(), nonce=secrets.token_hex(16), body=body)
        try:
            answer = outgoing.post(
                self.call_back,
                body=body,
                headers=headers | {"Content-Type": "application/json"},
                private=True,
            )
        except CallError as problem:
            logger.info("Nobody hears the call back: %s", problem)
            return False
        return answer.status < 500


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path == "/":
            self._send(200, page(self.server.sandbox.told()).encode(), "text/html; charset=utf-8")
        elif self.path == "/ledger.json":
            self._send(200, _json(self.server.sandbox.told()), "application/json")
        elif self.path.startswith("/acts/"):
            self._ask(self.path.removeprefix("/acts/"))
        else:
            self._send(404, b"{}", "application/json")

    def do_POST(self) -> None:
        size = self.headers.get("Content-Length", "")
        if self.path != "/acts" or not size.isdecimal() or int(size) > MAX_BYTES:
            self.close_connection = True
            self._send(404, b"{}", "application/json")
        else:
            self._carry_out(self.rfile.read(int(size)))

    def _ask(self, key: str) -> None:
        if (signed := self._signer(b"")) is None:
            return
        signer, nonce = signed
        act = self.server.sandbox.known(key)
        said = answer_about(act) if act is not None else {"act": key, "state": "unknown"}
        self._answer(200, said, signer, nonce)

    def _carry_out(self, body: bytes) -> None:
        if (signed := self._signer(body)) is None:
            return
        signer, nonce = signed
        try:
            said = json.loads(body)
            account, key = str(said["content"]["account"]), str(said["act"])
            if key != self.headers.get(IDEMPOTENCY):
                raise ValueError("the idempotency key is another")
        except (ValueError, TypeError, LookupError) as problem:
            self._answer(400, {"error": str(problem)}, signer, nonce)
            return
        how = self.server.sandbox.behaves(key, account)
        if how is Behaviour.DOWN:
            self._send(HTTPStatus.SERVICE_UNAVAILABLE, b"away", "text/plain")
        elif how is Behaviour.LOST:
            self._hang()
        else:
            self._do(said, how, signer, nonce)

    def _do(self, said: dict[str, Any], how: Behaviour, signer: Signer, nonce: str) -> None:
        act = self.server.sandbox.take(said, how, signer.key_id)
        if how is Behaviour.TIMEOUT:
            self._hang()
            return
        if how is Behaviour.FORGED:
            signer = Signer(signer.key_id, b"somebody else's")
        self._answer(200, answer_about(act), signer, nonce)
        if act.state == "pending":
            self.server.complete_later(act.key)
        elif how is Behaviour.TWICE:
            threading.Thread(target=self.server.tell, args=(act, 2), daemon=True).start()

    def _signer(self, body: bytes) -> tuple[Signer, str] | None:
        """Who asks, and by which nonce; whoever does not sign gets no answer that says anything."""
        headers = {name.lower(): value for name, value in self.headers.items()}
        key_id = headers.get(KEY, "")
        signer = Signer(key_id, self.server.secret_of(key_id))
        try:
            nonce = signer.check_request(self.command, self.path, headers, body, now=_now())
        except BadSignature as problem:
            logger.warning("A call is not believed: %s", problem)
            self._send(HTTPStatus.FORBIDDEN, b"{}", "application/json")
            return None
        return signer, nonce

    def _hang(self) -> None:
        self.server.stopping.wait(self.server.hang_seconds)
        self.close_connection = True

    def _answer(self, status: int, said: dict[str, Any], signer: Signer, nonce: str) -> None:
        body = _json(said)
        self._send(status, body, "application/json", signer.answer(status, at=_now(), nonce=nonce, body=body))

    def _send(self, status: int, body: bytes, kind: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
        for name, value in {
            "Content-Type": kind,
            "Content-Length": str(len(body)),
            "Content-Security-Policy": policy,
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
            **(headers or {}),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        logger.info("%s %s", self.address_string(), format % args)


def answer_about(act: Done) -> dict[str, Any]:
    return {
        "act": act.key,
        "content_hash": act.content_hash,
        "state": act.state,
        "code": act.code,
        "reference": act.reference,
        "at": act.at,
    }


def _json(said: object) -> bytes:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def _now() -> int:
    return int(clock.now().timestamp())
