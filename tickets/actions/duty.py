"""On duty, off duty, and what becomes of the cases of whoever goes."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rules.capabilities import Capability
from accounts.rules.skills import clean_skill
from helpdesk.lib import clock
from helpdesk.lib.errors import Invalid, NotAllowed, Text
from helpdesk.lib.wakeup import wake
from tickets import actors
from tickets.actions.giving import TASK as ASSIGN_TASK
from tickets.actions.rows import lock, write
from tickets.actors import Actor
from tickets.choices import ActorKind, EventKind
from tickets.events import emit
from tickets.models import Ticket
from tickets.models.tickets import TicketQuerySet
from tickets.queries import duty as queries
from tickets.rules.duty import Handing, Why

logger = logging.getLogger(__name__)
IDLE_TASK = "tickets.end_idle_duty"
IDLE = actors.system("duty")
#: As many cases one transaction hands over; a person with more is done in several.
BATCH = 200
MOST_SKILLS = 30
MAX_CAPACITY = 1_000


@transaction.atomic
def go_on_duty(person: User, *, by: Actor) -> User:
    """From now on the person is given cases; what waits is looked at."""
    _require_over(person, by)
    person = _hold(person)
    if not person.is_on_duty:
        _set_duty(person, True)
    wake(ASSIGN_TASK)
    return person


@transaction.atomic
def go_off_duty(
    person: User, *, by: Actor, handing: Handing = Handing.UNANSWERED, why: Why = Why.OFF_DUTY
) -> int:
    """Give the person no more cases, and hand back those that others should have; how many.

    One transaction: whoever is off duty has handed back. The cases are held before the person, as everywhere; what the
    desk gave a moment ago and somebody else holds just now follows when that is over, and is not counted.
    """
    _require_over(person, by)
    held = _lock_all(queries.to_hand_back(person.pk, handing))
    person = _hold(person)
    # What the desk gave a moment ago, before the person's row was ours; from now on it gives nothing.
    held += _lock_new(queries.to_hand_back(person.pk, handing), held)
    if person.is_on_duty:
        _set_duty(person, False)
    done = _hand_back([ticket for ticket in held if ticket.assignee_id == person.pk], by, why)
    if queries.to_hand_back(person.pk, handing).exists():
        # The person is off duty, whatever becomes of this.
        transaction.on_commit(partial(_hand_back_rest, person, by, handing, why), robust=True)
    return done


@transaction.atomic
def _hand_back_rest(person: User, by: Actor, handing: Handing, why: Why) -> None:
    held = _lock_all(queries.to_hand_back(person.pk, handing))
    if not _hold(person).is_on_duty:
        _hand_back([ticket for ticket in held if ticket.assignee_id == person.pk], by, why)


def hand_over(person: User, *, by: Actor) -> int:
    """Give every case of the person that is not over back to its team; how many. In parts, each of them whole."""
    _require_over(person, by)
    by.require(Capability.ASSIGN_OTHERS)
    done, last = 0, 0
    while True:
        with transaction.atomic():
            held = _lock_all(queries.all_of(person.pk).filter(pk__gt=last), most=BATCH)
            done += _hand_back([one for one in held if one.assignee_id == person.pk], by, Why.HANDED_OVER)
        if len(held) < BATCH:
            return done
        last = held[-1].pk


@transaction.atomic
def set_terms(
    person: User, *, capacity: int | None, speaks: Sequence[str], skills: Iterable[str], by: Actor
) -> User:
    """How many cases at a time, in which languages (none: in each), and with which skills. Raises Invalid by field."""
    _require_over(person, by)
    wrong: dict[str, Text] = {}
    if capacity is None or not 0 <= capacity <= MAX_CAPACITY:
        wrong["capacity"] = _("Write a number from 0 to %(most)s.") % {"most": MAX_CAPACITY}
    if set(speaks) - {code for code, _name in settings.LANGUAGES}:
        wrong["speaks"] = _("Choose languages of the list.")
    wanted = list(dict.fromkeys(skill for skill in map(clean_skill, skills) if skill))
    if len(wanted) > MOST_SKILLS:
        wrong["skills"] = _("At most %(most)s skills.") % {"most": MOST_SKILLS}
    if wrong:
        raise Invalid(wrong)
    person = _hold(person)
    person.capacity, person.speaks, person.skills = capacity or 0, list(speaks), wanted
    person.save(update_fields=["capacity", "speaks", "skills"])
    wake(ASSIGN_TASK)
    return person


def end_idle_duty() -> int:
    """Take off duty who gave no sign of work for DUTY_IDLE_HOURS; how many."""
    hours: int = settings.DUTY_IDLE_HOURS
    if not hours:
        return 0
    idle = queries.idle_since(clock.now() - timedelta(hours=hours))
    return sum(_end_or_log(person) for person in idle)


def _end_or_log(person: User) -> bool:
    """One whose duty cannot be ended must not keep the others on duty."""
    try:
        go_off_duty(person, by=IDLE, why=Why.IDLE)
    except Exception:
        logger.exception("Person %s could not be taken off duty", person.pk)
        return False
    return True


def _require_over(person: User, by: Actor) -> None:
    """One's own duty is one's own to say; that of others a lead's."""
    by.require(Capability.WORK_TICKETS)
    if by.kind == ActorKind.STAFF and by.user is not None and by.user.pk != person.pk:
        by.require(Capability.DIRECT_TEAM)
        if not queries.may_direct(by.user, person):
            raise NotAllowed(capability=Capability.DIRECT_TEAM.value)


def _hold(person: User) -> User:
    return User.objects.select_for_update(no_key=True).get(pk=person.pk)


def _set_duty(person: User, is_on_duty: bool) -> None:
    person.is_on_duty, person.duty_changed_at = is_on_duty, clock.now()
    person.save(update_fields=["is_on_duty", "duty_changed_at"])


def _lock_all(rows: TicketQuerySet, most: int = 10_000) -> list[Ticket]:
    """In the order of their ids; of one that somebody else held, what it is now."""
    return [lock(ticket) for ticket in rows.only("pk")[:most]]


def _lock_new(rows: TicketQuerySet, known: Sequence[Ticket]) -> list[Ticket]:
    """Those that nobody else holds: whoever holds a person waits for no ticket."""
    fresh = rows.exclude(pk__in=[ticket.pk for ticket in known]).only("pk")
    return [lock(ticket) for ticket in fresh.select_for_update(skip_locked=True, no_key=True, of=("self",))]


def _hand_back(tickets: Sequence[Ticket], by: Actor, why: Why) -> int:
    for ticket in tickets:
        assert ticket.assignee is not None
        before = ticket.assignee.display_name
        write(ticket, assignee=None)
        emit(ticket, EventKind.HANDED_BACK, by=by, who=before, why=why.value)
        emit(ticket, EventKind.ASSIGNED, by=by, change=(before, None))
    if tickets:
        wake(ASSIGN_TASK)
    return len(tickets)
