"""Private keys: WIF and its encrypted form, extended keys, PEM and PuTTY blocks, wallets' key files, and raw keys where
the text says that they are such. Public keys, addresses and transaction hashes are none.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from tickets.rules.secrets.base58 import decode_checked
from tickets.rules.secrets.findings import Certainty, Finding, Kind

_B58 = "1-9A-HJ-NP-Za-km-z"
_PIECE = re.compile(rf"(?<![A-Za-z0-9])[{_B58}]{{16,112}}+(?![A-Za-z0-9])")
_BREAK = re.compile(r"[ \t]{0,4}\n[> \t]{0,6}|[ \t]{1,2}")
#: How long a key in this notation is: WIF, BIP-38, extended.
_LENGTHS = frozenset((51, 52, 58, 111, 112))
_PEM = re.compile(
    r"-{1,8}\s?BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?\s?-{1,8}|PuTTY-User-Key-File-\d"
)
_PEM_END = re.compile(
    r"-{1,8}\s?END (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?\s?-{1,8}|Private-MAC: ?[0-9a-f]+"
)
# Of a block that was cut: lines of a header or of Base64.
_PEM_BODY = re.compile(
    r"(?:\s{0,4}+(?:[A-Za-z-]{1,20}: [^\n]{0,100}+(?:\n|$)"
    r"|[A-Za-z0-9+/=]{16,}+))*+(?:\s{0,4}+[A-Za-z0-9+/]{1,15}={1,2})?"
)
_CIPHER_TEXT = re.compile(r"""\\?["']?\bcipher_?text\\?["']?\s{0,4}[:=]""", re.IGNORECASE)
_KDF = re.compile(r"\bkdf|\bcrypto\b|\bscrypt\b|\bpbkdf2\b|\bmac\b", re.IGNORECASE)
#: 32 bytes (or 64, with the public half) in one piece, or in groups of equal size.
_GROUPS = "|".join(
    rf"(?:[0-9a-fA-F]{{{size}}}[\s:,-]{{1,3}}+){{{64 // size - 1}}}[0-9a-fA-F]{{{size}}}"
    for size in (2, 4, 8, 16, 32)
)
_RAW = re.compile(rf"(?<![0-9A-Za-z])(?:0[xX])?(?:(?:[0-9a-fA-F]{{64}}){{1,2}}+|{_GROUPS})(?![0-9A-Za-z])")
_BYTES = re.compile(
    r"\[\s{0,3}(?:\d{1,3}\s{0,3},\s{0,3}){31}(?:(?:\d{1,3}\s{0,3},\s{0,3}){32})?\d{1,3}\s{0,3}\]"
)
_RAW_B58 = re.compile(rf"(?<![A-Za-z0-9])[{_B58}]{{86,88}}+(?![A-Za-z0-9])")
_CONTEXT = re.compile(
    r"(?P<key>\b(?:private|priv|secret|signing|wallet|spend) ?[-_]?\s?key|\bprivkey|\bkey ?pair"
    r"|\bsecret\b|\bmnemonic"
    r"|\bseed\b|私[钥鑰]|密[钥鑰]|私[密]?key|助[记記][词詞])"
    r"|(?P<other>\btx(?:n|id|hash|_hash)?\b|\btransactions?\b|\bhash(?:es)?\b|\bblock\b|\bsha-?256\b"
    r"|\bchecksum\b"
    r"|\bpublic ?key|\border\b|\baddress\b|哈希|交易|转[账帐賬]|轉[帳賬]|[区區][块塊]|公[钥鑰]|订单"
    r"|訂單|地址|单号|單號|流水)",
    re.IGNORECASE,
)
#: So far before a raw key (and half as far behind it) a word says what it is.
NEAR = 60


def private_keys(text: str) -> Iterator[Finding]:
    """``text`` is folded."""
    yield from _checked(text)
    yield from _blocks(text)
    yield from _key_files(text)
    yield from _raw(text)


def _checked(text: str) -> Iterator[Finding]:
    """What carries its own checksum, also with a line break in it."""
    pieces = [match.span() for match in _PIECE.finditer(text)]
    for number, (start, end) in enumerate(pieces):
        whole, last = text[start:end], number
        while True:
            if len(whole) in _LENGTHS and (certainty := _is_key(whole)) is not None:
                yield Finding(Kind.PRIVATE_KEY, start, pieces[last][1], certainty)
                break
            last += 1
            if last >= len(pieces) or len(whole) > 111:
                break
            if _BREAK.fullmatch(text, pieces[last - 1][1], pieces[last][0]) is None:
                break
            whole += text[slice(*pieces[last])]


def _is_key(text: str) -> Certainty | None:
    if text.isalpha() or text.islower() or text.isupper():
        return None
    if len(text) >= 111:
        if text[1:4] != "prv":
            return None
        payload = decode_checked(text)
        return Certainty.LIKELY if payload is None or len(payload) != 78 else Certainty.CERTAIN
    payload = decode_checked(text)
    if payload is None:
        return None
    if len(text) == 58:
        return Certainty.CERTAIN if text.startswith("6P") and len(payload) == 39 else None
    compressed = len(payload) == 34 and payload[-1] == 1
    return Certainty.CERTAIN if compressed or len(payload) == 33 else None


def _blocks(text: str) -> Iterator[Finding]:
    """From BEGIN to END; without an END as far as what looks like the inside of such a block."""
    begins = list(_PEM.finditer(text))
    ends = [match.end() for match in _PEM_END.finditer(text)] if begins else []
    for number, match in enumerate(begins):
        place = bisect_right(ends, match.end())
        # The END of a later block is not that of this one.
        next_one = begins[number + 1].start() if number + 1 < len(begins) else len(text)
        if place < len(ends) and ends[place] <= next_one:
            end = ends[place]
        else:
            body = _PEM_BODY.match(text, match.end(), next_one)
            end = body.end() if body is not None else match.end()
        yield Finding(Kind.PRIVATE_KEY, match.start(), end, Certainty.CERTAIN)


def _key_files(text: str) -> Iterator[Finding]:
    """A JSON object with an encrypted key and how to open it; the outermost braces around it."""
    marks = [match.start() for match in _CIPHER_TEXT.finditer(text)]
    if not marks or _KDF.search(text) is None:
        return
    for start, end in _objects(text):
        place = bisect_right(marks, start)
        if place < len(marks) and marks[place] < end and _KDF.search(text, start, end) is not None:
            yield Finding(Kind.KEYSTORE, start, end, Certainty.CERTAIN)


def _objects(text: str) -> Iterator[tuple[int, int]]:
    """The outermost {…} of a text, the last perhaps cut off."""
    depth = start = 0
    for match in re.finditer(r"[{}]", text):
        if match[0] == "{":
            start = match.start() if depth == 0 else start
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0:
                yield start, match.end()
    if depth:
        yield start, len(text)


def _raw(text: str) -> Iterator[Finding]:
    for pattern in (_RAW, _RAW_B58, _BYTES):
        for match in pattern.finditer(text):
            if _is_called_key(text, *match.span()):
                yield Finding(Kind.PRIVATE_KEY, *match.span(), Certainty.CERTAIN)


def _is_called_key(text: str, start: int, end: int) -> bool:
    """The nearest word before it decides; where there is none, one shortly after it."""
    before = list(_CONTEXT.finditer(text, max(0, start - NEAR), start))
    called = before[-1] if before else _CONTEXT.search(text, end, end + NEAR // 2)
    return called is not None and called["key"] is not None
