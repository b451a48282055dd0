"""Passwords that are hardly more than our own name are the first that somebody tries here."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import Brand

#: Of the trade, in both languages; docs/security.md says so. To them come the names of brands and of the site.
WORDS = (
    *(
        "helpdesk",
        "support",
        "service",
        "customer",
        "wallet",
        "account",
        "ticket",
        "agent",
        "admin",
        "security",
    ),
    *("password", "passwort", "welcome", "letmein", "qwerty", "login", "crypto", "bitcoin", "coin", "token"),
    *("mima", "kefu", "qianbao", "woaini", "密码", "客服", "钱包", "工单", "管理员", "比特币"),
)
#: So much must be left of letters without these words; digits and signs do not count.
LEAST_LETTERS = 6
_SHORTEST = 3


class OurWordsValidator:
    """Refuses what is made of these words, digits and signs: ``Wallet-2026!``."""

    def validate(self, password: str, user: object = None) -> None:
        left = password.casefold()
        found = [word for word in sorted(self._words(), key=len, reverse=True) if word in left]
        for word in found:
            left = left.replace(word, " ")
        if found and sum(letter.isalpha() for letter in left) < LEAST_LETTERS:
            raise ValidationError(
                _(
                    "Besides “%(word)s” there is too little in this password: take words that nobody links with us."
                ),
                code="password_our_words",
                params={"word": found[0]},
            )

    def get_help_text(self) -> str:
        return _("Your password can’t be made of our name and words of our trade.")

    def _words(self) -> set[str]:
        names = [
            *_hosts(),
            *(name for row in Brand.objects.all() for name in (row.slug, row.name_zh, row.name_en)),
        ]
        return {*WORDS, *_parts(names)}


def _hosts() -> list[str]:
    return [str(urlsplit(settings.PUBLIC_URL).hostname or "")]


def _parts(names: Iterable[str]) -> set[str]:
    """Each name as a whole and by its words; in Chinese two characters are a name already."""
    found = set()
    for name in names:
        whole = name.casefold().strip()
        for part in (whole, *re.split(r"[\W_]+", whole)):
            if len(part) >= _SHORTEST or (len(part) == 2 and not part.isascii()):
                found.add(part)
    return found
