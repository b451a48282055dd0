"""The rows of one batch of seeded tickets, table by table, in the order in which they refer to one another."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Model

from accounts.models import Customer
from benchmarks import texts
from benchmarks.copying import ids
from benchmarks.seed import World
from helpdesk.lib.text_search import to_tsvector_literal
from tickets.models import Event, Message, Ticket, TicketSearch, Timer, TrackingLink
from tickets.queries.calendars import working_calendar
from tickets.rules import numbers, sla
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
    "calendar_id",
    "target_seconds",
    "state",
    "started_at",
    "running_since",
    "used_seconds",
    "due_at",
    "check_at",
    "done_at",
    "breached_at",
]
EVENT = ["id", "ticket_id", "kind", "at", "actor_kind", "actor_id", "actor_name", "message_id", "data"]
LINK = ["id", "ticket_id", "created_at", "expires_at"]

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
    category_id, team_id, policy = rng.choice(world.categories)
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
    due, breached = _timers(world, rows, pk, brand, policy, priority, opened, answered, ended, status)
    subject = texts.SUBJECTS[language][kind]
    code = _number(world, rng)
    rows[Ticket].append(
        (pk, code, brand.pk, customer_pk, category_id, subject, {}, language, rng.choice(["web", "web", "email", "chat"]),
         status, priority, team_id, agent.pk if agent else None, [], 3, opened, ended or answered or opened, answered,
         ended, ended if status == "closed" else None, 0, due, breached, opened, answered)
    )  # fmt: skip
    reply = rng.choice(texts.REPLIES[language])
    first, second = _messages(rows, pk, text, reply, agent, opened, answered)
    _events(rows, pk, first, second, agent, opened, answered, ended)
    document = to_tsvector_literal(
        [(f"{code} {numbers.display(code)} {subject}", "A"), (f"Customer {customer_pk} bench{customer_pk}@example.com", "B"),
         (text, "D"), (reply if answered else "", "D")]
    )  # fmt: skip
    rows[TicketSearch].append((pk, document))
    rows[TrackingLink].append((_next(TrackingLink), pk, opened, opened + timedelta(days=90)))


def _timers(world: World, rows: Any, pk: int, brand: Any, policy: Any, priority: int, opened: datetime,
            answered: datetime | None, ended: datetime | None, status: str) -> tuple[datetime | None, bool]:  # fmt: skip
    calendar = policy.calendar or world.calendars[brand.pk]
    hours = working_calendar(calendar)
    nearest, broken = None, False
    for kind, target in world.targets[(policy.pk, priority)].items():
        stop = answered if kind == "first_response" else ended
        stop = stop or (answered if status == "pending" else None)
        due = sla.due_at(hours, Run(target, 0, opened))
        assert due is not None
        breached = due if due < (stop or NOW) else None
        state = "running" if stop is None else "paused" if kind == "resolution" and ended is None else "done"
        used = sla.used_at(hours, Run(target, 0, opened), stop) if stop else 0
        running = state == "running"
        rows[Timer].append(
            (_next(Timer), pk, kind, policy.pk, calendar.pk, target, state, opened, opened if running else None, used,
             due if running else None, due if running and not breached else None,
             stop if state == "done" else None, breached)
        )  # fmt: skip
        broken = broken or breached is not None
        if running:
            nearest = min(filter(None, (nearest, due)))
    return nearest, broken


def _messages(rows: Any, pk: int, text: str, reply: str, agent: Any, opened: datetime,
              answered: datetime | None) -> tuple[int, int | None]:  # fmt: skip
    first = _next(Message)
    rows[Message].append((first, pk, "public", "customer", None, "Customer", "web", text, opened))
    second = _next(Message)
    if answered is None:
        rows[Message].append((second, pk, "internal", "staff", None, "Desk", "web", reply, opened))
        return first, None
    name, author = (agent.display_name, agent.pk) if agent else ("Desk", None)
    rows[Message].append((second, pk, "public", "staff", author, name, "web", reply, answered))
    return first, second


def _events(rows: Any, pk: int, first: int, second: int | None, agent: Any, opened: datetime, answered: datetime | None,
            ended: datetime | None) -> None:  # fmt: skip
    who = agent.pk if agent else None

    def add(kind: str, at: datetime, actor: str, message: int | None, data: dict[str, Any]) -> None:
        rows[Event].append(
            (_next(Event), pk, kind, at, actor, who if actor == "staff" else None, "", message, data)
        )

    add("opened", opened, "customer", first, {"channel": "web"})
    if answered is not None:
        add("replied", answered, "staff", second, {"then": "pending"})
        add("timer_met", answered, "staff", None, {"timer": "first_response"})
    if ended is not None:
        add("status_changed", ended, "staff", None, {"from": "pending", "to": "solved"})
        add("timer_met", ended, "staff", None, {"timer": "resolution"})
