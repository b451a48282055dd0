"""Judging tickets as they come: which categories each is likely about."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from django.conf import settings

from helpdesk.lib.errors import DomainError
from helpdesk.lib.wakeup import wake
from tickets.actions.categories import set_where_none
from tickets.actions.training import weights_of
from tickets.events import TRAIN_TASK
from tickets.learning.judging import Judgement, judged, probabilities
from tickets.learning.weights import Weights
from tickets.models import Category, CategorySuggestion, Classifier, Ticket
from tickets.queries import suggestions
from tickets.queries.lessons import first_words, text_of
from tickets.queries.offered import offered

logger = logging.getLogger(__name__)
AT_ONCE = 200
#: The weights in use, as this process read them last; and those it could not read.
_kept: dict[int, Weights | None] = {}


def suggest() -> int:
    """Judge the recent tickets that nobody has judged; how many. Two at once do the same work, and no harm."""
    model = Classifier.objects.filter(is_in_use=True).defer("weights").first()
    weights = _weights(model)
    if model is None or weights is None:
        if Category.objects.filter(is_active=True).exists():
            wake(TRAIN_TASK)
        return 0
    tickets = suggestions.waiting(AT_ONCE)
    if not tickets:
        return 0
    found = _judged(model, weights, tickets)
    rows = [
        CategorySuggestion(
            ticket=ticket,
            classifier=model,
            ranking=[[slug, round(chance, 4)] for slug, chance in said.ranking],
            is_unsure=said.is_unsure,
        )
        for ticket, said in zip(tickets, found, strict=True)
    ]
    # First what may be repeated: a process that is killed here leaves tickets that are judged again.
    for ticket, said in zip(tickets, found, strict=True):
        _set_where_sure(ticket, said)
    CategorySuggestion.objects.bulk_create(rows, ignore_conflicts=True)
    return len(tickets)


def _weights(model: Classifier | None) -> Weights | None:
    if model is None:
        return None
    if model.pk not in _kept:
        _kept.clear()
        _kept[model.pk] = weights_of(model)
    return _kept[model.pk]


def _judged(model: Classifier, weights: Weights, tickets: Sequence[Ticket]) -> list[Judgement]:
    bodies = first_words([ticket.pk for ticket in tickets])
    texts = [text_of(ticket.subject, bodies.get(ticket.pk, "")) for ticket in tickets]
    brands = {ticket.brand_id: ticket.brand for ticket in tickets}
    known = {pk: {row.slug for row in offered(brand)} for pk, brand in brands.items()}
    return [
        judged(row, model.categories, model.threshold, offered=known[ticket.brand_id])
        for row, ticket in zip(probabilities(weights, texts), tickets, strict=True)
    ]


def _set_where_sure(ticket: Ticket, said: Judgement) -> None:
    """Where the desk wants it (CATEGORY_AUTO_CONFIDENCE): a case without a category gets the first suggestion."""
    wanted = settings.CATEGORY_AUTO_CONFIDENCE
    if not wanted or ticket.category_id is not None or said.is_unsure or not said.ranking:
        return
    slug, chance = said.ranking[0]
    if chance * 100 < wanted:
        return
    category = Category.objects.filter(slug=slug, is_active=True).first()
    if category is None:
        return
    try:
        set_where_none(ticket, category=category, confidence=round(chance, 2))
    except DomainError as problem:
        logger.info("Ticket %s keeps no category: %s", ticket.number, problem)
