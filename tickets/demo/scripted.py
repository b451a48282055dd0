"""Cases written out by hand: the demo customer's own four, and some that show what clocks do, whatever day it is.

Of the customer's one waits for an answer, one is new, one is solved, one is closed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from tickets.choices import Nature, Status
from tickets.demo import gaps as gap
from tickets.demo.cast import Cast, Person
from tickets.demo.gaps import Gaps
from tickets.demo.material import Scenario, phrases, scenario
from tickets.demo.story import Act, Moment, Story
from tickets.rules import numbers
from tickets.rules.courtesy import nature_of

LANGUAGE = "zh-hans"
#: Hours ago, the act, which words are said (of the scenario, or of the phrases), what becomes of the status.
Step = tuple[float, Act, str, Status | None]


@dataclass(frozen=True)
class Script:
    """``worker`` empty: the demo's agent. ``customer``: which of the invented ones; None: the demo's own."""

    scenario: str
    #: Hours ago.
    opened: float
    steps: tuple[Step, ...]
    brand: str = "btp"
    worker: str = ""
    customer: int | None = None


OWN = (
    Script(
        "refund-progress",
        24 * 40,
        (
            (24 * 40 - 2, Act.REPLY, "agent_ask", Status.PENDING),
            (24 * 40 - 5, Act.CUSTOMER_REPLY, "customer_answer", None),
            (24 * 39, Act.REPLY, "agent_solution", Status.SOLVED),
            (24 * 32 - 2, Act.CLOSE, "", Status.CLOSED),
        ),
    ),
    Script(
        "login-locked-after-attempts",
        24 * 4,
        (
            (24 * 4 - 1, Act.REPLY, "agent_ask", Status.PENDING),
            (24 * 4 - 3, Act.CUSTOMER_REPLY, "customer_answer", None),
            (24 * 3, Act.REPLY, "agent_solution", Status.SOLVED),
            (24 * 3 - 2, Act.CUSTOMER_REPLY, "mere_thanks", None),
        ),
    ),
    Script(
        "withdrawal-pending-days",
        26,
        (
            (25, Act.ASSIGN, "", None),
            (24.5, Act.REPLY, "agent_ask", Status.PENDING),
        ),
    ),
    Script("recharge-bank-card-missing", 0.8, ()),
)
#: A next reply and a regular update that are soon due; a complaint under the law while the customer is waited for; one
#: that the law gives two clocks; a bank that is waited for; a promise that was broken, and who was told.
SHOWN = (
    Script(
        "freeze-emergency-lost-phone",
        3.4,
        (
            (3.35, Act.ASSIGN, "", None),
            (3.3, Act.REPLY, "agent_ask", Status.PENDING),
            (1.7, Act.CUSTOMER_REPLY, "customer_answer", None),
        ),
        worker="han.xue@demo.test",
        customer=3,
    ),
    Script(
        "security-unknown-transaction",
        5.2,
        (
            (5.1, Act.ASSIGN, "", None),
            (5.0, Act.REPLY, "agent_ask", Status.PENDING),
            (4.6, Act.CUSTOMER_REPLY, "customer_answer", None),
            (3.9, Act.REPLY, "still_waiting", None),
        ),
        brand="bitai",
        worker="shen.lu@demo.test",
        customer=7,
    ),
    Script(
        "complaint-slow-service",
        24 * 12.6,
        (
            (24 * 12.4, Act.ASSIGN, "", None),
            (24 * 12.2, Act.REPLY, "agent_ask", Status.PENDING),
        ),
        worker="tang.yue@demo.test",
        customer=11,
    ),
    Script(
        "complaint-decision",
        24 * 5,
        (
            (24 * 4.9, Act.ASSIGN, "", None),
            (24 * 4.8, Act.REPLY, "agent_ask", Status.PENDING),
            (24 * 4.1, Act.CUSTOMER_REPLY, "customer_answer", None),
            (24 * 3.8, Act.REPLY, "still_waiting", None),
        ),
        brand="bitai",
        worker="priya.nair@demo.test",
        customer=16,
    ),
    Script(
        "withdrawal-failed-name",
        24 * 2.2,
        (
            (24 * 2.1, Act.ASSIGN, "", None),
            (24 * 2.05, Act.REPLY, "agent_ask", Status.PENDING),
            (24 * 1.5, Act.CUSTOMER_REPLY, "customer_answer", None),
            (24 * 1.2, Act.NOTE, "holding", None),
            (24 * 1.19, Act.STATUS, "", Status.ON_HOLD),
        ),
        customer=23,
    ),
    Script(
        "recharge-wrong-amount",
        24 * 4.3,
        (
            (24 * 4.2, Act.ASSIGN, "", None),
            (24 * 4.1, Act.REPLY, "agent_ask", Status.PENDING),
            (24 * 3.9, Act.CUSTOMER_REPLY, "customer_answer", None),
        ),
        brand="bobao",
        customer=31,
    ),
)


def stories(cast: Cast, *, seed: int, now: datetime) -> Iterator[Story]:
    rng = Random(f"{seed} scripted")  # noqa: S311 - it has to repeat
    now = now.replace(microsecond=0)
    for script in (*OWN, *SHOWN):
        yield _story(cast, rng, script, now)


def _story(cast: Cast, rng: Random, script: Script, now: datetime) -> Story:
    found, agent = scenario(script.scenario), cast.workers[script.worker or cast.agent]
    customer = _customer(cast, script)
    opened_at = now - timedelta(hours=script.opened)
    facts = gap.invent(
        rng,
        language=LANGUAGE,
        customer=customer.name,
        email=customer.email,
        agent=agent.names[LANGUAGE],
        brand=cast.brands[script.brand][LANGUAGE],
        opened_at=opened_at,
    )
    subject = _words(found, facts, "subject", by_customer=True)
    return Story(
        number=numbers.new_number(rng.randrange),
        brand=script.brand,
        customer=customer.email,
        category=found.category,
        language=LANGUAGE,
        subject=subject,
        body=_words(found, facts, "opening", by_customer=True),
        opened_at=opened_at,
        answers=gap.answers(cast.forms[found.category], facts, found, subject, rng),
        moments=tuple(_moment(step, found, facts, agent.email, now) for step in script.steps),
    )


def _customer(cast: Cast, script: Script) -> Person:
    if script.customer is None:
        return cast.customer
    people = cast.customers[LANGUAGE]
    return people[script.customer % len(people)]


def _moment(step: Step, found: Scenario, facts: Gaps, agent: str, now: datetime) -> Moment:
    ago, act, part, status = step
    by_customer = act is Act.CUSTOMER_REPLY
    text = _words(found, facts, part, by_customer=by_customer) if part else ""
    return Moment(
        now - timedelta(hours=ago),
        act,
        "" if by_customer or act is Act.CLOSE else agent,
        text,
        status=status,
        to=agent if act is Act.ASSIGN else "",
        nature=nature_of(text, names=facts.names) if by_customer else Nature.SUBSTANCE,
    )


def _words(found: Scenario, facts: Gaps, part: str, *, by_customer: bool) -> str:
    """Of the scenario, where it has such a part; else of the phrases that fit any."""
    variants = found.texts[part][LANGUAGE] if part in found.texts else phrases(part, LANGUAGE)
    return facts.fill(variants[0], by_customer=by_customer)
