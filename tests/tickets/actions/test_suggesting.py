from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Brand, User
from helpdesk.lib import clock
from tests.tickets.lessons import category_of
from tickets import actors
from tickets.actions import suggesting, training
from tickets.actions.categories import set_where_none
from tickets.actions.suggesting import suggest
from tickets.actions.tickets import set_category
from tickets.choices import ActorKind, Channel, EventKind
from tickets.models import Category, CategorySuggestion, Classifier, Event, Ticket
from tickets.queries import suggestions

Make = Callable[..., Ticket]
LOST_PASSWORD = "I forgot my password and cannot log in"


@pytest.fixture
def categories(db: None) -> dict[str, Category]:
    return {slug: category_of(slug) for slug in ("login", "kyc", "refund")}


@pytest.fixture(scope="session")
def starting_weights() -> dict[frozenset[str], dict[str, object]]:
    return {}


@pytest.fixture
def classifier(
    categories: dict[str, Category], starting_weights: dict[frozenset[str], dict[str, object]]
) -> Classifier:
    """Trained once for all these tests."""
    known = starting_weights.setdefault(frozenset(Category.objects.values_list("slug", flat=True)), {})
    if not known:
        made = training.learn()
        assert made is not None
        known |= {
            name: getattr(made, name)
            for name in (
                "learned_from",
                "judged_by",
                "categories",
                "weights",
                "threshold",
                "report",
                "is_in_use",
            )
        }
        return made
    return Classifier.objects.create(**known)


@pytest.fixture(autouse=True)
def forget() -> None:
    """What a process has read of an earlier test's classifier."""
    suggesting._kept.clear()


@pytest.fixture
def mail(make_ticket: Make) -> Make:
    """A case without a category."""

    def make(body: str = LOST_PASSWORD, **values: object) -> Ticket:
        start: dict[str, object] = {"subject": "", "category": None, "answers": {}, "channel": Channel.EMAIL}
        return make_ticket(**{**start, "body": body, **values})

    return make


def said(ticket: Ticket) -> CategorySuggestion:
    return CategorySuggestion.objects.get(ticket=ticket)


def test_it_works(classifier: Classifier, mail: Make) -> None:
    ticket = mail()
    assert suggest() == 1
    found = said(ticket)
    assert found.ranking[0][0] == "login"
    assert len(found.ranking) == 3
    assert sum(chance for _slug, chance in found.ranking) <= 1.001
    assert (found.is_unsure, found.classifier) == (False, classifier)
    ticket.refresh_from_db()
    assert ticket.category is None, "it suggests, and sets nothing"
    assert suggest() == 0, "each is judged once"


def test_it_says_unsure(classifier: Classifier, mail: Make) -> None:
    ticket = mail("What is the weather like tomorrow?")
    suggest()
    assert said(ticket).is_unsure


def test_only_what_the_brand_offers_is_suggested(
    classifier: Classifier, categories: dict[str, Category], mail: Make, other_brand: Brand
) -> None:
    categories["login"].brands.add(other_brand)
    here, there = mail(), mail(brand=other_brand)
    suggest()
    assert "login" not in dict(said(here).ranking)
    assert dict(said(there).ranking)["login"] > 0.5
    assert sum(dict(said(here).ranking).values()) <= 1.001


def test_every_way_in_is_judged_and_what_is_old_is_left(
    classifier: Classifier, make_ticket: Make, mail: Make
) -> None:
    recent = [make_ticket(channel=channel) for channel in Channel]
    old = mail(opened_at=clock.now() - suggestions.LOOK_BACK - timedelta(hours=1))
    assert suggest() == len(recent)
    assert not CategorySuggestion.objects.filter(ticket=old).exists()


def test_two_at_once_do_no_harm(classifier: Classifier, mail: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = mail()
    waiting = suggestions.waiting(10)
    suggest()
    before = said(ticket).at
    monkeypatch.setattr(suggestions, "waiting", lambda limit: waiting)
    suggest()
    assert said(ticket).at == before


def test_without_a_classifier_one_is_asked_for(
    categories: dict[str, Category], mail: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(suggesting, "wake", asked.append)
    mail()
    assert suggest() == 0
    assert asked == ["tickets.train_classifier"]


def test_weights_that_cannot_be_read_are_asked_for_anew(
    classifier: Classifier, mail: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(suggesting, "wake", asked.append)
    Classifier.objects.update(weights=b"PK of another kind")
    mail()
    assert suggest() == 0
    assert asked == ["tickets.train_classifier"]


def test_where_the_desk_wants_it_the_category_is_set(
    classifier: Classifier, mail: Make, settings: Any
) -> None:
    settings.CATEGORY_AUTO_CONFIDENCE = 60
    ticket, odd = mail(), mail("What is the weather like tomorrow?")
    suggest()
    ticket.refresh_from_db()
    odd.refresh_from_db()
    assert ticket.category is not None
    assert (ticket.category.slug, odd.category) == ("login", None)
    event = Event.objects.get(ticket=ticket, kind=EventKind.CATEGORY_CHANGED)
    assert (event.actor_kind, event.actor_name) == (ActorKind.SYSTEM, "classifier")
    assert event.data["confidence"] >= 0.6
    assert event.data["to"] == "login"


def test_a_category_that_is_there_is_never_set_by_itself(
    classifier: Classifier, categories: dict[str, Category], mail: Make, settings: Any, agent: User
) -> None:
    settings.CATEGORY_AUTO_CONFIDENCE = 1
    chosen = mail(category=categories["kyc"])
    quicker = mail()
    seen_before = suggestions.waiting(10)
    set_category(quicker, category=categories["refund"], by=actors.staff(agent))
    for ticket in seen_before:
        if ticket == quicker:
            set_where_none(ticket, category=categories["login"], confidence=0.9)
    suggest()
    for ticket, slug in ((chosen, "kyc"), (quicker, "refund")):
        ticket.refresh_from_db()
        assert ticket.category is not None
        assert ticket.category.slug == slug
