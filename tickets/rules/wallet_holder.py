"""Whose account is it? When two names are one account, and what ties an account to a customer."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from helpdesk.lib.errors import Text
from tickets.rules.emergencies import read_phone


class Tie(StrEnum):
    """How an account hangs together with the customer on whose case something is asked for."""

    #: Their e-mail address or phone on record.
    OWN = "own"
    #: The wallet did something on it for them that takes proof.
    KNOWN = "known"
    NONE = "none"
    #: Another customer's e-mail address or phone.
    OTHER_PERSON = "other_person"
    #: An open emergency, or an act that is not over, of another customer's case.
    OTHER_CASE = "other_case"


#: Verified is the ticket's customer, so nobody else's account is touched on that; but for a freeze.
REFUSED: Mapping[Tie, Text] = {
    Tie.OTHER_PERSON: _(
        "This account is another customer’s. Only a freeze may be asked for here; anything else on a case of theirs."
    ),
    Tie.OTHER_CASE: _(
        "On another customer’s case there is an open emergency for this account, or something asked for and not "
        "finished. Until that is over, only a freeze may be asked for here."
    ),
}


def folded(account: str) -> str:
    """As the wallet compares: trimmed, and without regard to capital letters."""
    return unicodedata.normalize("NFKC", account).strip().casefold()


def is_same(one: str, other: str) -> bool:
    return folded(one) == folded(other)


def phone_of(account: str, *, region: str) -> str:
    """The number in the international form where the account is named by one; else empty."""
    return read_phone(account, region=region or "CN") if "@" not in account else ""


def spellings(account: str, *, region: str) -> frozenset[str]:
    """How it may stand in the tables, for looking it up by an index. Names in mixed letters are addresses on a chain,
    whose letters are never changed."""
    account = account.strip()
    phone = phone_of(account, region=region)
    return frozenset({account, account.upper(), folded(account), *((phone,) if phone else ())})
