"""The demo's people: those who may log in, their colleagues, and customers by the hundred."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import count as counting
from itertools import islice
from random import Random
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from accounts.actions import customers
from accounts.choices import Tier
from accounts.models import Brand, Customer, Team, User
from accounts.rules.capabilities import Role
from helpdesk import demo_logins
from tickets.demo.material import table

#: Three of five customers write Chinese.
SHARE = {"zh-hans": 0.6, "en": 0.4}
#: Of a hundred customers.
TIERS = {Tier.STANDARD: 84, Tier.PREMIUM: 11, Tier.VIP: 5}
DOMAINS = ("mail.example", "post.example", "inbox.example")


def email_of(row: dict[str, Any]) -> str:
    return demo_logins.EMAILS[row["login"]] if "login" in row else str(row["email"])


def name_of(row: dict[str, Any]) -> str:
    """Both languages read it: customers of either see who answers them."""
    return row["name_en"] if row["language"] == "en" else f"{row['name_zh']} {row['name_en']}"


def create_staff() -> None:
    password = make_password(demo_logins.PASSWORD)
    for row in table("staff")["staff"]:
        user = _user(
            email_of(row),
            name_of(row),
            row["role"],
            row["language"],
            password if "login" in row else make_password(None),
        )
        user.brands.set(Brand.objects.filter(slug__in=row["brands"]))
        user.teams.set(Team.objects.filter(slug__in=row["teams"]))
    login = _user(demo_logins.EMAILS["customer"], "李悦", Role.CUSTOMER, "zh-hans", password)
    customers.of_user(login)


def _user(email: str, name: str, role: str, language: str, password: str) -> User:
    user = User.objects.create(email=email, name=name, role=role, language=language, password=password)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def create_customers(count: int, *, seed: int, known_since: datetime) -> None:
    """So many guests. A name that comes again belongs to another person, as it does in life."""
    rows: list[Customer] = []
    for language, share in SHARE.items():
        rng = Random(f"{seed} {language}")  # noqa: S311 - it has to repeat
        rows += islice(_guests(language, rng), round(count * share))
    Customer.objects.bulk_create(rows, 2000)
    Customer.objects.update(created_at=known_since)


def _guests(language: str, rng: Random) -> Iterator[Customer]:
    names = table("people")[language]
    for number in counting():
        person, again = names[number % len(names)], number // len(names)
        address = f"{person['mail']}{again or ''}@{rng.choice(DOMAINS)}"
        phone = _phone(language, number) if rng.random() < 0.5 else ""
        tier = rng.choices(list(TIERS), list(TIERS.values()))[0]
        yield Customer(name=person["name"], email=address, phone=phone, language=language, tier=tier)


def _phone(language: str, number: int) -> str:
    """Numbers that reach nobody: no Chinese mobile begins with 100, and 07700 900 is kept for drama."""
    if language == "zh-hans":
        return f"+86100{number:08}"
    return f"+447700900{number:03}" if number < 1000 else ""
