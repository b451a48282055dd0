"""Where a case goes when it comes in. Each decision is an event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from accounts.models import Brand, Customer, Team
from tickets.actors import ROUTING
from tickets.choices import EventKind, Priority
from tickets.events import append, event_of
from tickets.models import Category, SlaPolicy, Ticket
from tickets.queries import routing as queries
from tickets.queries.categories import team_of
from tickets.rules.routing import Answer, Settings, answers, decided

#: As many as a ticket carries (``actions.tickets.MAX_TAGS``); a rule's tags beyond that are left out.
MAX_TAGS = 20


@dataclass(frozen=True)
class Routed:
    """Where a new case goes; ``told`` are the rules that decided something about it."""

    team: Team | None
    priority: Priority
    policy: int | None
    tags: list[str]
    told: Sequence[Answer]


def route_new(
    category: Category | None,
    *,
    brand: Brand,
    customer: Customer,
    channel: str,
    language: str,
    sender: str,
    text: str,
    priority: Priority | None,
    tags: Sequence[str],
) -> Routed:
    """One query for all rules, whatever their number. A priority that somebody chose stays; the category's own team and
    priority hold where no rule says otherwise.
    """
    case = queries.new_case(
        category,
        brand_id=brand.pk,
        channel=channel,
        language=language,
        tier=customer.tier,
        priority=priority,
        sender=sender,
        text=text,
    )
    found = answers(queries.rules(), case, said=Settings(priority=priority, tags=tuple(tags)))
    sets = decided(found)
    return Routed(
        team=Team.objects.get(pk=sets.team) if sets.team is not None else team_of(category),
        priority=priority or Priority(sets.priority or case.priority),
        policy=sets.policy,
        tags=[*tags, *sets.tags][: max(MAX_TAGS, len(tags))],
        told=[answer for answer in found if not answer.sets.is_empty],
    )


def tell(ticket: Ticket, told: Sequence[Answer]) -> None:
    """An event for each rule that decided something, all in one statement."""
    if not told:
        return
    teams = {pk: slug for pk, slug in [(ticket.team_id, ticket.team.slug if ticket.team else None)] if pk}
    policies = _policy_names([answer.sets.policy for answer in told if answer.sets.policy is not None])
    append(
        event_of(
            ticket,
            EventKind.ROUTED,
            by=ROUTING,
            rule=answer.rule.rule,
            name=answer.rule.name,
            **_set_in_words(answer.sets, teams, policies),
        )
        for answer in told
    )


def _set_in_words(sets: Settings, teams: dict[int, str | None], policies: dict[int, str]) -> dict[str, Any]:
    said = {
        "team": teams.get(sets.team) if sets.team is not None else None,
        "priority": Priority(sets.priority).slug if sets.priority is not None else None,
        "policy": policies.get(sets.policy) if sets.policy is not None else None,
        "tags": list(sets.tags),
    }
    return {key: value for key, value in said.items() if value}


def _policy_names(pks: Sequence[int]) -> dict[int, str]:
    return dict(SlaPolicy.objects.filter(pk__in=pks).values_list("pk", "name")) if pks else {}
