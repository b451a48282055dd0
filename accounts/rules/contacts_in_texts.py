"""Addresses, phone numbers and account numbers that people write into texts.

What is named as a number of an order or a transfer stays: work is done by it, and it reaches nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from accounts.rules.contact_patterns import SEPARATORS, Written, addresses, handles, has_sign
from accounts.rules.masking import Known, digits_of, is_possible_phone, masked, split_phone
from helpdesk.lib.identifiers import without_identifiers

#: Where a number may be: only there the patterns below are tried.
_DIGITS = re.compile(rf"\d(?:{SEPARATORS}{{0,3}}\d){{8,}}")
_SEP = r"[\s\-–.·/_]{0,2}"
_PHONE = re.compile(
    rf"""
    (?<![\dA-Za-z_])(?:(?:00|[+＋])?86{_SEP})?[(（]?1[3-9]\d[)）]?(?:{_SEP}\d{{4}}){{2}}(?![\dA-Za-z])  # mobile, China
    | [+＋]\d(?:[\s().\-/_]{{0,3}}\d){{7,14}}(?!\d)                       # international
    | (?<![\dA-Za-z_])(?<!\d[\s\-./_])[(（]?0\d{{2,3}}[)）]?{_SEP}\d{{3,4}}{_SEP}\d{{4}}(?![\dA-Za-z])  # area code
    | (?<![\dA-Za-z_])\(?[2-9]\d{{2}}\)?[\s.\-]\d{{3}}[.\-]\d{{4}}(?![\dA-Za-z])      # as Americans write it
    """,
    re.VERBOSE,
)
_GROUP = re.compile(r"\d+")
#: Of an account or an identity card: 15 to 19 digits.
_LONG = re.compile(r"(?<![\dA-Za-z_.])\d(?:[ \-]?\d){14,18}(?![\dA-Za-z_])")
_OF_AN_ORDER = re.compile(
    r"(?:订单|訂單|流水|交易|单号|單號|编号|哈希|order|transaction|transfer|tx|txid|reference|ref|hash|ticket|case)"
    r"[^\d\n]{0,16}$",
    re.IGNORECASE,
)
_LOOKED_BACK = 40


@dataclass(frozen=True)
class Contacts:
    emails: frozenset[str]
    #: Digits only, without a country code where one is written.
    numbers: frozenset[str]
    #: Accounts of messengers.
    handles: frozenset[str]


def contacts_in(text: str) -> Contacts:
    return Contacts(
        frozenset(found.key for found in emails_in(text)),
        frozenset(found.key for found in numbers_in(text)),
        frozenset(found.key for found in handles(text)),
    )


def emails_in(text: str) -> Iterator[Written]:
    return addresses(text) if has_sign(text) else iter(())


def numbers_in(text: str) -> Iterator[Written]:
    text = without_identifiers(text)
    for digits in _DIGITS.finditer(text):
        # A sign may stand before it, and what stands behind it tells whether it is whole.
        span = max(digits.start() - 2, 0), min(digits.end() + 2, len(text))
        start, end = span
        while match := _PHONE.search(text, start, end):
            written = _one_number(match.group())
            start = match.start() + len(written)
            yield Written(match.start(), start, _national(written))
        for match in _LONG.finditer(text, *span):
            if not _OF_AN_ORDER.search(text[max(match.start() - _LOOKED_BACK, 0) : match.start()]):
                yield Written(match.start(), match.end(), digits_of(match.group()))


def _one_number(written: str) -> str:
    """Another number may stand directly behind an international one."""
    if not written.startswith(("+", "＋")):
        return written
    ends = [match.end() for match in _GROUP.finditer(written)]
    possible = (written[:end] for end in reversed(ends) if is_possible_phone(written[:end]))
    return next(possible, written)


def _national(written: str) -> str:
    digits = digits_of(written)
    if written.startswith(("+", "＋")):
        return split_phone(f"+{digits}")[1]
    return digits[-11:] if re.fullmatch(r"(00)?861[3-9]\d{9}", digits) else digits


def masked_text(text: str) -> str:
    """With everything in it masked that could reach somebody."""
    found, known = contacts_in(text), Known()
    for email in found.emails:
        known.add_email(email, 0)
    for number in found.numbers:
        known.add_number(number, 0)
    for handle in found.handles:
        known.add_handle(handle, 0)
    return masked(text, known)
