"""Who wrote a mail: whether the address in its From is proved, refuted, or neither.

Only what is proved may join a ticket, change one or be told anything. The proof is what the trusted relay says in its
Authentication-Results; the mail's own words about itself count for nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header, make_header

from helpdesk.lib.mail_domains import domain_of, domain_shown, is_aligned
from helpdesk.lib.mail_syntax import Mailbox, mailboxes
from tickets.choices import Proof
from tickets.rules.mail_senders.results import Result, UntrustedError, trusted_results

__all__ = ["Proof", "Verdict", "verdict"]

#: "The domain has no policy": then DKIM and SPF are weighed as one would. Exchange guesses what it would have said.
_NO_POLICY = frozenset({"none", "bestguesspass"})
_KNOWN_WORDS = frozenset({"temperror", "permerror", "neutral", "policy", "skipped", "unknown"})
_ADDRESS_IN_NAME = re.compile(r"[^\s<>@\"',;:()]{1,64}+@[a-z0-9.-]{3,253}", re.IGNORECASE)
_MAX_NAME = 1_000


@dataclass(frozen=True)
class Verdict:
    """``reason`` is a short code. ``temperror`` says that nobody could be asked just now: asking again may help."""

    proof: Proof
    reason: str
    #: Whose address the name before the From address pretends to be; empty in honest mail. It proves and refutes
    #: nothing, but whoever reads the mail should know.
    other_address: str = ""


def verdict(headers: Sequence[tuple[str, str]], *, from_address: str, authserv_id: str) -> Verdict:
    """``headers`` are the names and values of the mail, topmost first; ``from_address`` is whom we take for its sender;
    ``authserv_id`` is how the trusted relay signs its results.
    """
    senders = [box for name, value in headers if name.strip().lower() == "from" for box in mailboxes(value)]
    if problem := _problem(senders, from_address):
        return Verdict(Proof.NOTHING, problem)
    [sender] = senders
    other = _other_address(sender)
    try:
        results = trusted_results(headers, authserv_id)
    except UntrustedError as untrusted:
        return Verdict(Proof.NOTHING, str(untrusted), other)
    proof, reason = _weighed(results, domain_of(sender.address))
    return Verdict(proof, reason, other)


def _problem(senders: Sequence[Mailbox], from_address: str) -> str:
    """Why it cannot even be said who the sender would be; empty when it can."""
    if not senders:
        return "no sender"
    if len(senders) > 1:
        return "two senders"
    if not senders[0].address:
        return "unreadable sender"
    # Two readers that read a field differently are how a stranger gets in.
    is_clear = _same(senders[0].address, from_address) and _has_one_spelling(from_address)
    return "" if is_clear else "sender read differently"


def _weighed(results: Sequence[Result], domain: str) -> tuple[Proof, str]:
    words = [result.word for result in results if result.method == "dmarc"]
    if "fail" in words:
        return Proof.FAILED, "dmarc=fail"
    odd = [word for word in words if word != "pass" and word not in _NO_POLICY]
    if odd:
        word = odd[0] if odd[0] in _KNOWN_WORDS else "unknown"
        return Proof.NOTHING, "temperror" if word == "temperror" else f"dmarc={word}"
    named = [domain_of(name) for name in _properties(results, "dmarc", "header.from")]
    if named:
        about_it = all(name == domain for name in named)
        return (Proof.PROVED, "dmarc=pass") if about_it else (Proof.NOTHING, "dmarc of another domain")
    return _aligned(results, domain)


def _aligned(results: Sequence[Result], domain: str) -> tuple[Proof, str]:
    """Without a policy of the domain: what a relaxed one would say."""
    signers = [*_properties(results, "dkim", "header.d"), *_properties(results, "dkim", "header.i")]
    if any(is_aligned(domain_of(signer), domain) for signer in signers):
        return Proof.PROVED, "dkim aligned"
    if any(is_aligned(domain_of(name), domain) for name in _properties(results, "spf", "smtp.mailfrom")):
        return Proof.PROVED, "spf aligned"
    words = {result.word for result in results if result.method in ("dkim", "spf")}
    if "temperror" in words:
        return Proof.NOTHING, "temperror"
    if "pass" in words:
        return Proof.NOTHING, "not aligned"
    return Proof.NOTHING, "no pass" if words else "no results"


def _properties(results: Iterable[Result], method: str, key: str) -> list[str]:
    """What the passes of a method say about ``key``."""
    return [
        result.properties[key]
        for result in results
        if result.method == method and result.word == "pass" and key in result.properties
    ]


def _same(address: str, other: str) -> bool:
    def spelling(text: str) -> tuple[str, str]:
        return text.strip().rpartition("@")[0].lower(), domain_of(text)

    return spelling(address) == spelling(other)


def _has_one_spelling(address: str) -> bool:
    """Whether nobody else's address becomes the same when people are looked up by it.

    We know people by the compatible form of their address (NFKC, "ｗ" is "w"): two mailboxes of one domain may share
    it. And what is proved is a name in the DNS, which may stand for more than one way to write it ("ß" is "ss").
    """
    local, _, domain = address.strip().rpartition("@")
    shown = unicodedata.normalize("NFKC", domain).lower()
    if unicodedata.normalize("NFKC", local) != local:
        return False
    return shown.isascii() or domain_shown(domain_of(address)) == shown


def _other_address(sender: Mailbox) -> str:
    shown = _ADDRESS_IN_NAME.search(_decoded(sender.name[:_MAX_NAME]))
    return shown[0].lower() if shown and not _same(shown[0], sender.address) else ""


def _decoded(text: str) -> str:
    try:
        return str(make_header(decode_header(text)))
    except (HeaderParseError, LookupError, ValueError):
        return text
