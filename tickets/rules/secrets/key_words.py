"""Whether the words around 64 hex digits call them a private key or something else: a hash looks just the same."""

from __future__ import annotations

import re

_KEY = (
    r"(?:private|priv|secret|signing|wallet|spend)[ \-_]{0,2}(?:[a-z]{2,10} )?keys?(?![a-z])"
    r"|(?<![a-z])(?:secret|mnemonic|seed)(?![a-z])|(?-i:(?<=[a-z])(?:Secret|Mnemonic|Seed)(?![a-z]))"
    r"|(?<![a-z])key ?pair|(?<![a-z])my keys?(?![a-z])"
    r"|(?<![a-z])(?:keys?|pk|sk|priv|private)(?:\\?[\"']?\s{0,2}[:=]|\s(?:is|was)\b)"
    r"|私[人]?[钥鑰匙]|[密秘][钥鑰匙]|私密?key|助[记記][词詞]"
)
#: These name 64 hex digits themselves, and win over a key's name before them.
_HASH = (
    r"(?:tx|transaction)[ _\-]?(?:id|key)(?![a-z])|hash(?:es)?(?![a-z])|(?<![a-z])txn?s?(?=\s{0,2}[:=#])|sha-?256"
    r"|(?<![a-z])(?:checksum|digest|fingerprint|merkle)|pub(?:lic)?[ _\-]?key"
    r"|(?:api|cache|idempotency|foreign|session)[ _\-]key"
    r"|哈希|公[钥鑰]|交易(?:[号號]|id)"
)
#: These name what a key may belong to or be used for: "the private key of my address".
_BESIDE = (
    r"(?<![a-z])(?:txn?|transactions?|block|order|address|transfers?|withdrawals?|deposits?|payments?)(?![a-z])"
    r"|交易|转[账帐賬]|轉[帳賬]|[区區][块塊]|订单|訂單|地址|单号|單號|流水|提[现現币幣]|充[值币幣]"
)
#: What no name of a key is without.
_NAMES = ("key", "priv", "secret", "mnemonic", "seed", "pk", "sk", "私", "密", "秘", "助")
_WORDS = re.compile(
    rf"(?P<key>{_KEY})|(?P<hash>{_HASH})|(?P<beside>{_BESIDE})|(?P<end>[.!?](?=\s)|[。!?])", re.IGNORECASE
)
#: Of a transfer, behind its hash: "<hash> 这笔没到账".
_MOVED = re.compile(
    r"[^\n.。!?]{0,12}?(?:[这這那]笔|[这這那]筆|到[账賬帐帳]|[没沒未]到|[没沒未]收到"
    rf"|\b(?:arriv|confirm|pending|failed)|{_HASH}|{_BESIDE})",
    re.IGNORECASE,
)
#: "…, the transaction <hash>": a new clause, and the word right before the digits.
_CLAUSE = re.compile(r"[,;，；、][^,;，；、]{0,12}$")
_LABELS = re.compile(r"(?:\s|[:=#(]|is\b|是|为|為){0,6}$")
#: So far before a raw key (and half as far behind it) a word says what it is.
NEAR = 60
#: So far behind a key stands the next of a list or a table.
ROW = 90


def named_in(text: str) -> bool:
    """Whether a text may speak of keys at all."""
    low = text.lower()
    return any(name in low for name in _NAMES)


def is_called_key(text: str, start: int, end: int) -> bool:
    words = list(_WORDS.finditer(text, max(0, start - NEAR), start))
    key = next((place for place in reversed(range(len(words))) if words[place]["key"]), None)
    if key is None:
        return not _last_sentence(words) and _is_called_behind(text, end)
    later = words[key + 1 :]
    if any(word["hash"] for word in later):
        return False
    if any(word["end"] for word in later):
        # That sentence is over: what this one speaks of decides.
        return not _last_sentence(later) and _MOVED.match(text, end) is None
    return not any(_is_own_clause(text, words[key].end(), word, start) for word in later)


def goes_on(text: str, last_end: int, start: int, end: int) -> bool:
    """Whether it is the next in a list or table whose last entry is a key."""
    if start - last_end > ROW or _MOVED.match(text, end) is not None:
        return False
    return all(word["end"] for word in _WORDS.finditer(text, last_end, start))


def _last_sentence(words: list[re.Match[str]]) -> bool:
    """Whether the sentence in which the digits stand names something else than a key."""
    for word in reversed(words):
        if word["end"]:
            return False
        if word["hash"] or word["beside"]:
            return True
    return False


def _is_called_behind(text: str, end: int) -> bool:
    word = next((word for word in _WORDS.finditer(text, end, end + NEAR // 2) if not word["end"]), None)
    return word is not None and word["key"] is not None


def _is_own_clause(text: str, key_end: int, word: re.Match[str], start: int) -> bool:
    return (
        _CLAUSE.search(text, key_end, word.start()) is not None
        and _LABELS.fullmatch(text, word.end(), start) is not None
    )
