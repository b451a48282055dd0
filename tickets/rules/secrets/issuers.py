"""Whose card a number may be of: issuer ranges and lengths.

Source: ISO/IEC 7812 as the networks publish it, gathered at https://en.wikipedia.org/wiki/Payment_card_number
"""

from __future__ import annotations

from collections.abc import Container

#: (first, last) of a prefix and the lengths that go with it. The first that fits decides.
RANGES: tuple[tuple[str, str, Container[int]], ...] = (
    ("34", "34", (15,)),  # American Express
    ("37", "37", (15,)),
    ("300", "305", range(14, 20)),  # Diners Club
    ("3095", "3095", range(14, 20)),
    ("36", "36", range(14, 20)),
    ("38", "39", range(14, 20)),
    ("3528", "3589", range(16, 20)),  # JCB
    ("1220", "1229", (15,)),  # AirPlus (UATP)
    ("2200", "2204", range(16, 20)),  # Mir
    ("2221", "2720", (16,)),  # Mastercard
    ("51", "55", (16,)),
    ("5019", "5019", (16,)),  # Dankort
    ("4", "4", (13, 16, 18, 19)),  # Visa
    ("6011", "6011", range(16, 20)),  # Discover
    ("644", "649", range(16, 20)),
    ("62", "62", range(16, 20)),  # UnionPay
    ("81", "81", range(16, 20)),  # UnionPay, RuPay
    ("60", "60", range(12, 20)),  # RuPay, Hipercard, banks' own
    ("65", "65", range(16, 20)),
    ("508", "508", range(12, 20)),  # RuPay, Maestro
    ("50", "50", range(12, 20)),  # Maestro, Verve
    ("56", "59", range(12, 20)),
    ("63", "63", range(12, 20)),
    ("66", "69", range(12, 20)),
    ("82", "82", (16,)),  # RuPay
    ("9558", "9558", range(16, 20)),  # banks in China from before UnionPay
    ("9792", "9792", (16,)),  # Troy
)
SHORTEST, LONGEST = 12, 19
_DOUBLED = {str(digit): sum(divmod(2 * digit, 10)) for digit in range(10)}


def is_card(digits: str) -> bool:
    """Whether an issuer gives out numbers that begin so and are so long, and the check digit is right."""
    return len(digits) in lengths_of(digits) and luhn_holds(digits)


def lengths_of(digits: str) -> Container[int]:
    """How long a card number may be that begins so; digits that are all the same begin none."""
    if len(set(digits)) > 1:
        for first, last, lengths in RANGES:
            if first <= digits[: len(first)] <= last:
                return lengths
    return ()


def luhn_holds(digits: str) -> bool:
    return (sum(map(int, digits[-1::-2])) + sum(map(_DOUBLED.__getitem__, digits[-2::-2]))) % 10 == 0
