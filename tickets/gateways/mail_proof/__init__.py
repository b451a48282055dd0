"""Checking who sent a mail when no relay stands before us that did: SPF, DKIM and DMARC.

What is found is written as such a relay would write it, as the value of an Authentication-Results field, so that
``rules/mail_senders`` reads both alike.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol

from dns.resolver import LRUCache, NoResolverConfiguration, Resolver

from helpdesk.lib.mail_domains import domain_of
from helpdesk.lib.mail_heads import head_fields
from helpdesk.lib.mail_syntax import mailboxes
from tickets.gateways.mail_proof.domain_policy import domain_policy, judged
from tickets.gateways.mail_proof.names import Names, Silent, UnreachableError
from tickets.gateways.mail_proof.sender_policy import SenderPolicy, sender_policy
from tickets.gateways.mail_proof.signatures import Signature, signatures

__all__ = ["CheckedHere", "MailProof", "Said", "check_senders", "system_resolver"]

#: For all look-ups of one mail together.
SECONDS = 5.0
REMEMBERED_ANSWERS = 5_000


class MailProof(Protocol):
    def results(self, raw: bytes, *, envelope_sender: str, peer_ip: str, helo: str) -> str:
        """The value of an Authentication-Results field. It is complete even when nobody could be asked: then it says
        ``temperror``, and asking again later may say more.

        ``envelope_sender`` is empty for a report; ``peer_ip`` is who connected, ``helo`` how it called itself.
        """


@dataclass
class Said:
    """Stands in where nothing shall be looked up: it says what it was told to say, and remembers about what."""

    value: str
    asked: list[tuple[bytes, str, str, str]] = field(default_factory=list)

    def results(self, raw: bytes, *, envelope_sender: str, peer_ip: str, helo: str) -> str:
        self.asked.append((raw, envelope_sender, peer_ip, helo))
        return self.value


class CheckedHere:
    """``resolver`` None is for a machine without one. Made once and kept: the resolver remembers answers."""

    def __init__(self, authserv_id: str, *, resolver: Resolver | None, seconds: float = SECONDS) -> None:
        self._authserv_id, self._resolver, self._seconds = authserv_id, resolver, seconds
        self._silent = Silent()

    def results(self, raw: bytes, *, envelope_sender: str, peer_ip: str, helo: str) -> str:
        names = Names(self._resolver, self._seconds, self._silent)
        domain = _from_domain(raw)
        spf = sender_policy(names, peer_ip=peer_ip, envelope_sender=envelope_sender, helo=helo)
        signed = signatures(names, raw, domain)
        dmarc = _dmarc(names, domain, spf, signed)
        return "; ".join([self._authserv_id, *_written(spf, signed), dmarc])


def system_resolver() -> Resolver | None:
    """As the machine is set up; None where it is not."""
    try:
        resolver = Resolver()
    except (NoResolverConfiguration, OSError):
        return None
    resolver.cache = LRUCache(REMEMBERED_ANSWERS)
    return resolver


def check_senders(raw: bytes, *, envelope_sender: str, peer: str, helo: str, authserv_id: str) -> str:
    """As ``MailProof.results``, with this machine's resolver."""
    gateway = _checked_here(authserv_id)
    return gateway.results(raw, envelope_sender=envelope_sender, peer_ip=peer, helo=helo)


@lru_cache(maxsize=4)
def _checked_here(authserv_id: str) -> CheckedHere:
    return CheckedHere(authserv_id, resolver=system_resolver())


def _from_domain(raw: bytes) -> str:
    """Empty when there is not exactly one sender."""
    fields = head_fields(raw)
    senders = [box for name, value in fields if name.lower() == "from" for box in mailboxes(value)]
    return domain_of(senders[0].address) if len(senders) == 1 and senders[0].address else ""


def _dmarc(names: Names, domain: str, spf: SenderPolicy, signed: list[Signature]) -> str:
    if not domain:
        return "dmarc=permerror"
    try:
        policy = domain_policy(names, domain)
    except UnreachableError:
        return f"dmarc=temperror header.from={domain}"
    if policy is None:
        return f"dmarc=none header.from={domain}"
    return f"dmarc={judged(policy, domain, spf=spf, signed=signed)} (p={policy.wish}) header.from={domain}"


def _written(spf: SenderPolicy, signed: list[Signature]) -> list[str]:
    """Only domain names in one spelling go in, which hold no sign that the grammar knows."""
    lines = [f"spf={spf.word} {spf.identity}={spf.domain}" if spf.domain else f"spf={spf.word}"]
    for signature in signed:
        about = f" header.d={signature.domain}" if signature.domain else ""
        about += f" header.s={signature.selector}" if signature.selector else ""
        lines.append(f"dkim={signature.word}{about}")
    return lines if signed else [*lines, "dkim=none"]
