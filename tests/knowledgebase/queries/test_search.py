from __future__ import annotations

import pytest

from accounts.models import Brand
from knowledgebase.actions.articles import reindex, save_translation, unpublish
from knowledgebase.models import Article, ArticleTranslation
from knowledgebase.queries import search
from tests.knowledgebase.library import article

pytestmark = pytest.mark.django_db


@pytest.fixture
def pending(brand: Brand) -> Article:
    return article(
        brand,
        "pending",
        zh=("一直显示处理中", "您的提现申请已经收到，请耐心等待银行入账。"),
        en=("Still being processed", "Your withdrawals are safe while the bank works."),
        topics=["withdrawal"],
    )


@pytest.fixture
def frozen(brand: Brand) -> Article:
    return article(
        brand,
        "frozen",
        zh=("账户被冻结怎么办", "风控会在异常登录后冻结账户，也会暂停提现。"),
        en=("My account is frozen", "We froze it to protect you. Withdrawal is paused."),
    )


def slugs(brand: Brand, text: str, language: str = "zh-hans") -> list[str]:
    return [entry.article.slug for entry in search.search(brand, text, language)]


def test_two_characters_are_found_inside_longer_text(brand: Brand, pending: Article, frozen: Article) -> None:
    assert slugs(brand, "冻结") == ["frozen"]
    assert set(slugs(brand, "提现")) == {"pending", "frozen"}
    assert slugs(brand, "入账") == ["pending"]


@pytest.mark.parametrize("typed", ["withdraw", "withdrawal", "Withdrawals", "WITHDRAWING"])
def test_english_by_its_stem(brand: Brand, pending: Article, frozen: Article, typed: str) -> None:
    assert "pending" in slugs(brand, typed, "en")


def test_the_title_weighs_most(brand: Brand, pending: Article) -> None:
    article(brand, "titled", zh=("提现多久到账", "两到三个工作日。"))
    assert slugs(brand, "提现")[0] == "titled"


def test_words_of_the_other_language_find_the_article_in_the_readers(brand: Brand, pending: Article) -> None:
    entry = search.search(brand, "withdrawals", "zh-hans")[0]
    assert entry.title == "一直显示处理中"


def test_an_article_without_the_readers_language_is_shown_in_the_other(brand: Brand) -> None:
    article(brand, "only", en=("Only in English", "About passkeys."))
    assert search.search(brand, "passkey", "zh-hans")[0].title == "Only in English"


def test_where_few_hold_every_word_some_follow(brand: Brand, pending: Article, frozen: Article) -> None:
    assert slugs(brand, "冻结 入账") == [] or set(slugs(brand, "冻结 入账")) == {"frozen", "pending"}


def test_other_brands_and_drafts_are_not_found(
    brand: Brand, other_brand: Brand, pending: Article, frozen: Article
) -> None:
    assert slugs(other_brand, "提现") == []
    unpublish(frozen)
    assert slugs(brand, "冻结") == []


@pytest.mark.parametrize("text", ["", "   ", "'", "&|!", "\x00", "(((", "提", ":*", "a" * 5000, "的"])
def test_nothing_typed_breaks_it(brand: Brand, pending: Article, text: str) -> None:
    search.search(brand, text, "zh-hans")
    search.suggest(brand, text, "zh-hans")


def test_suggestions_need_one_word_only(brand: Brand, pending: Article, frozen: Article) -> None:
    typed = "你好，我昨天做的一笔提现到现在银行都没有入账，请帮我看看"
    assert search.suggest(brand, typed, "zh-hans")[0].article.slug == "pending"


def test_new_words_are_found_and_old_ones_forgotten(brand: Brand, pending: Article) -> None:
    save_translation(pending, language="zh-hans", title="换绑手机", summary="", body="原手机号不用了。")
    assert slugs(brand, "换绑") == ["pending"]
    assert slugs(brand, "耐心") == []


def test_everything_can_be_indexed_anew(brand: Brand, pending: Article) -> None:
    ArticleTranslation.objects.update(document=None)
    assert slugs(brand, "提现") == []
    assert reindex() == 2
    assert slugs(brand, "提现") == ["pending"]
