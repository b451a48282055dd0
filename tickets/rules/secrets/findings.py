"""What a detector says it found: where, what, how sure. Never the secret itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from django.utils.translation import gettext_lazy as _

from helpdesk.lib.errors import Text


class Kind(StrEnum):
    MNEMONIC = "recovery_phrase"
    PRIVATE_KEY = "private_key"
    KEYSTORE = "keystore"
    CARD = "card"
    CARD_CODE = "card_code"
    ONE_TIME_CODE = "one_time_code"
    PASSWORD = "password"  # noqa: S105
    IDENTITY = "identity"

    @property
    def label(self) -> Text:
        return _LABELS[self]


_LABELS: dict[Kind, Text] = {
    Kind.MNEMONIC: _("recovery phrase"),
    Kind.PRIVATE_KEY: _("private key"),
    Kind.KEYSTORE: _("key file of a wallet"),
    Kind.CARD: _("card number"),
    Kind.CARD_CODE: _("security code of a card"),
    Kind.ONE_TIME_CODE: _("one-time code"),
    Kind.PASSWORD: _("password"),
    Kind.IDENTITY: _("identity number"),
}


class Certainty(IntEnum):
    """LIKELY: it looks like one, and nothing proves it. CERTAIN: a checksum, a fixed form or plain
    words prove it."""

    LIKELY = 1
    CERTAIN = 2


@dataclass(frozen=True)
class Finding:
    """``start`` and ``end`` count characters of the text that was given, as Python slices it.

    ``masked`` is what may be shown of it: the first six and the last four digits of a card, else nothing.
    """

    kind: Kind
    start: int
    end: int
    certainty: Certainty
    masked: str = ""
