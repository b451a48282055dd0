"""The demo customer's own four cases: one waits for an answer, one is new, one is solved, one is closed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from tickets.choices import Status
from tickets.demo import gaps as gap
from tickets.demo.cast import Cast
from tickets.demo.material import scenario
from tickets.demo.story import Act, Moment, Story
from tickets.rules import numbers

BRAND, LANGUAGE = "btp", "zh-hans"
#: Scenario, how many hours ago it was opened, then each act with the hours ago: what it says and what it makes of it.
Step = tuple[float, Act, str, Status | None]
CASES: tuple[tuple[str, float, tuple[Step, ...]], ...] = (
    (
        "refund-progress",
        24 * 40,
        (
            (24 * 40 - 2, Act.REPLY, "agent_ask", Status.PENDING),
            (24 * 40 - 5, Act.CUSTOMER_REPLY, "customer_answer", None),
            (24 * 39, Act.REPLY, "agent_solution", Status.SOLVED),
            (24 * 32 - 2, Act.CLOSE, "", Status.CLOSED),
        ),
    ),
    (
        "login-locked-after-attempts",
        24 * 4,
        (
            (24 * 4 - 1, Act.REPLY, "agent_ask", Status.PENDING),
            (24 * 4 - 3, Act.CUSTOMER_REPLY, "customer_answer", None),
            (24 * 3, Act.REPLY, "agent_solution", Status.SOLVED),
        ),
    ),
    (
        "withdrawal-pending-days",
        26,
        (
            (25, Act.ASSIGN, "", None),
            (24.5, Act.REPLY, "agent_ask", Status.PENDING),
        ),
    ),
    ("recharge-bank-card-missing", 0.8, ()),
)


def stories(cast: Cast, *, seed: int, now: datetime) -> Iterator[Story]:
    rng = Random(f"{seed} scripted")  # noqa: S311 - it has to repeat
    now = now.replace(microsecond=0)
    for key, opened, steps in CASES:
        yield _story(cast, rng, key, now, opened, steps)


def _story(cast: Cast, rng: Random, key: str, now: datetime, opened: float, steps: tuple[Step, ...]) -> Story:
    found, agent = scenario(key), cast.workers[cast.agent]
    opened_at = now - timedelta(hours=opened)
    facts = gap.invent(
        rng,
        language=LANGUAGE,
        customer=cast.customer.name,
        email=cast.customer.email,
        agent=agent.names[LANGUAGE],
        brand=cast.brands[BRAND][LANGUAGE],
        opened_at=opened_at,
    )

    def words(part: str, by_customer: bool) -> str:
        return facts.fill(found.texts[part][LANGUAGE][0], by_customer=by_customer) if part else ""

    def moment(step: Step) -> Moment:
        ago, act, part, status = step
        ours = act in (Act.REPLY, Act.ASSIGN)
        to = agent.email if act is Act.ASSIGN else ""
        text = words(part, by_customer=not ours)
        return Moment(
            now - timedelta(hours=ago), act, agent.email if ours else "", text, status=status, to=to
        )

    subject = words("subject", by_customer=True)
    return Story(
        number=numbers.new_number(rng.randrange),
        brand=BRAND,
        customer=cast.customer.email,
        category=found.category,
        language=LANGUAGE,
        subject=subject,
        body=words("opening", by_customer=True),
        opened_at=opened_at,
        answers=gap.answers(cast.forms[found.category], facts, found, subject, rng),
        moments=tuple(map(moment, steps)),
    )
