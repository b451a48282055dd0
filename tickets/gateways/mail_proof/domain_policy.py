"""DMARC (RFC 7489): what the domain in From says about mail in its name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from helpdesk.lib.mail_domains import is_aligned, organisational_domain
from tickets.gateways.mail_proof.names import Names
from tickets.gateways.mail_proof.sender_policy import SenderPolicy
from tickets.gateways.mail_proof.signatures import Signature

_WISHES = frozenset({"none", "quarantine", "reject"})


@dataclass(frozen=True)
class DomainPolicy:
    wish: str
    strict_dkim: bool
    strict_spf: bool


def domain_policy(names: Names, domain: str) -> DomainPolicy | None:
    """Of the domain itself, else of the one it was registered under. UnreachableError when nobody can be asked."""
    for owner in dict.fromkeys((domain, organisational_domain(domain))):
        found = [text for text in names.texts(f"_dmarc.{owner}") if _is_policy(text)]
        if found:
            return _read(found[0]) if len(found) == 1 else None
    return None


def judged(policy: DomainPolicy, domain: str, *, spf: SenderPolicy, signed: Sequence[Signature]) -> str:
    """``pass``, ``fail``, or ``temperror`` when the one who might have said pass could not be asked."""
    aligned = {
        signature.word
        for signature in signed
        if is_aligned(signature.domain, domain, strict=policy.strict_dkim)
    }
    if is_aligned(spf.domain, domain, strict=policy.strict_spf):
        aligned.add(spf.word)
    if "pass" in aligned:
        return "pass"
    return "temperror" if "temperror" in aligned else "fail"


def _is_policy(text: bytes) -> bool:
    return text.partition(b";")[0].replace(b" ", b"") == b"v=DMARC1"


def _read(text: bytes) -> DomainPolicy | None:
    tags: dict[str, str] = {}
    for part in text.decode("latin-1").split(";"):
        name, _, value = part.partition("=")
        tags.setdefault(name.strip().lower(), value.strip().lower())
    wish = tags.get("p", "")
    if wish not in _WISHES:
        if "rua" not in tags:
            return None
        wish = "none"
    return DomainPolicy(wish, tags.get("adkim") == "s", tags.get("aspf") == "s")
