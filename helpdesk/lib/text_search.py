"""Full-text search for Chinese and English: PostgreSQL's tsvector and tsquery, cut into words here.

PostgreSQL cannot cut Chinese into words, so the cutting happens in one place, for what is stored and what is asked:

- a run of Chinese (Japanese, Korean) characters becomes its pairs, one position each: 提现失败 is 提现 现失 失败.
  Any word of two characters is found in any run; a longer one is found as a phrase of its pairs;
- other words are reduced to their English stem;
- what is joined by - . _ @ + (transaction numbers, addresses) is kept whole, without its dashes, and in parts:
  TX20251103-77 is found by TX2025110377 and by 77, "log-in" by "login".

Stored besides, so that searching while typing works: the word as written and the last character of a run.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Literal, NamedTuple

import Stemmer

Weight = Literal["A", "B", "C", "D"]

# What PostgreSQL holds: 2046 bytes a lexeme, 256 positions each up to 16383, 1 MB in all. A quarter of that for one
# text, because a ticket joins the words of later messages to those of earlier ones.
MAX_LEXEME_CHARS = 200
MAX_POSITIONS = 255
MAX_POSITION = 16_383
MAX_VECTOR_BYTES = 250_000

# A question longer than this is cut: nobody types it, and every word costs.
MAX_QUERY_CHARS = 1_000
MAX_QUERY_WORDS = 32

_CJK = "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_LETTER = rf"[^\W_{_CJK}]"
_WORD = re.compile(rf"(?P<cjk>[{_CJK}]+)|{_LETTER}+(?:[-._@+]{_LETTER}+)*")
_JOINER = re.compile(r"[-._@+]")
_QUOTED = re.compile(r'"([^"]*)"')

_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_SAME = {ord(char): None for char in _INVISIBLE} | dict.fromkeys(map(ord, "\u2010\u2011\u2212"), "-")
_QUOTES = dict.fromkeys(map(ord, "“”„«»「」『』"), '"')

_STOP_WORDS = """
a about am an and any are as at be been but by can could d did do does doing don for from had has have having he her
here him his how i if in into is it its just ll m me my no not of on or our out re s she should so some such t than
that the their them then there these they this those to too up us ve very was we were what when where which while who
why will with would you your
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())

_thread = threading.local()


class Word(NamedTuple):
    """A word of a text, folded; ``start`` counts characters of the folded text."""

    text: str
    start: int
    is_cjk: bool

    @property
    def parts(self) -> list[str]:
        return [part[:MAX_LEXEME_CHARS] for part in _JOINER.split(self.text)]

    @property
    def whole(self) -> str:
        """As written, without dashes."""
        return self.text.replace("-", "")[:MAX_LEXEME_CHARS]

    @property
    def is_joined(self) -> bool:
        return not self.is_cjk and _JOINER.search(self.text) is not None

    @property
    def width(self) -> int:
        """How many positions it takes."""
        return len(self.text) if self.is_cjk else len(self.parts)

    def lexemes(self) -> Iterator[tuple[int, str]]:
        """What it is found by, with the position relative to its first."""
        if self.is_cjk:
            yield from enumerate(pairs(self.text))
            return
        if self.is_joined:
            yield 0, stem(self.whole)
        yield from ((offset, stem(part)) for offset, part in enumerate(self.parts))

    def stored(self) -> Iterator[tuple[int, str]]:
        """The same, and what only helps while somebody is still typing."""
        yield from self.lexemes()
        if self.is_cjk:
            yield len(self.text) - 1, self.text[-1]
            return
        if self.is_joined:
            yield 0, self.whole
        yield from enumerate(self.parts)


def lexemes(text: str) -> list[str]:
    """What a text is found by, in its order."""
    return [lexeme for word in words(fold(text)) for _offset, lexeme in word.lexemes()]


def to_tsvector_literal(weighted: Sequence[tuple[str, Weight]]) -> str:
    """Texts with their weights as a literal for ``%s::tsvector``. What exceeds PostgreSQL's limits is left out."""
    places: dict[str, dict[int, Weight]] = {}
    room = MAX_VECTOR_BYTES
    for lexeme, position, weight in _placed(weighted):
        known = places.get(lexeme)
        if known is None:
            room -= len(lexeme.encode()) + 4
            known = places[lexeme] = {}
        if len(known) < MAX_POSITIONS and position not in known:
            room -= 2
            known[position] = weight
        if room < 0:
            break
    return " ".join(
        f"{quoted(lexeme)}:{','.join(f'{position}{weight}' for position, weight in known.items())}"
        for lexeme, known in places.items()
        if known
    )


