"""What may not be stored, whatever way it comes: which findings are taken out of a text, and what is left of it.

How sure the detector must be depends on what a mistake costs: a removed transaction hash holds a case up, a kept
recovery phrase empties a wallet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tickets.rules.secrets import Certainty, Finding, Kind, find
from tickets.rules.secrets.marks import mark

#: Twelve words of the list in a row are no prose even where a typing error broke their checksum; three digits right
#: behind a card are its code; what is called an identity number is one. But "password is sunshine" may be talk, and
#: sixteen digits that are called an order number are one.
LEAST: Mapping[Kind, Certainty] = {
    Kind.MNEMONIC: Certainty.LIKELY,
    Kind.PRIVATE_KEY: Certainty.LIKELY,
    Kind.KEYSTORE: Certainty.LIKELY,
    Kind.CARD: Certainty.CERTAIN,
    Kind.CARD_CODE: Certainty.LIKELY,
    Kind.ONE_TIME_CODE: Certainty.CERTAIN,
    Kind.PASSWORD: Certainty.CERTAIN,
    Kind.IDENTITY: Certainty.LIKELY,
}
#: What the author was asked about and means all the same: only what is proved goes.
CONFIRMED: Mapping[Kind, Certainty] = dict.fromkeys(Kind, Certainty.CERTAIN)
#: Whoever has one of these has the wallet.
OPENS_WALLET = frozenset({Kind.MNEMONIC, Kind.PRIVATE_KEY, Kind.KEYSTORE})
#: A shorter text holds none of them.
SHORTEST = 4
#: So many times a text is read again: what was taken out may have kept two parts of another secret from each other.
ROUNDS = 4


@dataclass(frozen=True)
class Redacted:
    """A text without its secrets, and of which kinds they were, each once. Never what they were."""

    text: str
    kinds: tuple[Kind, ...] = ()


def guard(text: str, *, least: Mapping[Kind, Certainty] = LEAST) -> Redacted:
    """The text as it may be stored."""
    kinds: dict[Kind, None] = {}
    for _round in range(ROUNDS):
        if len(text) < SHORTEST:
            break
        found = [each for each in find(text) if each.certainty >= least[each.kind]]
        if not found:
            break
        kinds |= dict.fromkeys(each.kind for each in found)
        text = _without(text, found)
    return Redacted(text, tuple(kinds))


def _without(text: str, found: Iterable[Finding]) -> str:
    parts: list[str] = []
    done = 0
    for each in found:
        parts += text[done : each.start], mark(each)
        done = each.end
    return "".join([*parts, text[done:]])


def without_secrets(text: str) -> str:
    """For ground floors that know nothing of kinds: ``settings.SECRET_GUARD`` names it."""
    return guard(text).text


def guard_values(value: Any, kinds: dict[Kind, None]) -> Any:
    """JSON at any depth, its texts guarded (names of members too); what was found is added to ``kinds``."""
    if isinstance(value, str):
        redacted = guard(value)
        kinds |= dict.fromkeys(redacted.kinds)
        return redacted.text
    if isinstance(value, Mapping):
        return {guard_values(name, kinds): guard_values(one, kinds) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [guard_values(one, kinds) for one in value]
    return value
