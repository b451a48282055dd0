"""The classifier in use, what it said of tickets, and how often agents took it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.fields.json import KT

from helpdesk.lib import clock
from tickets.choices import ActorKind, EventKind
from tickets.models import CategorySuggestion, Classifier, Event, Ticket

#: What a lost wake-up, or a worker that stood still, left is found so long.
LOOK_BACK = timedelta(days=3)
SHOWN_TRAININGS = 30


def in_use() -> Classifier | None:
    return Classifier.objects.filter(is_in_use=True).first()


def waiting(limit: int) -> list[Ticket]:
    """Recent tickets that nobody has judged yet, newest first: by the index ticket_newest, against the key of the
    suggestions.
    """
    none = ~Exists(CategorySuggestion.objects.filter(ticket=OuterRef("pk")))
    rows = Ticket.objects.filter(none, created_at__gt=clock.now() - LOOK_BACK).select_related(
        "brand", "category"
    )
    return list(rows.order_by("-created_at", "-pk")[:limit])


def open_question(ticket: Ticket) -> CategorySuggestion | None:
    """What was suggested, while no member of staff has set or confirmed the category, and it would be news."""
    found: CategorySuggestion | None = getattr(ticket, "suggestion", None)  # joined by queries.ticket_page
    if found is None or (ticket.category is not None and _agrees(found, ticket.category.slug)):
        return None
    return None if was_decided(ticket) else found


def _agrees(suggestion: CategorySuggestion, slug: str) -> bool:
    return suggestion.is_unsure or not suggestion.ranking or suggestion.ranking[0][0] == slug


def was_decided(ticket: Ticket) -> bool:
    """Whether staff said what it is about (index event_by_ticket)."""
    return Event.objects.filter(
        ticket=ticket, kind=EventKind.CATEGORY_CHANGED, actor_kind=ActorKind.STAFF
    ).exists()


@dataclass(frozen=True)
class Adoption:
    """Of the tickets solved in a period that had a suggestion: how many ended in the first, or in one of three."""

    judged: int
    unsure: int
    first: int
    one_of_three: int


def adoption(since: datetime) -> Adoption:
    """By the index ticket_solved_at, each with its suggestion's key; counted where they lie: it may be a great many."""
    rows = CategorySuggestion.objects.filter(ticket__solved_at__gte=since, ticket__category__isnull=False)
    ended_in = [Q(**{f"said_{place}": F("ticket__category__slug")}) for place in range(3)]
    sure = Q(is_unsure=False)
    rows = rows.annotate(**{f"said_{place}": KT(f"ranking__{place}__0") for place in range(3)})
    counted = rows.aggregate(
        judged=Count("pk"),
        unsure=Count("pk", filter=~sure),
        first=Count("pk", filter=sure & ended_in[0]),
        one_of_three=Count("pk", filter=sure & (ended_in[0] | ended_in[1] | ended_in[2])),
    )
    return Adoption(**counted)


def trainings() -> Sequence[Classifier]:
    """The last ones, newest first, without their weights."""
    return list(Classifier.objects.defer("weights")[:SHOWN_TRAININGS])
