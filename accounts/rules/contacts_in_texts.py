"""Addresses, phone numbers and account numbers that people write into texts.

What is named as a number of an order or a transfer stays: work is done by it, and it reaches nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from accounts.rules.masking import Known, digits_of, masked, split_phone

_LOCAL_END = re.compile(r"[A-Za-z0-9._%+\-]{1,64}\Z")
_DOMAIN = re.compile(r"[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63})+")
_AT = re.compile("[@＠]")
#: Where a number may be: only there the patterns below are tried.
_DIGITS = re.compile(r"\d(?:[\s().\-–·]{0,3}\d){8,}")
_SEP = r"[\s\-–.·]?"
_PHONE = re.compile(
    rf"""
    \+\d[\d\s().\-]{{6,18}}\d                                            # international
    | (?<![\dA-Za-z_])(?:(?:00)?86{_SEP})?1[3-9]\d(?:{_SEP}\d{{4}}){{2}}(?![\dA-Za-z])  # a Chinese mobile
    | (?<![\dA-Za-z_])0\d{{2,3}}{_SEP}\d{{7,8}}(?![\dA-Za-z])                   # with an area code
    | (?<![\dA-Za-z_])\(?[2-9]\d{{2}}\)?[\s.\-]\d{{3}}[.\-]\d{{4}}(?![\dA-Za-z])      # as Americans write it
    """,
    re.VERBOSE,
)
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


def contacts_in(text: str) -> Contacts:
    has_digits = any(char.isdigit() for char in text)
    emails = frozenset(_emails(text)) if "@" in text or "＠" in text else frozenset()
    return Contacts(emails, frozenset(_numbers(text)) if has_digits else frozenset())


def _emails(text: str) -> Iterator[str]:
    for at in _AT.finditer(text):
        local, domain = (
            _LOCAL_END.search(text, max(at.start() - 64, 0), at.start()),
            _DOMAIN.match(text, at.end()),
        )
        if local is not None and domain is not None:
            yield f"{local.group()}@{domain.group()}".lower()


def _numbers(text: str) -> Iterator[str]:
    for digits in _DIGITS.finditer(text):
        # A sign may stand before it, and what stands behind it tells whether it is whole.
        span = max(digits.start() - 2, 0), min(digits.end() + 2, len(text))
        for match in _PHONE.finditer(text, *span):
            yield _national(match.group())
        for match in _LONG.finditer(text, *span):
            if not _OF_AN_ORDER.search(text[max(match.start() - _LOOKED_BACK, 0) : match.start()]):
                yield digits_of(match.group())


def _national(written: str) -> str:
    digits = digits_of(written)
    if written.startswith("+"):
        return split_phone(f"+{digits}")[1]
    return digits[-11:] if re.fullmatch(r"(00)?861[3-9]\d{9}", digits) else digits


def masked_text(text: str) -> str:
    """With everything in it masked that could reach somebody."""
    found, known = contacts_in(text), Known()
    for email in found.emails:
        known.add_email(email, 0)
    for number in found.numbers:
        known.add_number(number, 0)
    return masked(text, known)
