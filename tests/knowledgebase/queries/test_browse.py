from __future__ import annotations

import pytest

from accounts.models import Brand
from knowledgebase.actions.feedback import give_feedback
from knowledgebase.models import Article
from knowledgebase.queries import browse
from tests.knowledgebase.library import article

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(brand: Brand) -> list[Article]:
    return [
        article(brand, "first", zh=("第一", "一"), en=("First", "1"), topics=["login"], position=1),
        article(brand, "second", zh=("第二", "二"), topics=["freeze", "login"], position=2),
    ]


def titles(entries: list[browse.Entry]) -> list[str]:
    return [entry.title for entry in entries]


def test_shelves(brand: Brand, other_brand: Brand, two: list[Article]) -> None:
    assert [titles(shelf.entries) for shelf in browse.shelves(brand, "en")] == [["First", "第二"]]
    assert browse.shelves(other_brand, "en") == []


def test_article(brand: Brand, two: list[Article]) -> None:
    found = browse.article(brand, "all", "first", "zh-hans")
    assert found is not None
    assert (found.title, found.translation.body) == ("第一", "一")
    assert browse.article(brand, "all", "nothing", "en") is None


def test_the_nearest_topic_comes_first(brand: Brand, two: list[Article]) -> None:
    assert titles(browse.for_topics(brand, ["freeze", "login"], "zh-hans")) == ["第二", "第一"]
    assert browse.for_topics(brand, [], "en") == []


def test_neighbours(two: list[Article]) -> None:
    assert titles(browse.neighbours(two[0], "zh-hans")) == ["第二"]


def test_popular_is_what_helped(brand: Brand, two: list[Article]) -> None:
    assert titles(browse.popular(brand, "zh-hans")) == ["第一", "第二"]
    give_feedback(two[0], reader="a", helpful=False, language="en")
    give_feedback(two[1], reader="a", helpful=True, language="en")
    assert titles(browse.popular(brand, "zh-hans")) == ["第二", "第一"]
