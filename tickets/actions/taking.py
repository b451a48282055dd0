"""Taking the next case: the most urgent one that this person may and can do."""

from __future__ import annotations

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.models import User
from accounts.rules.capabilities import Capability
from helpdesk.lib.errors import Conflict
from tickets import actors
from tickets.actions.giving import give_to
from tickets.actions.rows import held
from tickets.models import Ticket
from tickets.queries import to_take, workers
from tickets.rules.assignment import Worker


class OffDuty(Conflict):
    code = "off_duty"
    message = _("You are off duty, so no cases are given to you.")


class AtCapacity(Conflict):
    """The person has as many open cases as they are to have."""

    code = "at_capacity"

    def __init__(self, worker: Worker) -> None:
        if worker.capacity:
            words = _("You have {load} open cases, of at most {capacity}. Finish or hand back one first.")
        else:
            words = _("Your capacity is 0: no cases are given to you.")
        message = format_lazy(words, load=workers.load_in_words(worker), capacity=worker.capacity)
        super().__init__(message, load=worker.load, capacity=worker.capacity)


@transaction.atomic
def take_next(user: User) -> Ticket | None:
    """Claim the most urgent unassigned ticket this person may and can do (``queries.to_take`` says in which order);
    None when there is none. Raises OffDuty or AtCapacity.

    The person's row is held first: two windows of one person never go beyond the capacity. SKIP LOCKED: people who
    ask at the same moment get different tickets.
    """
    access.require(user, Capability.WORK_TICKETS)
    worker = workers.hold(user.pk)
    if worker is None or not worker.is_on_duty:
        raise OffDuty
    if worker.room == 0:
        raise AtCapacity(workers.one(user.pk) or worker)  # whoever was held is counted up to the capacity
    claimed = to_take.claim(worker)
    if claimed is None:
        return None
    ticket = held(claimed)
    give_to(ticket, user, by=actors.staff(user))
    return ticket
