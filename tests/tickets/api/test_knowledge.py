from __future__ import annotations

from typing import Any

import pytest

from accounts.models import Brand, Customer, User
from knowledgebase.actions.articles import publish, save_translation
from knowledgebase.models import Article, Section
from tests.api_client import Api, problem
from tickets.choices import FieldKind
from tickets.models import Category, CategoryField


@pytest.fixture
def article(brand: Brand) -> Article:
    section = Section.objects.create(brand=brand, slug="money", name_zh="钱", name_en="Money")
    made = Article.objects.create(section=section, slug="late", topics=["withdrawal"])
    save_translation(
        made, language="en", title="Late withdrawals", summary="Wait three days.", body="**Wait.**"
    )
    save_translation(made, language="zh-hans", title="提现没有到账", summary="请等三天。", body="**请等。**")
    return publish(made)


class TestCategories:
    def test_it_works(self, brand: Brand, category: Category, member: Customer, other_brand: Brand) -> None:
        child = Category.objects.create(slug="late", parent=category, name_zh="慢", name_en="Late")
        CategoryField.objects.create(
            category=child, key="amount", kind=FieldKind.TEXT, label_zh="数", label_en="Sum"
        )
        other = Category.objects.create(slug="other", name_zh="其他", name_en="Other")
        other.brands.set([other_brand])
        rows = Api(member.user).get("/categories/?brand=btp").json()["results"]
        assert {row["slug"]: row["parent"] for row in rows} == {"withdrawal": None, "late": "withdrawal"}
        questions = {row["slug"]: {q["key"]: q["kind"] for q in row["questions"]} for row in rows}
        assert questions == {
            "withdrawal": {"amount": "amount", "card_last4": "last4"},
            "late": {"amount": "text", "card_last4": "last4"},
        }
        assert rows[0]["name"]["zh-hans"]
        assert rows[0]["questions"][0]["label"]["en"]

    def test_no_such_brand(self, member: Customer) -> None:
        for query in ("", "?brand=nowhere"):
            assert "brand" in problem(Api(member.user).get(f"/categories/{query}"), 422, "invalid")["errors"]

    def test_queries_do_not_grow(
        self, brand: Brand, category: Category, agent: User, django_assert_num_queries: Any
    ) -> None:
        api = Api(agent)
        api.get("/categories/?brand=btp")
        with django_assert_num_queries(4):
            api.get("/categories/?brand=btp")
        for number in range(20):
            Category.objects.create(slug=f"c{number}", parent=category, name_zh="x", name_en="x")
        with django_assert_num_queries(4):
            api.get("/categories/?brand=btp")


class TestArticles:
    def test_search_in_both_languages(self, article: Article, member: Customer) -> None:
        api = Api(member.user)
        for query, language, title in [
            ("提现", "zh-hans", "提现没有到账"),
            ("withdrawing", "en", "Late withdrawals"),
        ]:
            [row] = api.get("/articles/", {"brand": "btp", "q": query, "language": language}).json()[
                "results"
            ]
            assert (row["title"], row["language"], row["topics"]) == (title, language, ["withdrawal"])
            assert api.get(row["url"], {"language": language}).json()["title"] == title

    def test_by_category_and_all(self, article: Article, member: Customer) -> None:
        api = Api(member.user)
        for query, count in [
            ("category=withdrawal", 1),
            ("category=login", 0),
            ("", 1),
            ("q=late&category=login", 0),
        ]:
            assert len(api.get(f"/articles/?brand=btp&{query}").json()["results"]) == count

    def test_one_article(self, article: Article, member: Customer) -> None:
        told = Api(member.user).get("/articles/btp/money/late/?language=en").json()
        assert (told["body"], told["html"].strip()) == ("**Wait.**", "<p><strong>Wait.</strong></p>")
        problem(Api(member.user).get("/articles/btp/money/gone/"), 404, "not_found")
        problem(Api(member.user).get("/articles/gone/money/late/"), 404, "not_found")

    def test_drafts_are_not_there(self, article: Article, administrator: User) -> None:
        Article.objects.update(is_published=False)
        assert Api(administrator).get("/articles/?brand=btp&q=late").json()["results"] == []
        problem(Api(administrator).get("/articles/btp/money/late/"), 404, "not_found")
