"""What somebody may write on the emergency page: which account, in one spelling."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import phonenumbers

from tickets.choices import AccountKind

#: As long as the wallet takes it.
MAX_ACCOUNT = 64
_EMAIL = re.compile(r"[^\s@<>()\[\],;:\\\"]{1,64}@[^\s@<>()\[\],;:\\\"]+\.[^\s@<>()\[\],;:\\\"]{2,}")
_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{2,63}")
_PHONE = re.compile(r"\+?[0-9][0-9 ()./\-]{4,30}")
#: More words than any account has: a recovery phrase that somebody was told to type here.
MANY_WORDS = 5


@dataclass(frozen=True)
class Account:
    kind: AccountKind
    value: str


def is_likely_secret(text: str) -> bool:
    """Whether it is nothing that names an account, and may be what nobody should ever type: then it is not even shown
    again. A private key has no blanks and 50 characters or more.
    """
    text = unicodedata.normalize("NFKC", text).strip()
    return len(text.split()) >= MANY_WORDS or (len(text) > 45 and "@" not in text)


def read_account(text: str, *, region: str = "CN") -> Account | None:
    """``"138 0013 8000"`` to +8613800138000; an e-mail address in small letters; else the account's own number.

    Whether there is such an account nobody asks here. None for what names none.
    """
    text = unicodedata.normalize("NFKC", text).strip()
    if not text or len(text) > MAX_ACCOUNT:
        return None
    if "@" in text:
        text = text.lower()
        return Account(AccountKind.EMAIL, text) if _EMAIL.fullmatch(text) else None
    phone = read_phone(text, region=region) if _PHONE.fullmatch(text) else ""
    if phone:
        return Account(AccountKind.PHONE, phone)
    compact = text.replace(" ", "")
    return Account(AccountKind.NUMBER, compact) if _NUMBER.fullmatch(compact) else None


def read_phone(text: str, *, region: str = "CN") -> str:
    """In the international form; empty for what cannot be called. Only numbers that somebody may really have: of nine
    digits most are an account's own number.
    """
    try:
        number = phonenumbers.parse(unicodedata.normalize("NFKC", text), region or "CN")
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def masked(value: str, kind: AccountKind) -> str:
    """Enough for its owner and for who compares two, too little for anybody else."""
    if kind == AccountKind.EMAIL:
        name, _at, domain = value.partition("@")
        return f"{name[:1]}•••@{domain}"
    keep = 4 if kind == AccountKind.PHONE else 3
    if len(value) <= keep + 2:
        return "•••" + value[-1:]
    return f"{value[:3] if kind == AccountKind.PHONE else ''}•••{value[-keep:]}"
