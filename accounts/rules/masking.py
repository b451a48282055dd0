"""How much of contact data is shown to staff who have not asked for it: the one rule, and finding it in texts.

``wang@example.com`` is shown as ``w***@e***.com``, ``+8613800138000`` as ``+86 138****8000``. Names are shown whole:
people are spoken to by them, and a name alone reaches nobody. A number in a text keeps its shape: ``138-****-8000``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape

import phonenumbers

from accounts.rules.contact_patterns import SEPARATORS, addresses, handles, has_sign

STARS = "***"
#: Of the digits behind the country code at most so many are shown, and at least so many are not.
SHOWN_FIRST, SHOWN_LAST, HIDDEN_AT_LEAST = 3, 4, 4
#: Shorter runs of digits are no phone number.
MIN_DIGITS = 7
#: A number of so many digits is found within a longer one, too; a shorter one would be found by chance.
ANYWHERE = 10
#: "00" and a country code.
LONGEST_CODE = 5

#: In an address: what the pattern of addresses does not know.
_ODD = re.compile(r"[^A-Za-z0-9._+\-@]")
_BETWEEN = re.compile(f"{SEPARATORS}+")
_NUMBER = re.compile(rf"\d(?:{SEPARATORS}{{0,3}}\d){{6}}")
_WIDE = re.compile("[０-９]")
_NARROW = {ord(wide): narrow for wide, narrow in zip("０１２３４５６７８９", "0123456789", strict=True)}


def mask_email(email: str) -> str:
    """Shows the first letter of the name and of the domain, and the last label; of one-letter names nothing."""
    local, at, domain = email.rpartition("@")
    if not at or not local:
        return STARS
    name, _dot, last = domain.rpartition(".")
    return f"{_first(local)}@{_first(name or last)}{'.' + last if name else ''}"


def _first(text: str) -> str:
    return f"{text[0]}{STARS}" if len(text) > 1 else STARS


def mask_handle(handle: str) -> str:
    """Of an account of a messenger."""
    return _first(handle)


def mask_contact(email: str, phone: str) -> str:
    """Of somebody without a name, by what they are known."""
    return mask_email(email) if email else mask_phone(phone) if phone else ""


def mask_phone(phone: str) -> str:
    """Of an E.164 number its country code, three digits at the front and four at the end, fewer of short ones."""
    code, national = split_phone(phone)
    first, last = _shown(len(national))
    hidden = "*" * (len(national) - first - last)
    masked = f"{national[:first]}{hidden}{national[len(national) - last :]}"
    return f"+{code} {masked}" if code else masked


def _shown(digits: int) -> tuple[int, int]:
    """How many digits at the front and at the end of a national number are shown."""
    shown = max(digits - HIDDEN_AT_LEAST, 0)
    last = min(SHOWN_LAST, (shown + 1) // 2)
    return min(SHOWN_FIRST, shown - last), last


def split_phone(phone: str) -> tuple[str, str]:
    """(country code, national number), digits only; no code where it cannot be told."""
    try:
        number = phonenumbers.parse(phone, None)
    except phonenumbers.NumberParseException:
        return "", "".join(_digits(phone))
    return str(number.country_code), phonenumbers.national_significant_number(number)


def is_possible_phone(written: str) -> bool:
    """With a country code, and as long as numbers of that country are."""
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(f"+{digits_of(written)}", None))
    except phonenumbers.NumberParseException:
        return False


def digits_of(text: str) -> str:
    return "".join(_digits(text))


def _digits(text: str) -> Iterator[str]:
    return (str(unicodedata.digit(char)) for char in text if char.isdigit())


@dataclass
class Known:
    """Contact data that may stand in a text, each with whose it is. An owner is any number; 0 is nobody's."""

    emails: dict[str, int] = field(default_factory=dict)
    #: By national number.
    phones: dict[str, int] = field(default_factory=dict)
    #: Accounts of messengers: hidden where they are named as such, for they are words like any other.
    handles: dict[str, int] = field(default_factory=dict)

    def add_email(self, email: str, owner: int) -> None:
        if "@" in email:
            key = email.strip().lower()
            self.emails[key] = owner or self.emails.get(key, 0)

    def add_phone(self, phone: str, owner: int) -> None:
        self.add_number(split_phone(phone)[1] if phone else "", owner)

    def add_number(self, digits: str, owner: int) -> None:
        if len(digits) >= MIN_DIGITS:
            self.phones[digits] = owner or self.phones.get(digits, 0)

    def add_handle(self, handle: str, owner: int) -> None:
        key = handle.lower()
        self.handles[key] = owner or self.handles.get(key, 0)

    def __bool__(self) -> bool:
        return bool(self.emails or self.phones or self.handles)


