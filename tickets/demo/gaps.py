"""What fills the gaps of the conversations: one case's amount, date, bank; the same in the letters and on the form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from tickets.choices import FieldKind
from tickets.demo.material import Scenario, phrases
from tickets.rules.forms import FieldSpec

ZONE = ZoneInfo("Asia/Shanghai")
AMOUNTS = (
    30,
    50,
    88,
    100,
    120,
    200,
    299,
    300,
    500,
    650,
    800,
    1000,
    1200,
    1500,
    2000,
    3000,
    5000,
    8000,
    12000,
)
CURRENCIES = {"zh-hans": ("CNY", "CNY", "CNY", "CNY", "USDT"), "en": ("USD", "USD", "EUR", "HKD", "USDT")}
IN_WORDS = {"CNY": "元"}


@dataclass(frozen=True)
class Gaps:
    language: str
    customer: str
    email: str
    agent: str
    brand: str
    amount: Decimal
    currency: str
    happened_at: datetime
    transaction: str
    bank: str
    last4: str
    counterparty: str

    def fill(self, text: str, *, by_customer: bool) -> str:
        """The text with its gaps filled. We write to an English customer by first name."""
        english = self.language == "en"
        first_name = english and not by_customer
        return text.format(
            amount=f"{self.amount:,}" if english else f"{self.amount}",
            currency=self.currency if english else IN_WORDS.get(self.currency, f" {self.currency}").strip(),
            txn=self.transaction,
            date=self._date(),
            bank=self.bank,
            last4=self.last4,
            name=self.customer.split()[0] if first_name else self.customer,
            agent=self.agent,
            brand=self.brand,
        )

    @property
    def names(self) -> tuple[str, ...]:
        """Whom a thank-you may address."""
        return (self.brand, self.customer, self.agent)

    def _date(self) -> str:
        day = self.happened_at.astimezone(ZONE)
        return f"{day:%-d %B}" if self.language == "en" else f"{day.month}月{day.day}日"


def invent(
    rng: Random, *, language: str, customer: str, email: str, agent: str, brand: str, opened_at: datetime
) -> Gaps:
    happened = opened_at - timedelta(minutes=rng.randint(20, 60 * 24 * 4))
    return Gaps(
        language=language,
        customer=customer,
        email=email,
        agent=agent,
        brand=brand,
        amount=Decimal(rng.choice(AMOUNTS)),
        currency=rng.choice(CURRENCIES[language]),
        happened_at=happened.astimezone(UTC).replace(second=0, microsecond=0),
        transaction=f"TX{happened.astimezone(ZONE):%Y%m%d}{rng.randint(0, 999999):06}",
        bank=rng.choice(phrases("banks", language)),
        last4=f"{rng.randint(0, 9999):04}",
        counterparty=rng.choice(phrases("counterparties", language)),
    )


def answers(
    specs: list[FieldSpec], gaps: Gaps, scenario: Scenario, subject: str, rng: Random
) -> dict[str, Any]:
    """The form as this customer filled it in; what is optional, not always."""
    filled = {spec.key: _answer(spec, gaps, scenario, subject) for spec in specs}
    return {
        spec.key: filled[spec.key]
        for spec in specs
        if filled[spec.key] is not None and (spec.required or rng.random() < 0.75)
    }


def _answer(spec: FieldSpec, gaps: Gaps, scenario: Scenario, subject: str) -> Any:
    if spec.key in scenario.answers:
        return scenario.answers[spec.key]
    by_key = {
        "bank": gaps.bank,
        "counterparty": gaps.counterparty,
        "registered_name": gaps.customer,
        "app_version": "5.8.2",
        "tried": subject,
        "what_happened": subject,
    }
    by_kind = {
        FieldKind.AMOUNT: {"amount": f"{gaps.amount:.2f}", "currency": gaps.currency},
        FieldKind.DATETIME: gaps.happened_at.isoformat(timespec="seconds"),
        FieldKind.LAST4: gaps.last4,
        FieldKind.TRANSACTION: gaps.transaction,
        FieldKind.PHONE_OR_EMAIL: gaps.email,
    }
    return by_key.get(spec.key) or by_kind.get(FieldKind(spec.kind))
