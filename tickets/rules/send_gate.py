"""Why a text is held back before it goes to a customer, what of it may be confirmed, and how that is bound to it.

Nothing here carries a secret on: excerpts show dots where one stands.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from accounts.rules.contact import normal_email, normal_phone
from helpdesk.lib.errors import Text
from tickets.rules import numbers
from tickets.rules.forbidden_phrases import find_phrase, lines_of
from tickets.rules.secret_requests import secret_requests
from tickets.rules.secrets import Certainty, Finding, find
from tickets.rules.secrets.folding import Folded, fold


class ReasonKind(StrEnum):
    CUSTOMER_WROTE = "customer_wrote"
    COLLEAGUE_ANSWERED = "colleague_answered"
    TAKEN = "taken"
    OTHERS_DATA = "others_data"
    SECRET = "secret"  # noqa: S105
    ASKS_FOR_SECRET = "asks_for_secret"  # noqa: S105
    PHRASE = "phrase"


@dataclass(frozen=True)
class Excerpt:
    """A piece of the text with what is meant in the middle."""

    before: str
    hit: str
    after: str

    def __str__(self) -> str:
        return f"{self.before}{self.hit}{self.after}"


@dataclass(frozen=True)
class Reason:
    """``words`` say what is wrong and what to do. ``confirmation`` is what confirms it for this very text; empty where
    it cannot be confirmed.
    """

    kind: ReasonKind
    words: Text
    excerpt: Excerpt | None = None
    confirmation: str = ""
    #: Only what is new must be read first; then the same text may go out.
    is_news: bool = False

    @property
    def may_send_anyway(self) -> bool:
        return self.is_news or bool(self.confirmation)


@dataclass(frozen=True)
class Phrase:
    """A row of forbidden phrases, for one language of the reader."""

    pk: int
    words: str
    reason: str
    may_send_anyway: bool


@dataclass(frozen=True)
class Identifiers:
    """What in a text may name somebody: each spelling normal, with where it stands in the original."""

    emails: dict[str, tuple[int, int]]
    phones: dict[str, tuple[int, int]]
    numbers: dict[str, tuple[int, int]]
    transactions: dict[str, tuple[int, int]]

    def __bool__(self) -> bool:
        return bool(self.emails or self.phones or self.numbers or self.transactions)

    def everything(self) -> dict[str, tuple[int, int]]:
        return self.emails | self.phones | self.numbers | self.transactions


#: Characters around a hit that are shown.
AROUND = 30
#: So many of each are looked up; a text with more names is no reply.
MOST = 50
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[A-Za-z]{2,24}", re.ASCII)
_PHONE = re.compile(r"(?<![\w.+/:=-])\+?\(?\d(?:[ \-().]{0,2}\d){6,16}(?![\w])", re.ASCII)
_TRANSACTION = re.compile(
    r"(?<![\w.-])(?=[\w.:/-]{0,99}\d)[A-Za-z0-9][\w.:/-]{6,98}[A-Za-z0-9](?![\w-])", re.ASCII
)
_DATE = re.compile(
    r"(?:19|20)\d\d[-/.]\d\d?[-/.]\d\d?.*|\d\d?[-/.]\d\d?[-/.](?:19|20)\d\d|\d\d?:\d\d(?::\d\d)?|https?:.*"
)
_HIDDEN = "•"


def confirmation(kind: ReasonKind, what: str, text: str) -> str:
    """Says yes to one reason for one text: another text needs another."""
    return hashlib.sha256(f"{kind}\0{what}\0{text}".encode()).hexdigest()[:32]


class Judged:
    """A text and what was found in it. ``phrases`` are those that hold for the case."""

    def __init__(self, text: str, phrases: Sequence[Phrase] = ()) -> None:
        self.text = text
        self.folded: Folded = fold(text)
        self.secrets: list[Finding] = find(text)
        self.phrases = phrases
        self.shown = _hidden(text, self.secrets)

    def reasons(self) -> Iterator[Reason]:
        """All that the text alone says."""
        for found in self.secrets:
            yield self._secret(found)
        for start, end in secret_requests(self.folded.text):
            words = _(
                "This asks the customer for a secret. We never do: whoever has it has the money. Take it out."
            )
            yield Reason(ReasonKind.ASKS_FOR_SECRET, words, self.excerpt(*self.folded.origin(start, end)))
        for phrase in self.phrases:
            yield from self._phrase(phrase)

    def excerpt(self, start: int, end: int, *, hit: str = "") -> Excerpt:
        """With the secrets of the text hidden."""
        before, after = self.shown[max(0, start - AROUND) : start], self.shown[end : end + AROUND]
        return Excerpt(
            ("…" if start > AROUND else "") + " ".join(before.split("\n")),
            hit or self.shown[start:end],
            " ".join(after.split("\n")) + ("…" if end + AROUND < len(self.text) else ""),
        )

    def _secret(self, found: Finding) -> Reason:
        words = _("This looks like a secret (%(what)s). It must not go out: take it out.")
        words = words % {"what": found.kind.label}
        excerpt = self.excerpt(found.start, found.end, hit=found.masked or _HIDDEN * 6)
        sure = found.certainty == Certainty.CERTAIN
        place = f"{found.kind}:{found.start}:{found.end}"
        said = "" if sure else confirmation(ReasonKind.SECRET, place, self.text)
        return Reason(ReasonKind.SECRET, words, excerpt, said)

    def _phrase(self, phrase: Phrase) -> Iterator[Reason]:
        for line in lines_of(phrase.words):
            for start, end in find_phrase(line, self.folded.text):
                said = (
                    confirmation(ReasonKind.PHRASE, str(phrase.pk), self.text)
                    if phrase.may_send_anyway
                    else ""
                )
                place = self.folded.origin(start, end)
                yield Reason(ReasonKind.PHRASE, phrase.reason, self.excerpt(*place), said)
                return  # Once a row: the author reads all of it again anyhow.


def _hidden(text: str, secrets: Sequence[Finding]) -> str:
    """As long as the text, dots where a secret stands."""
    for found in secrets:
        text = text[: found.start] + _HIDDEN * (found.end - found.start) + text[found.end :]
    return text


def identifiers(text: str) -> Identifiers:
    """Addresses, numbers and references in a text; what is within a longer one counts once."""
    folded = fold(text)
    plain = folded.text
    emails = {normal_email(m[0]): folded.origin(*m.span()) for m in _EMAIL.finditer(plain)}
    phones: dict[str, tuple[int, int]] = {}
    for match in _PHONE.finditer(plain):
        if _DATE.fullmatch(match[0]) is not None:
            continue
        try:
            phones.setdefault(normal_phone(match[0]), folded.origin(*match.span()))
        except ValueError:
            continue
    transactions = {
        match[0]: folded.origin(*match.span())
        for match in _TRANSACTION.finditer(plain)
        if sum(map(str.isdigit, match[0])) >= 5 and _DATE.fullmatch(match[0]) is None
    }
    found: dict[str, tuple[int, int]] = {}
    for number, place in numbers.possible_numbers(plain):
        found.setdefault(number, folded.origin(*place))
    return Identifiers(*(dict(list(each.items())[:MOST]) for each in (emails, phones, found, transactions)))
