"""The routing rules as values, and what they may ask of a case."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

from tickets.choices import ActorKind, Priority, Visibility
from tickets.models import Category, Message, Ticket
from tickets.queries.categories import route_of
from tickets.rules.routing import NewCase, Rule, words_of

# One statement, for every ticket that is opened asks this. A team that is switched off gets nothing.
_SQL = """
SELECT r.id, r.name, r.ends,
       ARRAY(SELECT brand_id FROM tickets_routingrule_brands WHERE routingrule_id = r.id),
       ARRAY(SELECT category_id FROM tickets_routingrule_categories WHERE routingrule_id = r.id),
       r.channels, r.languages, r.tiers, r.priorities, r.words, r.senders,
       (SELECT t.id FROM accounts_team t WHERE t.id = r.team_id AND t.is_active), r.priority, r.policy_id, r.tags
FROM tickets_routingrule r
WHERE r.is_active OR r.id = ANY(%s)
ORDER BY r.position, r.id
"""

# By the index event_by_kind: as many rows as there were decisions in the time, and no more are read than the limit.
_COUNTS = """
SELECT rule, count(*) FROM (
    SELECT (data ->> 'rule')::bigint AS rule FROM tickets_event
    WHERE kind = 'routed' AND at > %s ORDER BY at DESC LIMIT %s
) told WHERE rule IS NOT NULL GROUP BY rule
"""
#: Of so many decisions the newest are counted; beyond, the page would wait for a number that says no more.
MOST_COUNTED = 50_000


def rules(*, besides: Sequence[int] = ()) -> list[Rule]:
    """Every active rule, in the order of asking; ``besides`` names others that are wanted too."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL, [list(besides)])
        return [_rule(*row) for row in cursor.fetchall()]


def _rule(
    pk: int,
    name: str,
    ends: bool,
    brands: list[int],
    categories: list[int],
    channels: list[str],
    languages: list[str],
    tiers: list[str],
    priorities: list[int],
    words: str,
    senders: str,
    team: int | None,
    priority: int | None,
    policy: int | None,
    tags: list[str],
) -> Rule:
    return Rule(
        rule=pk,
        name=name,
        ends=ends,
        brands=frozenset(brands),
        categories=frozenset(categories),
        channels=frozenset(channels),
        languages=frozenset(languages),
        tiers=frozenset(tiers),
        priorities=frozenset(priorities),
        words=words_of(words),
        senders=tuple(senders.split()),
        team=team,
        priority=priority,
        policy=policy,
        tags=tuple(tags),
    )


def new_case(
    category: Category | None,
    *,
    brand_id: int,
    channel: str,
    language: str,
    tier: str,
    priority: int | None,
    sender: str,
    text: str,
) -> NewCase:
    """``priority`` None: as its category says."""
    return NewCase(
        brand=brand_id,
        categories=frozenset(node.pk for node in category.lineage()) if category else frozenset(),
        channel=channel,
        language=language,
        tier=tier,
        priority=priority or route_of(category).priority or Priority.NORMAL,
        sender=sender,
        text=text,
    )


def case_now(ticket: Ticket, category: Category, known: Sequence[Rule]) -> NewCase:
    """What the rules may ask of a case that is there, about ``category`` from now on; its first message is read only
    where they ask for words.
    """
    text = ticket.subject
    if any(rule.words for rule in known):
        said = Message.objects.filter(
            ticket=ticket, visibility=Visibility.PUBLIC, author_kind=ActorKind.CUSTOMER
        )
        text += "\n" + (said.order_by("pk").values_list("body", flat=True).first() or "")
    return new_case(
        category,
        brand_id=ticket.brand_id,
        channel=ticket.channel,
        language=ticket.language,
        tier=ticket.customer.tier,
        priority=ticket.priority,
        sender="" if ticket.unproved_sender else ticket.customer.email,
        text=text,
    )


def counts_since(moment: Any) -> dict[int, int]:
    """How many cases each rule decided about since then."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, [moment, MOST_COUNTED])
        return dict(cursor.fetchall())
