"""Where a case goes when somebody says what it is about, and goes back when that is undone.

Called by the verbs that hold the ticket's row and move its clocks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from accounts.models import Team
from tickets.actions import routing
from tickets.actions.assignment import put_in_team
from tickets.actions.rows import write
from tickets.actors import ROUTING
from tickets.choices import ActorKind, EventKind
from tickets.models import Category, Event, SlaPolicy, Ticket
from tickets.queries import routing as queries
from tickets.queries.categories import route_of
from tickets.rules.routing import Answer, Settings, answers, decided


@dataclass(frozen=True)
class Rerouted:
    """What a new category makes of a case: ``team`` where it ``moves``, and the policy that was chosen for it."""

    moves: bool
    team: Team | None
    policy: int | None
    told: Sequence[Answer] = ()

    def kept(self, ticket: Ticket) -> dict[str, Any]:
        """For the event that tells of the category: by this the way back is found."""
        kept: dict[str, Any] = {}
        if self.moves:
            kept |= {"team_from": _slug(ticket.team), "team_to": _slug(self.team)}
        if self.policy != ticket.chosen_policy_id:
            kept |= {"policy_from_id": ticket.chosen_policy_id, "policy_to_id": self.policy}
        return kept


def _slug(team: Team | None) -> str | None:
    return team.slug if team else None


def route_again(ticket: Ticket, category: Category) -> Rerouted:
    """Of a case that is about ``category`` from now on: the policy that the rules choose, and the team, unless somebody
    has the case or moved it by hand. Priority and tags stay as they are.
    """
    known = queries.rules()
    found = answers(known, queries.case_now(ticket, category, known))
    sets = decided(found)
    free = ticket.assignee_id is None and not _was_moved(ticket)
    wanted = (sets.team or route_of(category).team_id) if free else None
    team = Team.objects.get(pk=wanted) if wanted is not None and wanted != ticket.team_id else None
    moves = team is not None
    told = [
        Answer(answer.rule, answer.verdict, kept)
        for answer in found
        if not (kept := _of_interest(answer.sets, ticket, moves)).is_empty
    ]
    return Rerouted(moves, team, sets.policy, told)


def _of_interest(sets: Settings, ticket: Ticket, moves: bool) -> Settings:
    policy = sets.policy if sets.policy != ticket.chosen_policy_id else None
    return Settings(team=sets.team if moves else None, policy=policy)


def _was_moved(ticket: Ticket) -> bool:
    """By people, or by an escalation: whatever moved it but routing itself."""
    rows = Event.objects.filter(ticket=ticket, kind=EventKind.TEAM_CHANGED)
    return rows.exclude(actor_kind=ActorKind.SYSTEM, actor_name=ROUTING.name).exists()


def follow(ticket: Ticket, again: Rerouted) -> None:
    if again.policy != ticket.chosen_policy_id:
        write(ticket, chosen_policy_id=again.policy)
    if again.moves:
        put_in_team(ticket, again.team, by=ROUTING)
    routing.tell(ticket, again.told)


def way_back(ticket: Ticket, act: Event) -> Rerouted:
    """Of a case whose change of category, ``act``, is undone: the team and the policy from before, where they are still
    what the act made them. It stays with whoever took it since, but not with whom the desk gave it.
    """
    data, team, policy = act.data, None, ticket.chosen_policy_id
    moves = "team_to" in data and _slug(ticket.team) == data["team_to"] and not _was_taken(ticket, act)
    if moves and data["team_from"] is not None:
        team = Team.objects.filter(slug=data["team_from"], is_active=True).first()
        moves = team is not None
    if "policy_to_id" in data and policy == data["policy_to_id"]:
        policy = SlaPolicy.objects.filter(pk=data["policy_from_id"]).values_list("pk", flat=True).first()
    return Rerouted(moves, team, policy)


def _was_taken(ticket: Ticket, act: Event) -> bool:
    if ticket.assignee_id is None:
        return False
    given = (
        Event.objects.filter(ticket=ticket, kind=EventKind.ASSIGNED, pk__gt=act.pk).order_by("-pk").first()
    )
    return given is None or (given.actor_kind, given.actor_name) != (ROUTING.kind, ROUTING.name)


def is_whole(back: Rerouted, act: Event) -> bool:
    """Whether the way back undoes all that the act did; else the clocks go by what holds now."""
    return back.moves == ("team_to" in act.data) and (
        "policy_to_id" not in act.data or back.policy == act.data["policy_from_id"]
    )
