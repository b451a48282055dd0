"""What somebody may write on the emergency page: which account, in one spelling."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import phonenumbers

from tickets.choices import AccountKind
from tickets.rules.secrets import Kind
from tickets.rules.secrets.guard import guard

#: As long as the wallet takes it.
MAX_ACCOUNT = 64
_EMAIL = re.compile(r"[^\s@<>()\[\],;:\\\"]{1,64}@[^\s@<>()\[\],;:\\\"]+\.[^\s@<>()\[\],;:\\\"]{2,}")
_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{2,63}")
_PHONE = re.compile(r"\+?[0-9][0-9 ()./\-]{4,30}")
#: More words, or Chinese characters, than any account has: a recovery phrase that somebody was told to type here.
MANY_WORDS = 5
MANY_CHARACTERS = 12
_CHINESE = re.compile(r"[\u3400-\u9fff]")
#: A longer one is a private key, unless it is an address on a chain, which anybody may know.
LONGEST_NAME = 45
_CHAIN_ADDRESS = re.compile(r"(?:bc|tb|ltc)1[02-9ac-hj-np-z]{11,71}")


@dataclass(frozen=True)
class Account:
    kind: AccountKind
    value: str


def secrets_in(text: str) -> tuple[Kind, ...]:
    """Of which kinds secrets are in what was typed where an account is asked for; such a text is neither kept nor shown
    again. It is read as typed, without its blanks, and Chinese character by character: a number or phrase is the same
    either way. What is too long for a name counts too: in a panic people take a key for one.
    """
    text = unicodedata.normalize("NFKC", text).strip()
    compact = "".join(text.split())
    readings = dict.fromkeys((text, compact, _CHINESE.sub(r" \g<0> ", compact)))
    kinds = tuple(dict.fromkeys(kind for reading in readings for kind in guard(reading).kinds))
    if kinds:
        return kinds
    if len(text.split()) >= MANY_WORDS or len(_CHINESE.findall(text)) >= MANY_CHARACTERS:
        return (Kind.MNEMONIC,)
    is_name = len(compact) <= LONGEST_NAME or "@" in compact or _CHAIN_ADDRESS.fullmatch(compact)
    return () if is_name else (Kind.PRIVATE_KEY,)


def is_likely_secret(text: str) -> bool:
    """Whether it may be what nobody should ever type."""
    return bool(secrets_in(text))


def read_account(text: str, *, region: str = "CN") -> Account | None:
    """``"138 0013 8000"`` to +8613800138000; an e-mail address in small letters; else the account's own number.

    Whether there is such an account nobody asks here. None for what names none, and for what may be a secret.
    """
    if is_likely_secret(text):
        return None
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
