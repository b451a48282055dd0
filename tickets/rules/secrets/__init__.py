"""Is there a secret in a text? Recovery phrases, private keys, card numbers, codes, passwords, identity numbers.

``find`` says where and how sure it is; ``redact`` puts a mark in its place. Both take one pass over the text for each
kind, so that their time grows with its length, whatever it holds; a filter sees first which kinds may be in it at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from tickets.rules.secrets import (
    cards,
    chinese_phrases,
    codes,
    digits,
    english_phrases,
    identity,
    passwords,
    private_keys,
)
from tickets.rules.secrets.findings import Certainty, Finding, Kind
from tickets.rules.secrets.folding import fold, with_blanks
from tickets.rules.secrets.marks import mark

__all__ = ["Certainty", "Finding", "Kind", "find", "redact"]

# What no text with a secret of these kinds is without; nearly every other text is.
_DIGITS = re.compile(r"\d(?:\D{0,3}+\d){11}")
_KEYS = re.compile(
    r"(?<![0-9A-Za-z])(?:[0-9A-Za-z]{16}|(?:[0-9A-Fa-f]{2,8}[\s:,-]{1,3}){7})|PRIVATE KEY|PuTTY-User"
    r"|cipher|\[\s{0,3}\d|\bsalt\b"
)
_NAMES = (
    "pass",
    "pw",
    "psw",
    "pin",
    "code",
    "otp",
    "cv",
    "cav",
    "csc",
    "one time",
    "one-time",
    "2fa",
    "mfa",
    "auth",
    "totp",
    "digits on",
    "digits at",
    "digits from",
    "digit number on",
    "three numbers on",
    "三位",
    "三个",
    "三個",
    "证器",
    "證器",
    "谷歌",
    "令牌",
    "码",
    "碼",
    "口令",
    "一次性",
)


def find(text: str) -> list[Finding]:
    """Every secret in a text, in order, none overlapping another; places count characters of ``text``."""
    folded = fold(text)
    found = list(_found(folded.text))
    spans = [_moved(each, *folded.origin(each.start, each.end)) for each in found]
    if folded.places is not None:
        # What nobody sees may part the words of a phrase instead of hiding in them.
        parted = fold(text, unseen=" ")
        spans += [_moved(each, *parted.origin(each.start, each.end)) for each in _phrases(parted.text)]
    blank = with_blanks(folded.text)
    if blank.places is not None:
        for each in _found(blank.text):
            spans.append(_moved(each, *folded.origin(*blank.origin(each.start, each.end))))
    return _apart(spans)


def redact(text: str, *, least: Certainty = Certainty.CERTAIN) -> str:
    """The text with a mark in place of each secret of which it is at least so sure."""
    parts: list[str] = []
    done = 0
    for each in find(text):
        if each.certainty >= least:
            parts += text[done : each.start], mark(each)
            done = each.end
    return "".join([*parts, text[done:]]) if parts else text


def _found(text: str) -> Iterator[Finding]:
    if _DIGITS.search(text) is not None:
        # What is both is somebody's identity: of that no digit is shown.
        yield from identity.identity_numbers(text)
        yield from cards.cards(text, list(digits.rows(text)))
    if _KEYS.search(text) is not None:
        yield from private_keys.private_keys(text)
    yield from private_keys.grouped_keys(text)
    low = text.lower()
    if any(name in low for name in _NAMES):
        yield from cards.card_codes(text)
        yield from codes.one_time_codes(text)
        yield from passwords.passwords(text)
    yield from _phrases(text)


def _phrases(text: str) -> Iterator[Finding]:
    yield from english_phrases.english_phrases(text)
    if not text.isascii():
        yield from chinese_phrases.chinese_phrases(text)


def _moved(found: Finding, start: int, end: int) -> Finding:
    return replace(found, start=start, end=end)


def _apart(found: Iterable[Finding]) -> list[Finding]:
    """Where two overlap, the surer and then the longer names what both cover: no part of either is
    left out."""
    kept: list[Finding] = []
    for each in sorted(found, key=lambda each: (each.start, -each.end)):
        if not kept or each.start >= kept[-1].end:
            kept.append(each)
            continue
        last = kept[-1]
        if last.certainty > each.certainty:
            best = last
        else:
            best = max(last, each, key=lambda one: (one.certainty, one.end - one.start))
        kept[-1] = replace(best, start=last.start, end=max(last.end, each.end))
    return kept