@dataclass(frozen=True)
class Hit:
    """Where contact data stand in a text: from ``start`` to ``end``, shown as ``masked``."""

    start: int
    end: int
    owner: int
    masked: str
    key: str


def hits(text: str, known: Known) -> list[Hit]:
    """In the order in which they stand, none over another."""
    found = [*_emails(text, known), *_phones(text, known), *_handles(text, known)]
    found.sort(key=lambda hit: (hit.start, -hit.end))
    kept: list[Hit] = []
    for hit in found:
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
    return kept


def has_candidates(text: str) -> bool:
    """Whether anything in it looks like an address or a number."""
    return has_sign(text) or _NUMBER.search(text) is not None or next(handles(text), None) is not None


def masked(text: str, known: Known) -> str:
    """The text with its contact data masked."""
    return replaced(text, hits(text, known)) if known else text


def replaced(text: str, found: Iterable[Hit]) -> str:
    """``found`` in the order in which they stand."""
    parts, after = [], 0
    for hit in found:
        parts += [text[after : hit.start], hit.masked]
        after = hit.end
    return "".join([*parts, text[after:]]) if parts else text


def _emails(text: str, known: Known) -> Iterator[Hit]:
    if not known.emails:
        return
    for start, end, written in addresses(text):
        email = known_in(written, known.emails)
        if email is None:
            continue
        # What stands directly before it ("3A" of "%3A", "_"), or behind it, is none of it.
        surplus = len(written) - len(email)
        if written.endswith(email):
            start += surplus
        elif text[end - surplus : end].lower() == written[len(email) :]:
            end -= surplus
        yield Hit(start, end, known.emails[email], mask_email(email), email)
    for email in known.emails:
        if not email.isascii() or _ODD.search(email):
            yield from _odd(text, email, known.emails[email])


def known_in(written: str, emails: Iterable[str]) -> str | None:
    if written in (emails if isinstance(emails, dict) else set(emails)):
        return written
    return next((email for email in emails if written.endswith(email) or written.startswith(email)), None)


def _odd(text: str, email: str, owner: int) -> Iterator[Hit]:
    """An address with characters that the pattern does not know, as it is and as pages spell it."""
    for spelled in {email, escape(email)}:
        for match in re.finditer(re.escape(spelled), text, re.IGNORECASE):
            yield Hit(match.start(), match.end(), owner, mask_email(email), email)


def _handles(text: str, known: Known) -> Iterator[Hit]:
    if not known.handles:
        return
    for start, end, handle in handles(text):
        if handle in known.handles:
            yield Hit(start, end, known.handles[handle], mask_handle(handle), handle)


def _phones(text: str, known: Known) -> Iterator[Hit]:
    """Most of what is known stands nowhere in a text: that is found out first, with all between digits taken out."""
    if not known.phones:
        return
    plain = text.translate(_NARROW) if _WIDE.search(text) else text
    squeezed = _BETWEEN.sub("", plain)
    for national, owner in known.phones.items():
        if national not in squeezed:
            continue
        for match in _spelled(national).finditer(plain):
            places = [place for place in range(match.start(), match.end()) if plain[place].isdigit()]
            if len(national) >= ANYWHERE or _stands_alone(plain, places):
                yield _phone_hit(text, places, owner, national)


@lru_cache(maxsize=4096)
def _spelled(national: str) -> re.Pattern[str]:
    return re.compile(rf"{SEPARATORS}{{0,3}}".join(national))


def _stands_alone(text: str, places: list[int]) -> bool:
    """Not a part of a longer number, a moment in milliseconds, say; a country code may stand before it."""
    first, last = places[0], places[-1]
    before = text[max(first - LONGEST_CODE - 1, 0) : first]
    glued = len(before) - len(before.rstrip("0123456789"))
    return glued <= LONGEST_CODE and not text[last + 1 : last + 2].isdigit()


def _phone_hit(text: str, places: list[int], owner: int, national: str) -> Hit:
    first, last = _shown(len(places))
    hidden = set(places[first : len(places) - last])
    start, end = places[0], places[-1] + 1
    shown = "".join("*" if place in hidden else text[place] for place in range(start, end))
    return Hit(start, end, owner, shown, national)
