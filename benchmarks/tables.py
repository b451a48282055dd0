"""The rows of one batch of seeded tickets, table by table, in the order in which they refer to one another."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Model

from accounts.models import Customer
from benchmarks import texts
from benchmarks.copying import ids
from benchmarks.seed import World
from tickets.actions.timers import hours_promised
from tickets.choices import LASTING_KINDS, BreachCause, ClockReason, TimerKind
from tickets.models import Event, Message, Ticket, TicketSearch, Timer, TrackingLink
from tickets.queries.categories import is_complaint
from tickets.queries.promises import Promise, case, promises
from tickets.rules import numbers, search_words, sla
from tickets.rules.sla import Run

NOW = datetime.now(UTC).replace(microsecond=0)
YEAR = 365 * 24 * 3600
CUSTOMER = ["id", "name", "email", "phone", "language", "created_at"]
TICKET = [
    "id",
    "number",
    "brand_id",
    "customer_id",
    "category_id",
    "subject",
    "fields",
    "language",
    "channel",
    "status",
    "priority",
    "team_id",
    "assignee_id",
    "tags",
    "version",
    "created_at",
    "updated_at",
    "first_response_at",
    "solved_at",
    "closed_at",
    "reopen_count",
    "due_at",
    "is_breached",
    "last_customer_message_at",
    "last_staff_message_at",
    "is_complaint",
]
MESSAGE = [
    "id",
    "ticket_id",
    "visibility",
    "author_kind",
    "author_id",
    "author_name",
    "channel",
    "body",
    "created_at",
]
TIMER = [
    "id",
    "ticket_id",
    "kind",
    "policy_id",
    "is_statutory",
    "calendar_id",
    "target_seconds",
    "pauses_on",
    "state",
    "started_at",
    "running_since",
    "used_seconds",
    "due_at",
    "check_at",
    "done_at",
    "breached_at",
    "breach_cause",
]
EVENT = ["id", "ticket_id", "kind", "at", "actor_kind", "actor_id", "actor_name", "message_id", "data"]
LINK = ["id", "ticket_id", "created_at", "expires_at"]

#: Every so many tickets one has so many messages.
LONG_EVERY, LONG = 100_000, 300

#: When a ticket was opened, and whether it still is.
Opening = tuple[datetime, bool]
_ids: dict[type[Model], Any] = {}


def TABLES() -> list[tuple[type[Model], list[str]]]:
    return [
        (Customer, CUSTOMER),
        (Ticket, TICKET),
        (Message, MESSAGE),
        (Timer, TIMER),
        (Event, EVENT),
        (TicketSearch, ["ticket_id", "document"]),
        (TrackingLink, LINK),
    ]


def _next(model: type[Model]) -> int:
    return int(next(_ids.setdefault(model, ids(model))))


def all_openings(count: int, rng: random.Random) -> list[Opening]:
    """When each ticket was opened and whether it still is: the oldest first, for ids rise with time."""
    drawn = []
    for _ in range(count):
        active = rng.random() < 0.125
        # The open ones are recent, as they are on a desk that works.
        age = rng.random() ** 2 * 30 * 24 * 3600 if active else rng.random() * YEAR
        drawn.append((NOW - timedelta(seconds=int(age) + 60), active))
    return sorted(drawn)


def rows_of(
    world: World, batch: dict[int, Opening], rng: random.Random
) -> dict[type[Model], list[tuple[Any, ...]]]:
    rows: dict[type[Model], list[tuple[Any, ...]]] = {model: [] for model, _ in TABLES()}
    customers: list[tuple[int, str]] = []
    for number, opening in batch.items():
        # One customer for about four tickets.
        if not customers or rng.random() < 0.25:
            customers.append(_customer(rows, number, rng))
        _ticket(world, rows, number, opening, rng.choice(customers[-400:]), rng)
    return rows


def _customer(rows: Any, number: int, rng: random.Random) -> tuple[int, str]:
    pk, language = _next(Customer), "zh-hans" if rng.random() < 0.6 else "en"
    rows[Customer].append(
        (pk, f"Customer {pk}", f"bench{pk}@example.com", "", language, NOW - timedelta(days=400))
    )
    return pk, language


def _number(world: World, rng: random.Random) -> str:
    while True:
        number = numbers.new_number(rng.randrange)
        if number not in world.numbers:
            world.numbers.add(number)
            return number


def _ticket(world: World, rows: Any, number: int, opening: Opening, customer: tuple[int, str],
            rng: random.Random) -> None:  # fmt: skip
    pk, (customer_pk, language), (opened, active) = _next(Ticket), customer, opening
    brand = rng.choice(world.brands)
    category, team_id = rng.choice(world.categories)
    status = (
        rng.choice(["new", "open", "open", "pending", "on_hold"])
        if active
        else rng.choice(["solved", "closed", "closed"])
    )
    people = world.agents.get((brand.pk, team_id), [])
    agent = rng.choice(people) if people and status != "new" else None
    kind, text = texts.opening(rng, language, number)
    answered = None if status == "new" else min(opened + timedelta(minutes=rng.randrange(5, 600)), NOW)
    ended = min(opened + timedelta(hours=rng.randrange(11, 90)), NOW) if not active else None
    priority = rng.choice([10, 20, 20, 20, 30, 40])
    held_to = case(category, brand_id=brand.pk, priority=priority, channel="web", customer=Customer(),
                   is_complaint=is_complaint(category), opened_at=opened)  # fmt: skip
    promised = promises(held_to, team_id=team_id, known=world.policies, calendars=world.calendars)
    lasting = [promise for promise in promised if promise.kind in LASTING_KINDS]
    clocks = [_clock(pk, promise, opened, answered, ended, status) for promise in lasting]
    rows[Timer] += [clock.row for clock in clocks]
    due = min((clock.due for clock in clocks if clock.due), default=None)
    breached = any(clock.broken for clock in clocks)
    said = _conversation(rows, pk, text, agent, Talk(language, number, status, opened, answered, ended), rng)
    _events(rows, pk, said, agent, opened, ended, clocks)
    subject = texts.SUBJECTS[language][kind]
    code = _number(world, rng)
    rows[Ticket].append(
        (pk, code, brand.pk, customer_pk, category.pk, subject, {}, language, rng.choice(["web", "web", "email", "chat"]),
         status, priority, team_id, agent.pk if agent else None, [], 3, opened, ended or answered or opened, answered,
         ended, ended if status == "closed" else None, 0, due, breached, _last(said, by_customer=True),
         _last(said, by_customer=False), held_to.is_complaint)
    )  # fmt: skip
    document = search_words.document(
        [(f"{code} {numbers.display(code)} {subject}", "A"), (f"Customer {customer_pk} bench{customer_pk}@example.com", "B"),
         (text, "D"), (" ".join(turn.text for turn in said[1:]), "D")]
    )  # fmt: skip
    rows[TicketSearch].append((pk, document))
    rows[TrackingLink].append((_next(TrackingLink), pk, opened, opened + timedelta(days=90)))


@dataclass
class Clock:
    """A row of the table of clocks, and what the rest of the ticket says of it."""

    row: tuple[Any, ...]
    due: datetime | None
    broken: bool
    #: Events of it: kind, when, by whom, data.
    told: list[tuple[str, datetime, str, dict[str, Any]]]


def _clock(ticket: int, promise: Promise, opened: datetime, answered: datetime | None, ended: datetime | None,
           status: str) -> Clock:  # fmt: skip
    hours = hours_promised(promise)
    calendar = promise.hours.calendar if promise.hours else None
    run, target = Run(promise.target_seconds, 0, opened), promise.target_seconds
    done = answered if promise.kind == TimerKind.FIRST_RESPONSE else ended
    paused = answered if done is None and status in promise.pauses_on else None
    stop = done or paused
    due = sla.due_at(hours, run)
    assert due is not None
    breached = due if due < (stop or NOW) else None
    state = "done" if done else "paused" if paused else "running"
    used = sla.used_at(hours, run, stop) if stop else 0
    pk, running = _next(Timer), state == "running"
    pauses = f"{{{','.join(promise.pauses_on)}}}"
    row = (pk, ticket, promise.kind, promise.policy_id, promise.is_statutory, calendar, target, pauses, state, opened,
           opened if running else None, used, due if running else None, due if running and not breached else None,
           done, breached, BreachCause.ANSWERED_LATE.value if breached else "")  # fmt: skip

    def fact(why: ClockReason, used: int, due: datetime | None) -> dict[str, Any]:
        return {"timer": promise.kind, "timer_id": pk, "why": why.value, "used_seconds": used, "target_seconds": target,
                "calendar": calendar, "due_at": due.isoformat() if due else None}  # fmt: skip

    told = [("timer_started", opened, "customer", fact(ClockReason.OPENED, 0, due))]
    if paused:
        told.append(("timer_paused", paused, "staff", fact(ClockReason.WAITING_FOR_CUSTOMER, used, None)))
    if done:
        why = ClockReason.ANSWERED if promise.kind == TimerKind.FIRST_RESPONSE else ClockReason.SOLVED
        told.append(("timer_missed" if breached else "timer_met", done, "staff", fact(why, used, None)))
    return Clock(row, due if running else None, breached is not None, told)


def _last(said: list[Turn], *, by_customer: bool) -> datetime | None:
    return max((turn.at for turn in said if turn.is_public and turn.by_customer == by_customer), default=None)


@dataclass(frozen=True)
class Talk:
    """What a conversation is made of."""

    language: str
    number: int
    status: str
    opened: datetime
    answered: datetime | None
    ended: datetime | None

    @property
    def messages(self) -> int:
        """Three on average; the customer has the last word while we owe an answer. A few tell a long story."""
        if self.number % LONG_EVERY == 11:
            return LONG
        if self.status == "new":
            return 2
        few = self.number % 2 == 0
        return (3 if few else 5) if self.status in ("open", "on_hold") else (2 if few else 4)


@dataclass(frozen=True)
class Turn:
    pk: int
    text: str
    at: datetime
    by_customer: bool
    is_public: bool = True


def _conversation(rows: Any, pk: int, text: str, agent: Any, talk: Talk, rng: random.Random) -> list[Turn]:
    """In turns, the first by the customer, at even distances until the end or now."""
    name, author = (agent.display_name, agent.pk) if agent else ("Desk", None)
    until = talk.ended or NOW
    start = talk.answered or talk.opened
    step = (until - start) / (talk.messages + 1)
    turns = [Turn(_next(Message), text, talk.opened, True)]
    for place in range(1, talk.messages):
        by_customer = place % 2 == 0
        words = texts.ANSWERS if by_customer else texts.REPLIES
        at = start + step * (place - 1)
        public = talk.answered is not None
        turns.append(
            Turn(_next(Message), rng.choice(words[talk.language]), at, by_customer and public, public)
        )
    for turn in turns:
        visibility = "public" if turn.is_public else "internal"
        who = ("customer", None, "Customer") if turn.by_customer else ("staff", author, name)
        rows[Message].append((turn.pk, pk, visibility, *who, "web", turn.text, turn.at))
    return turns


def _events(
    rows: Any,
    pk: int,
    said: list[Turn],
    agent: Any,
    opened: datetime,
    ended: datetime | None,
    clocks: list[Clock],
) -> None:
    who = agent.pk if agent else None

    def add(kind: str, at: datetime, actor: str, message: int | None, data: dict[str, Any]) -> None:
        rows[Event].append(
            (_next(Event), pk, kind, at, actor, who if actor == "staff" else None, "", message, data)
        )

    add("opened", opened, "customer", said[0].pk, {"channel": "web"})
    for turn in said[1:]:
        kind = "replied" if turn.is_public else "noted"
        add(kind, turn.at, "customer" if turn.by_customer else "staff", turn.pk, {"then": None})
    if ended is not None:
        add("status_changed", ended, "staff", None, {"from": "pending", "to": "solved"})
    for kind, at, actor, data in (told for clock in clocks for told in clock.told):
        add(kind, at, actor, None, data)
