"""Block and allow: which rule an address falls under, and how an address or a domain is written in one.

A pattern is an address (``name@example.com``) or, with nothing before the @, a domain and all below it
(``@example.com``). Domains stand as in the DNS, in lower case: however somebody types ``@Bücher.example``, it is one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from helpdesk.lib.mail_domains import ascii_domain
from tickets.rules.mail_addresses import untagged

#: RFC 5321, 4.5.3.1.
MAX_LOCAL = 64
#: Nobody has more names above theirs; RFC 1035 would allow 127.
MAX_LABELS = 12
_LOCAL = re.compile(r"[^\s@<>,;:\"()\[\]\\\x00-\x1f\x7f]+")


@dataclass(frozen=True)
class Rule:
    """``is_own``: of the brand that got the mail; otherwise it is for every brand."""

    pattern: str
    verdict: str
    is_own: bool


def is_domain(pattern: str) -> bool:
    return pattern.startswith("@")


def normal_pattern(text: str) -> str:
    """What somebody typed, as rules keep it: ``"@"`` and a domain, or an address. Raises ValueError for neither.

    A bare domain is one too. One without a dot is none: a whole top-level domain is nobody's slip of the finger.
    """
    text = unicodedata.normalize("NFKC", text).strip().removeprefix("mailto:").strip("<>").strip()
    local, _at, domain = text.rpartition("@")
    name = ascii_domain(domain.strip())
    if not name or (local and not _is_local(local)):
        raise ValueError("neither an address nor a domain")
    return f"{local.lower()}@{name}"


def normal_address(address: str) -> str:
    """The address in that spelling; empty for what is none."""
    try:
        pattern = normal_pattern(address)
    except ValueError:
        return ""
    return "" if is_domain(pattern) else pattern


def shown(pattern: str) -> str:
    """With the domain in its own script, for people."""
    local, _at, domain = pattern.rpartition("@")
    try:
        return f"{local}@{domain.encode('ascii').decode('idna')}"
    except UnicodeError:
        return pattern


def candidates(address: str) -> list[str]:
    """Every pattern that would fit the address, the longest first: with its tag, without it, its domain, then those
    above it."""
    address = normal_address(address)
    if not address:
        return []
    plain, _tag = untagged(address)
    labels = address.rpartition("@")[2].split(".")
    above = [f"@{'.'.join(labels[start:])}" for start in range(len(labels) - 1)]
    return list(dict.fromkeys([address, plain, *above[-MAX_LABELS:]]))


def covers(pattern: str, address: str) -> bool:
    """Whether a rule with this pattern would fit mail from the address."""
    return pattern in candidates(address)


def verdict_for(address: str, rules: Iterable[Rule]) -> str | None:
    """The verdict of the longest pattern that fits; of two as long, the brand's own. None where none fits."""
    place = {pattern: number for number, pattern in enumerate(candidates(address))}
    fitting = [rule for rule in rules if rule.pattern in place]
    best = min(fitting, key=lambda rule: (place[rule.pattern], not rule.is_own), default=None)
    return best.verdict if best else None


def _is_local(local: str) -> bool:
    return len(local) <= MAX_LOCAL and _LOCAL.fullmatch(local) is not None
