"""Private keys: WIF and its encrypted form, extended keys, PEM and PuTTY blocks, wallets' key files, and raw keys where
the text says that they are such. Public keys, addresses and transaction hashes are none.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from tickets.rules.secrets.base58 import decode_checked
from tickets.rules.secrets.findings import Certainty, Finding, Kind
from tickets.rules.secrets.key_words import goes_on, is_called_key, named_in

_B58 = "1-9A-HJ-NP-Za-km-z"
_PIECE = re.compile(rf"(?<![A-Za-z0-9])[{_B58}]{{16,112}}+(?![A-Za-z0-9])")
_BREAK = re.compile(r"[ \t]{0,4}-?\n[> \t]{0,6}|[ \t]{1,2}|[ \t]?-[ \t]?")
#: A key with some letters or digits right before or behind it.
_RUN = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z]{52,160}+(?![0-9A-Za-z])")
#: Where one may begin, by its length: WIF of Bitcoin and its kin (a version byte makes the first two letters), BIP-38,
#: extended keys.
_BEGINS = re.compile(
    rf"(?=(?P<n51>5[HJK]|6[J-Lu-w]|7[Q-Sq-s]|9[1-3])[{_B58}]{{49}})"
    rf"|(?=(?P<n52>K[w-z]|L[1-5]|Q[N-X]|T[3-9AB]|X[B-K]|c[M-W])[{_B58}]{{50}})"
    rf"|(?=(?P<n58>6P)[{_B58}]{{56}})|(?=(?P<n111>[a-zA-Z]prv)[{_B58}]{{107}})"
)
#: Typed in groups of equal size, with a gap or a sign between; the last may be shorter.
_SIZES = (4, 5, 6, 7, 8, 10, 13)
_GROUPED = re.compile(
    "(?<![A-Za-z0-9])(?:"
    + "|".join(
        rf"(?:[{_B58}]{{{size}}}[ \-.\n]{{1,2}}){{{50 // size}}}[{_B58}]{{1,{size}}}" for size in _SIZES
    )
    + ")(?![A-Za-z0-9])"
)
_MIXED = re.compile(r"[A-Z0-9](?:(?<=[a-z][A-Z])|(?<=[A-Za-z][0-9])|(?<=[0-9][A-Z]))")
#: A key has at least so many places where letters and figures meet or small letters become capitals, one near the next.
_MIXES, _APART = 3, 50
_NOT_B58 = re.compile(rf"[^{_B58}]")
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
#: The vault of a wallet in a browser: these three members, in any order.
_VAULT = tuple(re.compile(rf"""\\?["']{name}\\?["']\s{{0,4}}:""") for name in ("iv", "salt", "data"))
_KDF = re.compile(r"\bkdf|\bcrypto\b|\bscrypt\b|\bpbkdf2\b|\bmac\b", re.IGNORECASE)
#: 32 bytes (or 64, with the public half) in one piece, or in groups of equal size.
_GROUPS = "|".join(
    rf"(?:[0-9a-fA-F]{{{size}}}[\s:,-]{{1,3}}+){{{64 // size - 1}}}[0-9a-fA-F]{{{size}}}"
    for size in (2, 4, 8, 16, 32)
)
_RAW = re.compile(rf"(?<![0-9A-Za-z])(?:0[xX])?(?:(?:[0-9a-fA-F]{{64}}){{1,2}}+|{_GROUPS})(?![0-9A-Za-z])")
#: In one piece that was wrapped where a line ended, perhaps quoted.
_WRAPPED = re.compile(
    r"(?<![0-9A-Za-z])(?:0[xX])?"
    r"(?P<hex>[0-9a-fA-F]{4,63}(?:[ \t]{0,3}\n[> \t]{0,6}[0-9a-fA-F]{1,60}(?![0-9A-Za-z])){1,8})"
)
_LINE = re.compile(r"[0-9a-fA-F]+")
_BYTES = re.compile(
    r"\[\s{0,3}(?:\d{1,3}\s{0,3},\s{0,3}){31}(?:(?:\d{1,3}\s{0,3},\s{0,3}){32})?\d{1,3}\s{0,3}\]"
)
_RAW_B58 = re.compile(rf"(?<![A-Za-z0-9])[{_B58}]{{86,88}}+(?![A-Za-z0-9])")


def private_keys(text: str) -> Iterator[Finding]:
    """``text`` is folded."""
    yield from _checked(text)
    yield from _glued(text)
    yield from _blocks(text)
    yield from _key_files(text)
    yield from _raw(text)


def grouped_keys(text: str) -> Iterator[Finding]:
    """WIF in small groups. ``text`` is folded; asked of every text, and quick where letters and figures do not mix."""
    for start, end in _mixtures(text):
        for match in _GROUPED.finditer(text, start, end):
            if _is_key(_NOT_B58.sub("", match[0])) is Certainty.CERTAIN:
                yield Finding(Kind.PRIVATE_KEY, *match.span(), Certainty.CERTAIN)


def _mixtures(text: str) -> Iterator[tuple[int, int]]:
    """Stretches in which letters and figures, small and capital, change again and again."""
    first = last = -_APART
    count = 0
    for match in _MIXED.finditer(text):
        if match.start() - last < _APART:
            count += 1
        else:
            if count >= _MIXES:
                yield max(0, first - _APART), last + _APART
            first, count = match.start(), 1
        last = match.start()
    if count >= _MIXES:
        yield max(0, first - _APART), last + _APART


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


def _glued(text: str) -> Iterator[Finding]:
    """In a longer run of letters and digits: "WIF5K…"."""
    for run in _RUN.finditer(text):
        for match in _BEGINS.finditer(text, *run.span()):
            start, size = match.start(), int((match.lastgroup or "n0")[1:])
            if start + size <= run.end() and _is_key(text[start : start + size]) is Certainty.CERTAIN:
                yield Finding(Kind.PRIVATE_KEY, start, start + size, Certainty.CERTAIN)


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
    marks = [match.start() for match in _CIPHER_TEXT.finditer(text)] if _KDF.search(text) is not None else []
    members = [[match.start() for match in name.finditer(text)] for name in _VAULT]
    if not marks and not all(members):
        return
    for start, end in _objects(text):
        if all(_one_in(member, start, end) for member in members) or (
            _one_in(marks, start, end) and _KDF.search(text, start, end) is not None
        ):
            yield Finding(Kind.KEYSTORE, start, end, Certainty.CERTAIN)


def _one_in(places: list[int], start: int, end: int) -> bool:
    place = bisect_right(places, start)
    return place < len(places) and places[place] < end


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
    if not named_in(text):
        return
    for pattern in (_RAW, _WRAPPED, _RAW_B58, _BYTES):
        last: int | None = None
        for match in pattern.finditer(text):
            start, end = match.start(), _end(match)
            if end is None:
                continue
            if is_called_key(text, start, end) or (last is not None and goes_on(text, last, start, end)):
                yield Finding(Kind.PRIVATE_KEY, start, end, Certainty.CERTAIN)
                last = end


def _end(match: re.Match[str]) -> int | None:
    """Where the key ends; of wrapped digits, with the line that makes them 32 bytes or 64."""
    if match.re is not _WRAPPED:
        return match.end()
    count = 0
    for line in _LINE.finditer(match["hex"]):
        count += len(line[0])
        if count in (64, 128):
            return match.start("hex") + line.end()
    return None
