"""SPF (RFC 7208): may this machine send for the domain of the envelope sender?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import spf

from helpdesk.lib.mail_domains import ascii_domain, domain_of
from tickets.gateways.mail_proof.names import Names, UnreachableError

_WORDS = frozenset({"pass", "fail", "softfail", "neutral", "none", "temperror", "permerror"})


@dataclass(frozen=True)
class SenderPolicy:
    word: str
    #: ``smtp.mailfrom``, or ``smtp.helo`` for a mail without an envelope sender.
    identity: str
    domain: str


def sender_policy(names: Names, *, peer_ip: str, envelope_sender: str, helo: str) -> SenderPolicy:
    sender = envelope_sender.strip().strip("<>")
    identity = "smtp.mailfrom" if sender else "smtp.helo"
    domain = domain_of(sender) if sender else ascii_domain(helo)
    if not domain:
        return SenderPolicy("none", identity, "")
    local = sender.rpartition("@")[0] or "postmaster"
    try:
        word = _Query(names, peer_ip, f"{local}@{domain}", ascii_domain(helo) or "unknown").check()[0]
    except UnreachableError:
        word = "temperror"
    except (spf.PermError, spf.AmbiguityWarning, AssertionError, ValueError, IndexError, RecursionError):
        word = "permerror"  # a record, or an address, that the library chokes on
    return SenderPolicy(word if word in _WORDS else "permerror", identity, domain)


class _Query(spf.query):  # type: ignore[misc]
    """The library reads the records, we ask for them: it would ask the machine's resolver, and take its own time.

    The library remembers no answers here, nor follows aliases: the resolver does both.
    """

    def __init__(self, names: Names, peer_ip: str, sender: str, helo: str) -> None:
        self._names = names
        super().__init__(i=peer_ip, s=sender, h=helo)

    def dns(self, name: str, qtype: str, cnames: object = None, ignore_void: bool = False) -> list[Any]:
        found = [_plain(record, qtype) for record in self._names.look_up(str(name), qtype)] if name else []
        if qtype == "TXT":
            found = [(text,) for text in self._names.texts(str(name))] if found else []
        if not found and not ignore_void:
            self.void_lookups += 1
            if self.void_lookups > spf.MAX_VOID_LOOKUPS:
                raise spf.PermError("too many names that do not exist")
        return found


def _plain(record: Any, qtype: str) -> Any:
    """A record as the library expects it."""
    match qtype:
        case "MX":
            return (record.preference, record.exchange.to_text(omit_final_dot=True))
        case "PTR":
            return record.target.to_text(omit_final_dot=True)
        case "A" | "AAAA":
            return record.address
    return record
