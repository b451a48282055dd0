"""The words by which a ticket is found, and the question for them.

What reaches somebody (addresses, numbers, accounts of messengers) is masked for staff. Found by its beginning or its
parts, as other words are, it could be read out letter by letter. So it stands in the index whole, as one lexeme behind
a mark with which no word begins, and is found whole only, however either side spells it. For caution, whatever holds an
@ or is a number as long as one of a phone or an account counts as such.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from accounts.rules.contact_patterns import handles
from accounts.rules.contacts_in_texts import emails_in, numbers_in
from accounts.rules.masking import digits_of, split_phone
from helpdesk.lib.text_search import (
    MAX_LEXEME_CHARS,
    MAX_QUERY_CHARS,
    MAX_QUERY_WORDS,
    Weight,
    fold,
    quoted,
    to_tsquery,
    to_tsvector_literal,
    words,
)

#: One piece of contact data, in the ways in which it is known.
Ways = tuple[str, ...]

MARK = "="
SHORTEST, LONGEST = 7, 19
#: Of one text's contact data, so many bytes; a quarter of what its words may take.
MAX_BYTES = 60_000
_NUMBER = re.compile(r"[\d\-._+]+")
_DATE = re.compile(r"(?:19|20)\d\d[-._]\d{1,2}[-._]\d{1,2}|\d{1,2}[-._]\d{1,2}[-._](?:19|20)\d\d")
_AMOUNT = re.compile(r"\d+\.\d+")
#: A mobile number that somebody wrote directly behind a word.
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
#: An account of a messenger, asked for without its messenger's name.
_HANDLE = re.compile(r"[a-z][a-z0-9_\-]{5,19}|[1-9]\d{4,5}")


def document(weighted: Sequence[tuple[str, Weight]]) -> str:
    """Texts with their weights as a literal for ``%s::tsvector``."""
    plain: list[tuple[str, Weight]] = []
    whole: dict[str, Weight] = {}
    room = MAX_BYTES
    for text, weight in weighted:
        rest, keys = parted(text)
        plain.append((rest, weight))
        for key in chain.from_iterable(keys):
            room -= len(key.encode()) + 8
            if room > 0:
                whole.setdefault(key, weight)
    marked = [f"{_lexeme(key)}:1{weight}" for key, weight in whole.items()]
    return " ".join(filter(None, [to_tsvector_literal(plain), *marked]))


def query(text: str, *, prefix: bool = False) -> str:
    """What somebody typed, for ``%s::tsquery``: every word and all contact data of it must stand in the ticket.

    ``prefix``: the last word may be unfinished. Empty, and matching nothing, where there is nothing to search for.
    """
    rest, keys = parted(text[:MAX_QUERY_CHARS])
    terms = [_any_of(_asked(ways)) for ways in keys[:MAX_QUERY_WORDS]]
    asked = to_tsquery(rest, prefix=prefix)
    if asked and not terms and _HANDLE.fullmatch(rest.strip()):
        return f"({asked}) | {_lexeme(rest.strip())}"
    return " & ".join([*terms, asked] if asked else terms)


def contacts(text: str) -> frozenset[str]:
    """What of the text is found whole only."""
    return frozenset(chain.from_iterable(parted(text)[1]))


def asked_contacts(text: str) -> frozenset[str]:
    """What ``contacts`` of a text the question finds."""
    return frozenset(chain.from_iterable(map(_asked, parted(text[:MAX_QUERY_CHARS])[1])))


def parted(text: str) -> tuple[str, list[Ways]]:
    """(the words, folded, without contact data; the contact data, each once)."""
    folded = fold(text)
    rest, keys = _without(folded, sorted(_written(folded)))
    rest, more = _without(rest, list(_whole_words(rest)))
    return rest, list(dict.fromkeys([*keys, *more]))


def _asked(ways: Ways) -> list[str]:
    """A number with and without the zero of its area code, or the zeros before a country code, too."""
    asked = dict.fromkeys(ways)
    for way in ways:
        if way.isdigit() and (plain := way.lstrip("0")):
            asked |= dict.fromkeys((plain, f"0{plain}"))
    return list(asked)


Found = tuple[int, int, Ways]


def _written(folded: str) -> Iterator[Found]:
    for start, end, key in (*emails_in(folded), *handles(folded)):
        yield start, end, (key,)
    for start, end, key in numbers_in(folded):
        if folded[start] == "+":
            yield start, end, (key, "".join(split_phone(folded[start:end])))
        else:
            yield start, end, (key,)


def _whole_words(folded: str) -> Iterator[Found]:
    for word in words(folded):
        text, end = word.text, word.start + len(word.text)
        if word.is_cjk:
            continue
        mobile = _MOBILE.search(text)
        if "@" in text or mobile is not None:
            yield word.start, end, (text, mobile.group()) if mobile is not None else (text,)
        elif _NUMBER.fullmatch(text) and not _DATE.fullmatch(text) and not _AMOUNT.fullmatch(text):
            digits = digits_of(text)
            if SHORTEST <= len(digits) <= LONGEST:
                yield word.start, end, (digits,)


def _without(text: str, found: Sequence[Found]) -> tuple[str, list[Ways]]:
    parts: list[str] = []
    keys: list[Ways] = []
    after = 0
    for start, end, said in found:
        parts.append(text[after : max(start, after)])
        keys.append(said)
        after = max(after, end)
    # A blank at the end, too: what stands before it is finished.
    return " ".join([*parts, text[after:]]), keys


def _any_of(keys: Sequence[str]) -> str:
    ways = [_lexeme(key) for key in keys]
    return f"({' | '.join(ways)})" if len(ways) > 1 else ways[0]


def _lexeme(key: str) -> str:
    return quoted(f"{MARK}{key[:MAX_LEXEME_CHARS]}")
