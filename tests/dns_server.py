"""A name server on this machine that answers what a test tells it to, or nothing."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import dns.exception
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset
from dns.resolver import Resolver


@dataclass
class NameServer:
    """``records`` by (name, type): the text of each as zone files write it. ``silent``: names that get no answer."""

    records: Mapping[tuple[str, str], Sequence[str]]
    silent: frozenset[str] = frozenset()
    failing: frozenset[str] = frozenset()
    asked: list[str] = field(default_factory=list)
    port: int = 0

    @property
    def resolver(self) -> Resolver:
        resolver = Resolver(configure=False)
        resolver.nameservers, resolver.port = ["127.0.0.1"], self.port
        return resolver

    def answer(self, query: dns.message.Message) -> dns.message.Message | None:
        question = query.question[0]
        name, kind = (
            question.name.to_text(omit_final_dot=True).lower(),
            dns.rdatatype.to_text(question.rdtype),
        )
        self.asked.append(f"{name} {kind}")
        if name in self.silent or "*" in self.silent:
            return None
        response = dns.message.make_response(query)
        if name in self.failing:
            response.set_rcode(dns.rcode.SERVFAIL)
        elif texts := self.records.get((name, kind)):
            response.answer.append(dns.rrset.from_text_list(question.name, 60, "IN", kind, texts))
        elif not any(known == name for known, _ in self.records):
            response.set_rcode(dns.rcode.NXDOMAIN)
        return response


@contextmanager
def name_server(
    records: Mapping[tuple[str, str], Sequence[str]],
    *,
    silent: Sequence[str] = (),
    failing: Sequence[str] = (),
) -> Iterator[NameServer]:
    server = NameServer(records, frozenset(silent), frozenset(failing))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.bind(("127.0.0.1", 0))
        server.port = line.getsockname()[1]
        thread = threading.Thread(target=_serve, args=(line, server), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            line.sendto(b"", ("127.0.0.1", server.port))
            thread.join(5)


def _serve(line: socket.socket, server: NameServer) -> None:
    while True:
        wire, client = line.recvfrom(4096)
        if not wire:
            return
        with suppress(dns.exception.DNSException):
            response = server.answer(dns.message.from_wire(wire))
            if response is not None:
                line.sendto(response.to_wire(max_size=65_000), client)


def text_record(text: str) -> str:
    """A TXT record in the pieces of 255 characters that the format allows."""
    pieces = [text[at : at + 255] for at in range(0, len(text), 255)]
    return " ".join('"' + piece.replace('"', '\\"') + '"' for piece in pieces)
