"""Domain names as mail compares them: in one spelling, and by who registered them."""

from __future__ import annotations

import re
from functools import lru_cache

from publicsuffixlist import PublicSuffixList

#: RFC 1035. Longer ones are not even looked at: to convert them costs more than their length.
MAX_NAME = 253
_NAME = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")


def ascii_domain(text: str) -> str:
    """``"Beispiel.DE."`` to ``"beispiel.de"``, other scripts as they stand in the DNS; empty for what is no name."""
    text = text.strip().removesuffix(".")
    if not text or len(text) > MAX_NAME:
        return ""
    try:
        name = text.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return ""
    return name if len(name) <= MAX_NAME and _NAME.fullmatch(name) else ""


def domain_shown(name: str) -> str:
    """A name as ``ascii_domain`` gives it, in its own script; as it is where it has none."""
    try:
        return name.encode("ascii").decode("idna")
    except UnicodeError:
        return name


def domain_of(address: str) -> str:
    """What follows the last @ of an address (all of it when there is none), in one spelling."""
    return ascii_domain(address.strip().strip("<>").rpartition("@")[2])


def organisational_domain(domain: str) -> str:
    """The registered name: ``mail.qq.com`` to ``qq.com``. A public suffix itself belongs to nobody below it."""
    return _suffixes().privatesuffix(domain) or domain


def is_known_name(name: str) -> bool:
    """Whether it ends as names of the DNS do (``evil.com``, ``支付.公司``): not ``3.5`` or ``v1.beta``."""
    try:
        ascii_name = name.encode("idna").decode("ascii").lower()
    except UnicodeError:
        # Too long a label or no text for a name: looked at by its end alone.
        ascii_name = "x." + name.rpartition(".")[2].lower()
    return _suffixes().publicsuffix(ascii_name, accept_unknown=False) is not None


def is_aligned(domain: str, other: str, *, strict: bool = False) -> bool:
    """RFC 7489, 3.1: relaxed is the same organisational domain, strict the same name. Names as ascii_domain gives."""
    if not domain or not other:
        return False
    return domain == other if strict else organisational_domain(domain) == organisational_domain(other)


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    """From the list that comes with the package; nothing is fetched. Reading it takes 40 ms."""
    return PublicSuffixList()
