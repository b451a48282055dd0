from __future__ import annotations

from typing import Any

import pytest

from accounts.models import Brand, User
from knowledgebase.models import Article, ArticleTranslation, Section
from knowledgebase.queries.search import search
from tests.tickets.admin.test_configuration import row, save
from tests.tickets.admin.test_pages import address, browser


@pytest.fixture
def section(brand: Brand) -> Section:
    return Section.objects.create(brand=brand, slug="money", name_zh="钱", name_en="Money")


def new(section: Section, **changes: Any) -> dict[str, Any]:
    text = row(
        "translations", 0, language="en", title="Late withdrawals", summary="", body="Wait **three** days."
    )
    start = {
        "section": section.pk,
        "slug": "late",
        "topics": "withdrawal, Refund",
        "position": "0",
        "is_published": "on",
    }
    return {**start, "translations-TOTAL_FORMS": "1", **text, **changes}


def found(brand: Brand, words: str) -> list[str]:
    return [entry.title for entry in search(brand, words, "en")]


def test_an_article_is_found_as_soon_as_it_is_saved(lead: User, brand: Brand, section: Section) -> None:
    assert save(lead, "knowledgebase.article", new(section)) == (302, "")
    article = Article.objects.get()
    assert (article.topics, article.is_published) == (["withdrawal", "refund"], True)
    assert found(brand, "withdrawals") == ["Late withdrawals"]


def test_changed_words_are_found_and_old_ones_no_more(lead: User, brand: Brand, section: Section) -> None:
    save(lead, "knowledgebase.article", new(section))
    pk = Article.objects.get().pk
    assert save(
        lead, "knowledgebase.article", {"translations-0-title": "Cards", "translations-0-body": "x"}, pk
    ) == (302, "")
    assert found(brand, "cards") == ["Cards"]
    assert found(brand, "withdrawals") == []


def test_a_text_is_added_and_one_is_taken_away(lead: User, brand: Brand, section: Section) -> None:
    save(lead, "knowledgebase.article", new(section))
    article = Article.objects.get()
    chinese = row(
        "translations",
        1,
        language="zh-hans",
        title="提现",
        summary="",
        body="等三天",
        article=article.pk,
        id="",
    )
    assert save(lead, "knowledgebase.article", {"translations-TOTAL_FORMS": "2", **chinese}, article.pk) == (
        302,
        "",
    )
    assert ArticleTranslation.objects.count() == 2
    assert save(lead, "knowledgebase.article", {"translations-0-DELETE": "on"}, article.pk) == (302, "")
    assert ArticleTranslation.objects.get().language == "zh-hans"
    assert found(brand, "提现") == ["提现"]


def test_taken_away_from_readers(lead: User, brand: Brand, section: Section) -> None:
    save(lead, "knowledgebase.article", new(section))
    assert save(lead, "knowledgebase.article", {"is_published": None}, Article.objects.get().pk) == (302, "")
    assert found(brand, "withdrawals") == []


def test_nonsense_is_told(lead: User, section: Section) -> None:
    empty = {"translations-TOTAL_FORMS": "0"}
    assert "no text in any language" in save(lead, "knowledgebase.article", new(section, **empty))[1]
    for field in ("title", "body", "language"):
        assert save(lead, "knowledgebase.article", new(section, **{f"translations-0-{field}": ""}))[0] == 200
    again = row("translations", 1, language="en", title="x", summary="", body="x")
    told = save(lead, "knowledgebase.article", new(section, **{"translations-TOTAL_FORMS": "2", **again}))[1]
    assert "duplicate" in told
    assert "at most 40" in save(lead, "knowledgebase.article", new(section, topics="x" * 41))[1]
    assert not Article.objects.exists()


def test_the_preview_is_clean(lead: User, agent: User, section: Section) -> None:
    body = "Wait **three** days. <script>alert(1)</script>"
    save(lead, "knowledgebase.article", new(section, **{"translations-0-body": body, "is_published": None}))
    pk = Article.objects.get().pk
    client = browser(lead)
    page = client.get(address("knowledgebase.article", "preview", pk)).content.decode()
    assert "<strong>three</strong>" in page
    assert "<script>alert" not in page
    assert browser(agent).get(address("knowledgebase.article", "preview", pk)).status_code == 403
