"""What the classifier learns from: texts of solved tickets with their categories."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models.functions import Left

from tickets.choices import ActorKind, EventKind
from tickets.models import Category, Event, Message, Ticket
from tickets.rules.labels import trust

#: The newest solved tickets are looked at, and of each category so many are taken: what people write changes.
LOOKED_AT = 20_000
PER_CATEGORY = 500
#: A text's beginning says what it is about.
LETTERS = 1_500
_AT_ONCE = 1_000


@dataclass(frozen=True)
class Lesson:
    """``trust``: how far the label may be believed (``rules.labels``), above 0."""

    text: str
    slug: str
    trust: float
    solved_at: datetime | None = None


def lessons() -> list[Lesson]:
    """Newest first, by the index ticket_solved_at; texts and events by those of their ticket, a thousand at a time."""
    solved = Ticket.objects.filter(solved_at__isnull=False, merged_into=None).order_by("-solved_at")
    taken: Counter[int] = Counter()
    chosen = []
    for pk, category_id, subject, solved_at in solved.values_list(
        "pk", "category_id", "subject", "solved_at"
    )[:LOOKED_AT]:
        if category_id is not None and taken[category_id] < PER_CATEGORY:
            taken[category_id] += 1
            chosen.append((pk, category_id, subject, solved_at))
    slugs = dict(Category.objects.filter(is_active=True).values_list("pk", "slug"))
    found = []
    for start in range(0, len(chosen), _AT_ONCE):
        part = chosen[start : start + _AT_ONCE]
        bodies, worth = first_words([row[0] for row in part]), _trust_of([row[0] for row in part])
        for pk, category_id, subject, solved_at in part:
            if category_id in slugs and pk in bodies and worth.get(pk):
                text = text_of(subject, bodies[pk])
                found.append(Lesson(text, slugs[category_id], worth[pk], solved_at))
    return found


def text_of(subject: str, body: str) -> str:
    """What is judged and learned: the subject, unless it is only the body's beginning, and the first message."""
    return body if body.startswith(subject.rstrip("…")) else f"{subject}\n{body}"


def first_words(tickets: Sequence[int]) -> dict[int, str]:
    """The beginning of the first message that a customer wrote, by ticket (index message_by_ticket)."""
    rows = Message.objects.filter(ticket__in=tickets, author_kind=ActorKind.CUSTOMER)
    first = rows.order_by("ticket_id", "pk").distinct("ticket_id")
    return dict(first.annotate(beginning=Left("body", LETTERS)).values_list("ticket_id", "beginning"))


def _trust_of(tickets: Sequence[int]) -> dict[int, float]:
    """By the log (index event_by_ticket)."""
    opened: dict[int, str] = {}
    last: dict[int, str] = {}
    rows = Event.objects.filter(ticket__in=tickets, kind__in=(EventKind.OPENED, EventKind.CATEGORY_CHANGED))
    for ticket, kind, actor in rows.order_by("pk").values_list("ticket_id", "kind", "actor_kind"):
        (opened if kind == EventKind.OPENED else last)[ticket] = actor
    return {pk: trust(opened_by=by, set_last_by=last.get(pk)) for pk, by in opened.items()}


def names() -> Iterator[Lesson]:
    """What each category is called, and its hint to customers: so one that is new is not quite unknown."""
    for row in Category.objects.filter(is_active=True).order_by("pk"):
        for text in (row.name_zh, row.name_en, row.hint_zh, row.hint_en):
            if text:
                yield Lesson(text, row.slug, 1.0)
