from __future__ import annotations

import pytest

from accounts.models import Brand
from helpdesk.lib.errors import Invalid
from knowledgebase.actions.articles import NothingToPublish, publish, save_translation, unpublish
from knowledgebase.actions.feedback import give_feedback
from knowledgebase.models import Article, ArticleFeedback, Section
from tests.knowledgebase.library import article

pytestmark = pytest.mark.django_db


@pytest.fixture
def empty(brand: Brand) -> Article:
    section = Section.objects.create(brand=brand, slug="s", name_zh="节", name_en="S")
    return Article.objects.create(section=section, slug="a")


def test_it_works(empty: Article) -> None:
    saved = save_translation(empty, language="en", title=" Title ", summary="Why", body="**Text**\n")
    saved.refresh_from_db()
    assert (saved.title, saved.body) == ("Title", "**Text**")
    assert "'titl':1A" in str(saved.document)
    assert publish(empty).is_published
    assert not unpublish(empty).is_published


def test_saving_again_changes_the_same_row(empty: Article) -> None:
    first = save_translation(empty, language="en", title="One", summary="", body="1")
    assert save_translation(empty, language="en", title="Two", summary="", body="2").pk == first.pk


@pytest.mark.parametrize(
    ("field", "wrong"),
    [("language", "fr"), ("title", " "), ("body", ""), ("title", "x" * 121), ("summary", "x" * 301)],
)
def test_what_is_wrong_is_named(empty: Article, field: str, wrong: str) -> None:
    good = {"language": "en", "title": "T", "summary": "", "body": "B"}
    with pytest.raises(Invalid) as refused:
        save_translation(empty, **{**good, field: wrong})
    assert set(refused.value.fields) == {field}


def test_nothing_to_publish(empty: Article) -> None:
    with pytest.raises(NothingToPublish):
        publish(empty)


def test_feedback_changes_its_mind(brand: Brand) -> None:
    made = article(brand, "a", en=("A", "a"))
    give_feedback(made, reader="r", helpful=True, language="en")
    give_feedback(made, reader="r", helpful=False, language="en", comment="x" * 2000)
    row = ArticleFeedback.objects.get()
    assert (row.helpful, len(row.comment)) == (False, 1000)
