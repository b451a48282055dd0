from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.models import Brand
from knowledgebase.actions.articles import publish, save_translation
from knowledgebase.models import Article, ArticleFeedback, Section
from tests.tickets.portal.pages import fields_of, text_of
from tickets.models import Category

pytestmark = pytest.mark.django_db
PATH = "/btp/help/money/withdrawal-pending/"


@pytest.fixture
def section(brand: Brand) -> Section:
    return Section.objects.create(brand=brand, slug="money", name_zh="充值与提现", name_en="Money in and out")


@pytest.fixture
def article(section: Section) -> Article:
    return write(section, "withdrawal-pending", "My withdrawal is still pending", topics=["withdrawal"])


def write(section: Section, slug: str, title: str, **values: Any) -> Article:
    made = Article.objects.create(section=section, slug=slug, **values)
    body = "Two to three **working** days.\n\n<script>alert(1)</script>"
    save_translation(made, language="en", title=title, summary="What to do meanwhile", body=body)
    save_translation(made, language="zh-hans", title="提现还在处理", summary="", body="请先核对提现进度。")
    return publish(made)


def test_shelves_and_article(guest: Client, article: Article) -> None:
    assert "My withdrawal is still pending" in text_of(guest.get("/btp/help/"))
    assert "My withdrawal is still pending" in text_of(guest.get("/btp/help/money/"))
    response = guest.get(PATH)
    assert "<strong>working</strong>" in response.content.decode()
    assert "<script>alert" not in response.content.decode()


def test_the_front_page_names_what_helped(guest: Client, article: Article) -> None:
    assert "My withdrawal is still pending" in text_of(guest.get("/btp/"))


def test_in_chinese(article: Article) -> None:
    assert "提现还在处理" in text_of(Client(headers={"accept-language": "zh-CN"}).get(PATH))


def test_an_article_in_the_other_language_only_says_so(guest: Client, article: Article) -> None:
    article.translations.filter(language="en").delete()
    assert "another language only" in text_of(guest.get(PATH))


def test_what_is_not_published_or_of_another_brand_is_not_there(
    guest: Client, article: Article, other_brand: Brand
) -> None:
    assert guest.get(PATH.replace("/btp/", "/bobao/")).status_code == 404
    Article.objects.update(is_published=False)
    assert guest.get(PATH).status_code == 404
    assert guest.get("/btp/help/money/").status_code == 404
    assert "still pending" not in text_of(guest.get("/btp/help/search/?q=pending"))


def test_did_this_help(guest: Client, article: Article) -> None:
    response = guest.post(PATH + "feedback/", {"helpful": "yes"})
    assert response["Location"] == PATH + "#feedback"
    assert "Thank you" in text_of(guest.get(PATH))
    assert ArticleFeedback.objects.get().helpful


def test_a_no_is_asked_for_a_few_words(guest: Client, article: Article) -> None:
    guest.post(PATH + "feedback/", {"helpful": "no"})
    asked = fields_of(guest.get(PATH), "feedback")
    guest.post(PATH + "feedback/", {**asked, "comment": "No word on weekends\x00"})
    row = ArticleFeedback.objects.get()
    assert (row.helpful, row.comment, row.language) == (False, "No word on weekends", "en")
    assert "Thank you" in text_of(guest.get(PATH))


def test_a_reader_may_change_their_mind_and_counts_once(guest: Client, article: Article) -> None:
    for answer in ("yes", "no", "yes"):
        guest.post(PATH + "feedback/", {"helpful": answer})
    assert ArticleFeedback.objects.get().helpful
    Client().post(PATH + "feedback/", {"helpful": "no"})
    assert ArticleFeedback.objects.count() == 2


def test_nonsense_is_no_answer(guest: Client, article: Article) -> None:
    assert guest.post(PATH + "feedback/", {"helpful": "maybe"}).status_code == 302
    assert guest.get(PATH + "feedback/").status_code == 405
    assert not ArticleFeedback.objects.exists()


def test_search(guest: Client, article: Article) -> None:
    assert "1 article on “withdrawals”" in text_of(guest.get("/btp/help/search/?q=withdrawals"))
    assert "still pending" in text_of(guest.get("/btp/help/search/", {"q": "提现"}))
    assert "Nothing found" in text_of(guest.get("/btp/help/search/?q=xyzzy"))
    assert guest.get("/btp/help/search/?q=%00%27%26").status_code == 200
    assert "<b>x" not in guest.get("/btp/help/search/?q=<b>x").content.decode()


def test_suggestions_while_typing(guest: Client, article: Article, category: Category) -> None:
    response = guest.post(
        "/btp/suggest/", {"subject": "where is my withdrawal?", "body": "", "topic": "login"}
    )
    assert "still pending" in text_of(response)
    assert "<html" not in response.content.decode()


def test_without_a_script_the_topics_articles_stand_by_the_form(
    guest: Client, article: Article, category: Category
) -> None:
    assert "still pending" in text_of(guest.get("/btp/new/withdrawal/"))
    assert "no article on this" in text_of(guest.post("/btp/suggest/", {"subject": "", "topic": "login"}))


@pytest.mark.parametrize("count", [5, 50])
@pytest.mark.parametrize(
    ("path", "queries"),
    [("/btp/", 4), ("/btp/help/", 4), ("/btp/help/money/", 4), ("/btp/help/search/?q=pending", 4), (PATH, 6)],
)
def test_query_counts_do_not_grow(
    guest: Client,
    section: Section,
    article: Article,
    django_assert_num_queries: Any,
    path: str,
    queries: int,
    count: int,
) -> None:
    for n in range(count):
        write(section, f"more-{n}", f"More about pending {n}")
    with django_assert_num_queries(queries):
        guest.get(path)
