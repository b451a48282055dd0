"""The whole demo, or more of its tickets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from heapq import merge

from django.db import transaction

from accounts.models import Brand
from helpdesk.lib import clock
from tickets.demo import (
    acts,
    cast,
    knowledge,
    mail,
    people,
    privacy,
    promises,
    proofs,
    routing,
    scripted,
    world,
    writer,
)
from tickets.demo.desk import Desk
from tickets.demo.plot import Plot
from tickets.demo.story import Story

#: So many cases, on average, a customer has filed.
CASES_EACH = 4


def is_empty() -> bool:
    return not Brand.objects.exists()


@transaction.atomic
def load(*, seed: int, tickets: int, days: int) -> Counter[str]:
    """Configuration, people, articles and tickets, all or nothing; how many of each."""
    now = clock.now()
    world.build()
    people.create_staff()
    promises.build()
    people.create_customers(
        max(200, tickets // CASES_EACH), seed=seed, known_since=now - timedelta(days=days + 30)
    )
    tally: Counter[str] = Counter(articles=knowledge.build(), mails=mail.build())
    desk = Desk.read()
    tally.update(
        writer.write(stories(desk, seed=seed, tickets=tickets, days=days, now=now), now=now, desk=desk)
    )
    tally.update(acts=acts.build(desk, now))
    # Now only: the past was before there were rules.
    tally.update(rules=routing.build(), proofs=proofs.build())
    tally.update(privacy=privacy.build())
    return tally


def stories(desk: Desk, *, seed: int, tickets: int, days: int, now: datetime) -> Iterator[Story]:
    """A stream of so many stories, oldest first; benchmarks feed ``writer.write`` with millions of them."""
    company = cast.of_desk(desk)
    own = list(scripted.stories(company, seed=seed, now=now))[:tickets]
    invented = Plot(company, seed=seed, now=now, days=days).stories(tickets - len(own))
    yield from merge(own, invented, key=lambda story: story.opened_at)
