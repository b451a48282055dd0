"""Where a case goes when it comes in, and again when somebody says what it is about. Each decision is an event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from accounts.models import Brand, Customer, Team
from tickets import actors
from tickets.choices import ActorKind, EventKind, Priority
from tickets.events import append, event_of
from tickets.models import Category, Event, SlaPolicy, Ticket
from tickets.queries import routing as queries
from tickets.queries.categories import route_of, team_of
from tickets.rules.routing import Answer, Settings, answers, decided

#: The desk itself, where a rule or a team's way of sharing work decides.
ROUTING = actors.system("routing")
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


@dataclass(frozen=True)
class Rerouted:
    """What a new category makes of a case. ``team`` None: it stays where it is."""

    team: Team | None
    policy: int | None
    told: Sequence[Answer]


def route_again(ticket: Ticket) -> Rerouted:
    """Of a case whose category is another now: the policy that the rules choose, and the team, unless somebody has the
    case or moved it by hand. Priority and tags stay as they are.
    """
    known = queries.rules()
    found = answers(known, queries.case_now(ticket, known))
    sets = decided(found)
    free = ticket.assignee_id is None and not _was_moved(ticket)
    team_id = (sets.team or route_of(ticket.category).team_id) if free else None
    moves = team_id is not None and team_id != ticket.team_id
    told = [
        Answer(answer.rule, answer.verdict, kept)
        for answer in found
        if not (kept := _of_interest(answer.sets, ticket, moves)).is_empty
    ]
    return Rerouted(
        Team.objects.get(pk=team_id) if team_id is not None and moves else None, sets.policy, told
    )


def _of_interest(sets: Settings, ticket: Ticket, moves: bool) -> Settings:
    policy = sets.policy if sets.policy != ticket.chosen_policy_id else None
    return Settings(team=sets.team if moves else None, policy=policy)


def _was_moved(ticket: Ticket) -> bool:
    """By people, or by an escalation: whatever moved it but routing itself."""
    rows = Event.objects.filter(ticket=ticket, kind=EventKind.TEAM_CHANGED)
    return rows.exclude(actor_kind=ActorKind.SYSTEM, actor_name=ROUTING.name).exists()
