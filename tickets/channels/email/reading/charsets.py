"""What bytes mean: by what was declared, where that can be; else by which reading looks like a language.

1. Pure ASCII needs no decision, nor does UTF-8 that says so.
2. What is declared and fits strictly is right, unless the bytes are UTF-8 all the same, or another reading is far
   more plausible: single-byte charsets fit everything, and GB18030 fits nearly everything.
3. What does not fit is read by the most plausible candidate; ``charset-normalizer`` is asked when none is plausible.
4. What no charset fits keeps the best of them, with U+FFFD where it fails.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from charset_normalizer import from_bytes

from tickets.channels.email.reading import iso_2022_jp
from tickets.channels.email.reading.charset_names import MULTI_BYTE, SEVEN_BIT, codec_of
from tickets.channels.email.reading.plausibility import plausibility

#: The order decides between equals.
CANDIDATES = (
    "utf-8", "gb18030", "big5", "cp932", "cp949", "euc_jp", "cp1252", "cp1251", "koi8-u", "cp1250", "cp866", "cp1253",
    "cp1254", "iso8859-5",
)  # fmt: skip
#: So much of a long text is looked at, in bytes from the line with the first byte above 0x7F.
SAMPLE_BYTES = 6_000
_SEVEN_BIT_MARK = re.compile(rb"\x1b\$(?:[@AB]|\([@BD]|\)[CAG])")
_HIGH = re.compile(rb"[\x80-\xff]")
#: By so much must another reading be better than the declared one, if that fits.
_FAR = 0.25
_FINE = 0.3


@dataclass(frozen=True)
class Decoded:
    text: str
    codec: str
    #: Whether something else than the declaration had to decide.
    guessed: bool


def decode(raw: bytes, declared: str = "", hints: Iterable[str] = ()) -> Decoded:
    """``hints``: charsets declared elsewhere in the same mail; they win among equals."""
    codec = codec_of(declared)
    if raw.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        if marked := _by_mark(raw):
            return marked
    if codec in SEVEN_BIT and (text := _strictly(raw, codec)) is not None:
        return Decoded(text, codec, False)
    if raw.isascii():
        return _seven_bit(raw, codec)
    utf8 = _strictly(raw, "utf-8")
    if utf8 is not None and codec in ("utf-8", "ascii", ""):
        return _once_or_twice(utf8, codec, hints)
    return _decided(raw, codec, utf8, [name for hint in hints if (name := codec_of(hint))])


def _by_mark(raw: bytes) -> Decoded | None:
    codec = "utf-8-sig" if raw.startswith(b"\xef") else "utf-16"
    text = _strictly(raw, codec)
    return None if text is None else Decoded(text, codec, False)


def _seven_bit(raw: bytes, codec: str) -> Decoded:
    if match := _SEVEN_BIT_MARK.search(raw):
        guess = "iso2022_kr" if match[0].endswith(b")C") else "iso2022_jp"
        if (text := _strictly(raw, guess)) is not None:
            return Decoded(text, guess, True)
    return Decoded(raw.decode("ascii"), codec if codec not in SEVEN_BIT else "ascii", codec in SEVEN_BIT)


def _once_or_twice(text: str, codec: str, hints: Iterable[str]) -> Decoded:
    """Some gateways take 8-bit text for Latin 1 and make it UTF-8: then the bytes are in there still."""
    inner = _inner(text)
    if inner is not None:
        again = decode(inner, "", hints)
        if plausibility(again.text[:SAMPLE_BYTES]) > plausibility(text[:SAMPLE_BYTES]) + _FAR:
            return Decoded(again.text, again.codec, True)
    return Decoded(text, "utf-8", codec != "utf-8")


def _inner(text: str) -> bytes | None:
    """Only where control characters show that it was none of the sender's doing."""
    if not re.search("[\x80-\x9f]", text):
        return None
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return None


def _decided(raw: bytes, codec: str, utf8: str | None, hints: list[str]) -> Decoded:
    sample = _sample(raw)
    scores = {name: score for name, score in _scored(sample, codec, hints)}
    if utf8 is not None and codec in MULTI_BYTE and (inner := _inner(utf8)) is not None:
        if (text := _strictly(inner, codec)) is not None:
            return Decoded(text, codec, True)
    best = max(scores, key=lambda name: scores[name])
    if utf8 is not None and not _is_short_accident(utf8, codec, scores):
        return Decoded(utf8, "utf-8", True)
    if codec not in ("", "ascii") and scores.get(codec, -9.0) >= scores[best] - _FAR:
        if (text := _strictly(raw, codec)) is not None:
            return Decoded(text, codec, False)
    if (
        scores[best] < _FINE
        and (found := _normalizer(sample))
        and plausibility(_lossy(sample, found)) > scores[best]
    ):
        best = found
    return Decoded(_lossy(raw, best), best, best != codec)


def _is_short_accident(utf8: str, codec: str, scores: dict[str, float]) -> bool:
    """A few characters of a declared charset can be UTF-8 by chance: two bytes each, and no text anybody would write."""
    if codec not in MULTI_BYTE or max(utf8[:SAMPLE_BYTES]) >= "\u0800":
        return False
    return scores.get(codec, -9.0) > scores.get("utf-8", -9.0)


def _scored(sample: bytes, codec: str, hints: list[str]) -> Iterator[tuple[str, float]]:
    for name in dict.fromkeys((codec, *hints, *CANDIDATES)):
        if name in ("", "ascii"):
            continue
        score = plausibility(_lossy(sample, name))
        # Long texts need no help; of a few characters, what the rest of the mail is written in is the better guess.
        yield name, score + (0.1 if name == codec else 0.1 if name in hints else 0.0)


def _sample(raw: bytes) -> bytes:
    first = _HIGH.search(raw)
    start = raw.rfind(b"\n", 0, first.start() if first else 0) + 1
    return raw[start : start + SAMPLE_BYTES]


def _lossy(raw: bytes, codec: str) -> str:
    if codec == "iso2022_jp":
        return iso_2022_jp.decode(raw, "replace")
    if codec == "big5":
        return _strictly(raw, codec) or raw.decode("cp950", "replace")
    if len(raw) != SAMPLE_BYTES:
        return raw.decode(codec, "replace")
    # A sample may end inside a character.
    return codecs.getincrementaldecoder(codec)("replace").decode(raw)


def _strictly(raw: bytes, codec: str) -> str | None:
    try:
        if codec == "iso2022_jp":
            return iso_2022_jp.decode(raw)
        if codec == "big5":
            return _big5(raw)
        return raw.decode(codec)
    except (UnicodeDecodeError, UnicodeError):
        return None


def _big5(raw: bytes) -> str:
    """Microsoft's first, then Hong Kong's, which has more characters."""
    try:
        return raw.decode("cp950")
    except UnicodeDecodeError:
        return raw.decode("big5hkscs")


def _normalizer(sample: bytes) -> str:
    found = from_bytes(sample).best()
    return codec_of(found.encoding.replace("_", "-")) if found else ""