def to_tsquery(text: str, *, prefix: bool = False) -> str:
    """What somebody typed as a query for ``%s::tsquery``: every word and every "phrase" must occur.

    ``prefix``: the last word may be unfinished. Empty, and matching nothing, where there is nothing to search for.
    """
    plain, phrases = split_phrases(text)
    terms = [_phrase(phrase) for phrase in phrases]
    asked = searched(plain, or_else_stop_words=not terms)
    last = asked[-1] if prefix and asked and _ends_with(plain, asked[-1]) else None
    terms += [_term(word, unfinished=word is last) for word in asked]
    return " & ".join(terms[:MAX_QUERY_WORDS])


def split_phrases(text: str) -> tuple[str, list[list[Word]]]:
    """What was typed, folded: outside of quotation marks, and the words of each pair of them."""
    folded = fold(text[:MAX_QUERY_CHARS]).translate(_QUOTES)
    phrases = [list(islice(words(match[1]), MAX_QUERY_WORDS)) for match in _QUOTED.finditer(folded)]
    return _QUOTED.sub(" ", folded), [phrase for phrase in phrases if phrase]


def searched(folded: str, *, or_else_stop_words: bool = True) -> list[Word]:
    """The words that matter in a question; its stop words only where it has no others."""
    everything = list(islice(words(folded), MAX_QUERY_WORDS))
    telling = [word for word in everything if word.text not in STOP_WORDS]
    return telling or (everything if or_else_stop_words else [])


def fold(text: str) -> str:
    """Full-width characters, ligatures, capitals and kinds of dashes made one."""
    return unicodedata.normalize("NFKC", text).translate(_SAME).casefold()


def words(folded: str) -> Iterator[Word]:
    for match in _WORD.finditer(folded):
        yield Word(match[0], match.start(), match["cjk"] is not None)


def pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)] or [run]


def stem(word: str) -> str:
    """A stemmer must not be shared between threads."""
    if not hasattr(_thread, "stemmer"):
        _thread.stemmer = Stemmer.Stemmer("english")
    return str(_thread.stemmer.stemWord(word))


def quoted(lexeme: str) -> str:
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


def _placed(weighted: Sequence[tuple[str, Weight]]) -> Iterator[tuple[str, int, Weight]]:
    position = 1
    # People say the same words again; their stems are looked for once.
    known: dict[tuple[str, bool], tuple[list[tuple[int, str]], int]] = {}
    for text, weight in weighted:
        for word in words(fold(text)):
            stored = known.get((word.text, word.is_cjk))
            if stored is None:
                stored = known[word.text, word.is_cjk] = list(word.stored()), word.width
            for offset, lexeme in stored[0]:
                yield lexeme, min(position + offset, MAX_POSITION), weight
            position += stored[1]
        position += 1  # No phrase reaches from one text into the next.


def _ends_with(folded: str, word: Word) -> bool:
    return folded.endswith(word.text) and not word.is_cjk


def _term(word: Word, *, unfinished: bool) -> str:
    if word.is_cjk:
        return _chain(_atoms(word, 0))
    ways = [quoted(stem(word.whole))]
    if unfinished:
        ways.append(quoted(word.whole) + ":*")
    if word.is_joined:
        ways.append(_chain(_atoms(word, 0)) + (":*" if unfinished else ""))
    return f"({' | '.join(ways)})" if len(ways) > 1 else ways[0]


def _phrase(phrase: Iterable[Word]) -> str:
    atoms: list[tuple[int, str]] = []
    position = 0
    for word in phrase:
        atoms += _atoms(word, position)
        position += word.width
    return _chain(atoms)


def _atoms(word: Word, position: int) -> list[tuple[int, str]]:
    if word.is_cjk and len(word.text) == 1:
        # It was stored as the first of a pair, or alone as the last of its run.
        return [(position, quoted(word.text) + ":*")]
    parts = pairs(word.text) if word.is_cjk else map(stem, word.parts)
    return [(position + offset, quoted(part)) for offset, part in enumerate(parts)]


def _chain(atoms: Sequence[tuple[int, str]]) -> str:
    """Lexemes at these distances from one another."""
    chained, before = "", 0
    for position, atom in atoms[: 2 * MAX_QUERY_WORDS]:
        chained += f" <{position - before}> {atom}" if chained else atom
        before = position
    return chained
