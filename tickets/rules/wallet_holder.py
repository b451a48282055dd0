"""Whose account is it? When two names are one account, and what ties an account to a customer."""

from __future__ import annotations

import re
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


#: A number as people write it, and nothing else: one in the middle of a name is no phone.
_PHONE = re.compile(r"\+?[0-9][0-9 ()./\-]{4,30}")


def account_key(account: str, *, region: str) -> str:
    """Names the account however it is written: two with the same key are one. A phone number as E.164 (one without a
    country code is of the brand's ``region``), anything else as ``folded``.
    """
    name = folded(account)
    phone = read_phone(name, region=region or "CN") if _PHONE.fullmatch(name) else ""
    return phone or name


def folded(account: str) -> str:
    """As the wallet compares: trimmed, and without regard to capital letters."""
    return unicodedata.normalize("NFKC", account).strip().casefold()


def is_same(one: str, other: str, *, region: str = "CN") -> bool:
    return account_key(one, region=region) == account_key(other, region=region)
