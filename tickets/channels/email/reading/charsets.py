"""What bytes mean: by what was declared, where that can be; else by which reading looks like a language.

1. Pure ASCII needs no decision, nor does UTF-8 that says so.
2. What is declared and fits strictly is right, unless the bytes are UTF-8 all the same, or another reading is far
   more plausible: single-byte charsets fit everything, and GB18030 fits nearly everything.
3. What does not fit is read by the most plausible candidate, with U+FFFD where that fails.

A general detector was tried and left out: charset-normalizer needs more text than a subject or a file name has, and
15 ms where this needs one.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tickets.channels.email.reading import iso_2022_jp
from tickets.channels.email.reading.charset_names import MULTI_BYTE, SEVEN_BIT, codec_of
from tickets.channels.email.reading.plausibility import plausibility

#: The order decides between equals.
CANDIDATES = (
    "utf-8", "gb18030", "big5", "cp932", "cp949", "euc_jp", "cp1252", "cp1251", "koi8-u", "cp1250", "cp866", "cp1253",
    "cp1254", "iso8859-5", "cp874", "cp1255", "cp1256", "cp850", "mac_roman",
)  # fmt: skip
#: The charset of customers' programs that name none.
HOME = "gb18030"
#: GB18030 has the kana of EUC-JP in the same place.
_KANA = re.compile("[\u3041-\u30ff]")
#: So much of a long text is looked at, in bytes from the line with the first byte above 0x7F.
SAMPLE_BYTES = 1_500
_SEVEN_BIT_MARK = re.compile(rb"\x1b\$(?:[@AB]|\([@BD]|\)[CAG])")
_HIGH = re.compile(rb"[\x80-\xff]")
#: By so much must another reading be better than the declared one, if that fits: of up to 8, up to 30, and more bytes
#: above 0x7F. That two bytes for a character fit is some proof already; one byte for a character fits always.
_FAR = {True: (0.8, 0.55, 0.25), False: (0.4, 0.25, 0.25)}
_FEW, _SOME = 8, 30
#: So plausible that nothing can be better by as much.
_SURE = 0.75


@dataclass(frozen=True)
class Decoded:
    text: str
    codec: str
    #: Whether something else than the declaration had to decide.
    guessed: bool


def decode(raw: bytes, declared: str = "", hints: Iterable[str] = ()) -> Decoded:
    """``hints``: charsets declared elsewhere in the same mail; they win among equals."""
    codec = codec_of(declared)
    if raw.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")) and (marked := _by_mark(raw)):
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
    known = [name for hint in hints if (name := codec_of(hint)) in MULTI_BYTE]
    if again := _twice(text, known):
        return again
    return Decoded(text, "utf-8", codec != "utf-8")


def _twice(text: str, known: Iterable[str]) -> Decoded | None:
    """Read once more, where a charset that the mail itself names fits what is inside, or control characters show that
    this was none of the sender's doing."""
    try:
        inner = text.encode("latin-1")
    except UnicodeEncodeError:
        return None
    if re.search("[\x80-\x9f]", text):
        known = [*known, "utf-8", "gb18030", "cp1252"]
    score = plausibility(text[:SAMPLE_BYTES])
    for name in known:
        again = _strictly(inner, name)
        if again is not None and plausibility(again[:SAMPLE_BYTES]) > score + 0.25:
            return Decoded(again, name, True)
    return None


def _decided(raw: bytes, codec: str, utf8: str | None, hints: list[str]) -> Decoded:
    if utf8 is not None and codec in MULTI_BYTE and (again := _twice(utf8, [codec])):
        return again
    sample = _sample(raw)
    is_sure = utf8 is None and codec in MULTI_BYTE and plausibility(_lossy(sample, codec)) >= _SURE
    if is_sure and (text := _strictly(raw, codec)) is not None:
        return Decoded(text, codec, False)
    scores = dict(_scored(sample, codec, hints))
    if utf8 is not None and not _is_short_accident(utf8, codec, scores):
        return Decoded(utf8, "utf-8", True)
    best = max(scores, key=lambda name: scores[name])
    high = len(_HIGH.findall(sample))
    far = _FAR[codec in MULTI_BYTE][(high >= _FEW) + (high >= _SOME)]
    fits = scores.get(codec, -9.0) >= scores[best] - far
    if fits and (text := _strictly(raw, codec)) is not None:
        return Decoded(text, codec, False)
    return Decoded(_lossy(raw, best), best, best != codec)


def _is_short_accident(utf8: str, codec: str, scores: dict[str, float]) -> bool:
    """A few characters of a declared charset can be UTF-8 by chance, but hardly such as anybody would write."""
    is_short = len(utf8) < 100 and len(utf8.encode()) - sum(one < "\x80" for one in utf8) <= 16
    return codec in MULTI_BYTE and is_short and scores[codec] > scores["utf-8"]


def _scored(sample: bytes, codec: str, hints: list[str]) -> Iterator[tuple[str, float]]:
    for name in dict.fromkeys((codec, *hints, *CANDIDATES)):
        if name in ("", "ascii"):
            continue
        text = _lossy(sample, name)
        score = plausibility(text)
        # Long texts need no help. Of a few characters, what the rest of the mail is written in is the better guess,
        # then what most of our customers write.
        is_home = name == HOME and not _KANA.search(text)
        yield name, score + (0.2 if name in hints else 0.1 if is_home or name == codec else 0.0)


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
    try:
        # A sample may end inside a character.
        return codecs.getincrementaldecoder(codec)("replace").decode(raw)
    except UnicodeError:
        # UTF-16 refuses to begin without its mark.
        return raw.decode(codec, "replace")


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
