"""The desk gives cases to people, as each team shares its work: in turn, or to whoever has the most room.

Within the transaction that opens a case it is given to somebody at once. What waits, because nobody had room or was on
duty, or because it came to the team later, a sweep gives out, woken whenever that may have changed.
"""

from __future__ import annotations

from django.db import transaction

from accounts.choices import AssignmentMode
from accounts.models import Team, User
from helpdesk.lib import clock
from helpdesk.lib.wakeup import wake
from tickets.actions.rows import held, write
from tickets.actors import ROUTING, Actor
from tickets.choices import EventKind, Status
from tickets.events import emit
from tickets.models import Ticket
from tickets.queries import to_take, workers
from tickets.rules.assignment import Worker, in_turn, may_be_given

TASK = "tickets.assign_waiting"
WAITS = (Status.NEW, Status.OPEN)
#: So many cases a round of the sweep gives out for one team, before the next team's turn.
ROUND = 100


def give_to(ticket: Ticket, person: User, *, by: Actor) -> None:
    """Write down that the person has it. The caller holds both rows."""
    before = ticket.assignee
    write(ticket, assignee=person)
    User.objects.filter(pk=person.pk).update(last_assigned_at=clock.now())
    emit(
        ticket,
        EventKind.ASSIGNED,
        by=by,
        change=(before.display_name if before else None, person.display_name),
        from_id=before.pk if before else None,
        to_id=person.pk,
    )


def give_new(ticket: Ticket) -> None:
    """Give a case that was just written to somebody of its team; where nobody can have it, it waits.

    One after the other within a team, so that turns are kept. The last thing of a transaction: from here on nothing
    else may be waited for.
    """
    team = ticket.team
    if team is None or not shares(team):
        return
    Team.objects.select_for_update(no_key=True).only("pk").get(pk=team.pk)
    wanted = workers.wanted_of(ticket)
    able = [worker for worker in workers.of_team(team.pk) if may_be_given(worker, wanted)]
    for worker in in_turn(able, team.assignment):
        mark = transaction.savepoint()
        now = workers.hold(worker.person)
        if now is not None and may_be_given(now, wanted):
            transaction.savepoint_commit(mark)
            _give(ticket, team, now)
            return
        transaction.savepoint_rollback(mark)  # lets the person's row go


def _give(ticket: Ticket, team: Team, worker: Worker) -> None:
    emit(
        ticket,
        EventKind.ROUTED,
        by=ROUTING,
        mode=team.assignment,
        team=team.slug,
        to=worker.name,
        load=worker.load + 1,
        capacity=worker.capacity,
    )
    give_to(ticket, User.objects.get(pk=worker.person), by=ROUTING)


def shares(team: Team) -> bool:
    """Whether the desk gives out this team's cases; else its people take them."""
    return team.is_active and team.assignment != AssignmentMode.PULL


def somebody_has_room(team: Team | None) -> None:
    """A case of this team is nobody's, or somebody got room for one: have a look what waits."""
    if team is not None and shares(team):
        wake(TASK)


def assign_waiting() -> int:
    """Give out what waits, the most urgent first; how many were given. Another round finds the rest."""
    teams = Team.objects.filter(is_active=True).exclude(assignment=AssignmentMode.PULL)
    return sum(_share_out(team) for team in teams)


def _share_out(team: Team) -> int:
    """Whose turn it is gets the most urgent case that they can do; who can do none is passed over."""
    given, passed = 0, set[int]()
    while given < ROUND:
        members = workers.of_team(team.pk)
        free = [one for one in members if one.is_on_duty and one.room > 0 and one.person not in passed]
        if not free:
            break
        person = in_turn(free, team.assignment)[0].person
        if _give_next(team, person):
            given += 1
        else:
            passed.add(person)
    return given


@transaction.atomic
def _give_next(team: Team, person: int) -> bool:
    worker = workers.hold(person)
    if worker is None or not worker.is_on_duty or worker.room == 0:
        return False
    if worker.teams is not None and team.pk not in worker.teams:
        return False
    claimed = to_take.claim(worker, team=team.pk)
    if claimed is None:
        return False
    _give(held(claimed), team, worker)
    return True
