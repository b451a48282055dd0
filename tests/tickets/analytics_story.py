"""A week small enough to count by hand, made by the actions. Times are Shanghai's; 2 March 2026 is a Monday.

| case | opened | first reply | then |
|---|---|---|---|
| A | Mon 10:00 | 10:30 | waits for the customer 11:00-14:00, solved 15:00 |
| B | Mon 23:59 | Tue 09:20 | open, its solution overdue since Tue 17:00 |
| C | Tue 00:01 | none | open, both promises overdue |
| D | Tue 11:00 | 12:00 | solved with the reply, opened again by the customer Wed 09:30 |
| E | Wed 10:00 | none | open, both promises running |
| H | Mon 09:00, imported on Wed 10:00 | none | open, both promises overdue |
| F | Tue 24 Feb 10:00 | 10:30 | solved 12:00: in the week before |
| G | Wed 25 Feb 11:00 | none | solved 12:00: in the week before, but later in the day than it is now |

It is now Wednesday 4 March, 10:30.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from accounts.models import User
from helpdesk.lib import clock
from tickets import actors
from tickets.actions.messages import customer_reply, reply
from tickets.actions.status import change_status
from tickets.choices import Channel, Counting, Status, TimerKind
from tickets.models import SlaPolicy, SlaTarget, Ticket

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 4, 10, 30, tzinfo=SHANGHAI)


def at(day: int, hour: int, minute: int = 0, *, month: int = 3) -> Any:
    return clock.frozen(datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI))


def tell(make_ticket: Callable[..., Ticket], agent: User) -> dict[str, Ticket]:
    """The whole story, oldest first; the cases by their letter."""
    by = actors.staff(agent)
    case: dict[str, Ticket] = {}
    with at(24, 10, month=2):
        case["F"] = make_ticket(subject="F")
    with at(24, 10, 30, month=2):
        reply(case["F"], body="Looking", by=by)
    with at(24, 12, month=2):
        change_status(case["F"], to=Status.SOLVED, by=by)
    with at(25, 11, month=2):
        case["G"] = make_ticket(subject="G")
    with at(25, 12, month=2):
        change_status(case["G"], to=Status.SOLVED, by=by)
    _monday(case, make_ticket, by)
    _tuesday(case, make_ticket, by)
    with at(4, 9, 30):
        customer_reply(case["D"], body="Still not there", by=actors.customer(case["D"].customer))
    with at(4, 10):
        case["E"] = make_ticket(subject="E")
        opened = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)
        case["H"] = make_ticket(subject="H", channel=Channel.IMPORT, opened_at=opened)
    return {letter: Ticket.objects.get(pk=row.pk) for letter, row in case.items()}


def _monday(case: dict[str, Ticket], make_ticket: Callable[..., Ticket], by: actors.Actor) -> None:
    with at(2, 10):
        case["A"] = make_ticket(subject="A")
    with at(2, 10, 30):
        reply(case["A"], body="Looking", by=by)
    with at(2, 11):
        change_status(case["A"], to=Status.PENDING, by=by)
    with at(2, 14):
        customer_reply(case["A"], body="Here", by=actors.customer(case["A"].customer))
    with at(2, 15):
        change_status(case["A"], to=Status.SOLVED, by=by)
    with at(2, 23, 59):
        case["B"] = make_ticket(subject="B", channel=Channel.EMAIL)


def _tuesday(case: dict[str, Ticket], make_ticket: Callable[..., Ticket], by: actors.Actor) -> None:
    with at(3, 0, 1):
        case["C"] = make_ticket(subject="C")
    with at(3, 9, 20):
        reply(case["B"], body="Looking", by=by)
    with at(3, 11):
        case["D"] = make_ticket(subject="D")
    with at(3, 12):
        reply(case["D"], body="Done", by=by, then=Status.SOLVED)


def tell_promises(make_ticket: Callable[..., Ticket], agent: User, policy: SlaPolicy) -> dict[str, Ticket]:
    """The same story, with more promised: a next reply within 90 working minutes, and by law a solution within two days
    on the clock.

    | case | besides |
    |---|---|
    | A | asks Mon 14:00, solved 15:00: that reply is owed no longer; the law is kept |
    | B | asks Tue 10:30, answered 11:45; asks 13:00, answered 16:00, too late; by law due Wed 23:59 |
    | D | asks Wed 09:30 |
    | H | by law overdue since Wed 09:00 |
    """
    SlaTarget.objects.create(policy=policy, kind=TimerKind.NEXT_RESPONSE, minutes=90)
    law = SlaPolicy.objects.create(name="Law", position=1, is_statutory=True, pauses_on=[])
    SlaTarget.objects.create(
        policy=law, kind=TimerKind.RESOLUTION, minutes=2 * 24 * 60, counting=Counting.ELAPSED
    )
    case = tell(make_ticket, agent)
    customer, by = actors.customer(case["B"].customer), actors.staff(agent)
    with at(3, 10, 30):
        customer_reply(case["B"], body="Where is my money?", by=customer)
    with at(3, 11, 45):
        reply(case["B"], body="We look for it", by=by)
    with at(3, 13):
        customer_reply(case["B"], body="Have you found it?", by=customer)
    with at(3, 16):
        reply(case["B"], body="Not yet", by=by)
    return {letter: Ticket.objects.get(pk=row.pk) for letter, row in case.items()}
