"""No password that is hardly more than our name."""

from __future__ import annotations

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts.models import Brand
from accounts.web.passwords import WORDS
from helpdesk.env import BASE_DIR

pytestmark = pytest.mark.django_db


def codes(password: str) -> list[str | None]:
    try:
        validate_password(password)
    except ValidationError as problem:
        return [error.code for error in problem.error_list]
    return []


@pytest.mark.parametrize(
    "password", ["Wallet-2026-!!", "helpdeskSUPPORT1", "我的钱包密码20261234", "admin-of-localhost"]
)
def test_what_is_made_of_our_words(password: str) -> None:
    assert "password_our_words" in codes(password)


def test_names_of_brands_are_such_words(brand: Brand) -> None:
    for name in (brand.slug, brand.name_en, brand.name_zh):
        assert "password_our_words" in codes(f"{name}-20261-!!!!!"), name


@pytest.mark.parametrize(
    "password", ["my wallet is on the kitchen table", "correct-horse-7-battery", "9f!K2#pQ7z&Lm4"]
)
def test_a_word_among_others_is_none_of_our_business(password: str) -> None:
    assert codes(password) == []


def test_the_words_are_written_down() -> None:
    text = (BASE_DIR / "docs" / "security.md").read_text(encoding="utf-8")
    assert [word for word in WORDS if word not in text] == []
