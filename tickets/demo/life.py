"""How a case goes on after it was opened: at the pace of people who sleep and of desks that close."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp
from random import Random

from tickets.choices import Status, TimerKind
from tickets.demo.cast import Duty, Worker
from tickets.demo.gaps import Gaps
from tickets.demo.material import Scenario, phrases
from tickets.demo.story import Act, Moment
from tickets.rules.business_time import add_working_time
from tickets.rules.courtesy import nature_of

HOUR = 3600
#: As AUTO_CLOSE_DAYS; the hourly closing runs at seven past.
CLOSE_AFTER = timedelta(days=7)
CLOSING_MINUTE = 7


@dataclass
class Life:
    """Writes moments one after another; ``at`` is how far the case has come."""

    rng: Random
    scenario: Scenario
    gaps: Gaps
    duty: Duty
    worker: Worker
    lead: str
    #: Which of the openings the customer wrote: the answer and the solution that fit it follow from that.
    variant: int
    at: datetime

    def __post_init__(self) -> None:
        self.moments: list[Moment] = []
        self.priority = self.duty.priority

    def live(self) -> tuple[Moment, ...]:
        self._begin()
        course = self.rng.choices(list(COURSES), weights=list(COURSES.values()))[0]
        course(self)
        self._close()
        return tuple(self.moments)

    # Courses ──────────────────────────────────────────────────────────────────────────────────────────────────
    def straight(self) -> None:
        """The first reply is the solution."""
        if self.rng.random() < 0.3:
            self._note_the_cause()
            self._pass(90)
        self._reply(self._say("agent_solution"), Status.SOLVED)

    def asked(self) -> None:
        self._ask_and_hear()
        self._solve()

    def confirmed(self) -> None:
        self._ask_and_hear()
        self._work(0.15)
        self._reply(self._say("agent_solution"), Status.PENDING)
        self._wait()
        self._customer("customer_thanks")
        self._work(0.03)
        self._add(Act.STATUS, status=Status.SOLVED)

    def held(self) -> None:
        self._ask_and_hear()
        self._note(phrases("holding", self.gaps.language))
        self._pass(60)
        self._add(Act.STATUS, status=Status.ON_HOLD)
        self._work(0.25)
        self._add(Act.STATUS, status=Status.OPEN)
        self._pass(120)
        self._reply(self._say("agent_solution"), Status.SOLVED)

    def reopened(self) -> None:
        self.asked()
        self._wait(hours=14)
        self._customer_says(self._pick(phrases("reopen", self.gaps.language)))
        self._work(0.08)
        self._reply(self._pick(phrases("second_solution", self.gaps.language)), Status.SOLVED)

    def thanked(self) -> None:
        """Solved, and a kind word after it, which opens nothing."""
        self.asked()
        self._wait()
        self._customer_says(self._pick(phrases("mere_thanks", self.gaps.language)))

    def urged(self) -> None:
        """A third party is waited for, and the customer asks in between."""
        self._ask_and_hear()
        self._note(phrases("holding", self.gaps.language))
        self._pass(60)
        self._add(Act.STATUS, status=Status.ON_HOLD)
        self._wait(hours=5)
        self._customer_says(self._pick(phrases("impatient", self.gaps.language)))
        self._answer(0.3)
        self._add(Act.REPLY, text=self._filled(phrases("still_waiting", self.gaps.language)))
        self._work(0.15)
        self._add(Act.STATUS, status=Status.OPEN)
        self._pass(120)
        self._reply(self._say("agent_solution"), Status.SOLVED)

    def complained(self) -> None:
        """It becomes a complaint on the way."""
        self._ask_and_hear()
        self._wait(hours=3)
        self._customer_says(self._pick(phrases("complains", self.gaps.language)))
        self._answer(0.2)
        self._note(phrases("complaint_note", self.gaps.language))
        self._add(Act.COMPLAINT)
        self._pass(300)
        self._add(Act.REPLY, text=self._filled(phrases("still_waiting", self.gaps.language)))
        self._solve()

    def handed(self) -> None:
        """Passed to another team, and back."""
        self._ask_and_hear()
        self._note(phrases("handed", self.gaps.language))
        self._add(Act.TEAM, to=self.duty.elsewhere)
        self._work(0.3)
        self.moments.append(
            Moment(self.at, Act.NOTE, self.lead, self._filled(phrases("handed_back", self.gaps.language)))
        )
        self.moments.append(Moment(self.at, Act.TEAM, self.lead, to=self.duty.team))
        self.moments.append(Moment(self.at, Act.ASSIGN, self.lead, to=self.worker.email))
        self._solve()

    def silent(self) -> None:
        self._reply(self._say("agent_ask"), Status.PENDING)
        self.at += timedelta(days=self.rng.uniform(3, 5))
        self._work(0.02)
        self._reply(self._pick(phrases("no_answer_close", self.gaps.language)), Status.SOLVED)

    def settled(self) -> None:
        """It mended itself, and the customer says so on the page."""
        self._reply(self._say("agent_ask"), Status.PENDING)
        self._wait()
        self.moments.append(Moment(self.at, Act.CUSTOMER_STATUS, status=Status.SOLVED))

    # Parts of a course ────────────────────────────────────────────────────────────────────────────────────────
    def _begin(self) -> None:
        """Until the first reply is due to be written: who takes it, how urgent it is."""
        slow = self.rng.uniform(2.5, 5) if self.rng.random() < 0.07 else 1.0
        raised = self.scenario.priority > self.priority and self.rng.random() < 0.6
        if raised:
            self.priority = self.scenario.priority
        first = self.duty.targets[self.priority][TimerKind.FIRST_RESPONSE]
        seconds = first * self._spread(0.26, 0.6) * self.worker.pace * slow
        self._work_seconds(seconds * 0.7)
        way = self.rng.random()
        if way < 0.15:
            self.moments.append(Moment(self.at, Act.ASSIGN, self.lead, to=self.worker.email))
        elif way < 0.75:
            self._add(Act.ASSIGN, to=self.worker.email)
        if raised:
            self._pass(30)
            self._add(Act.PRIORITY, priority=self.priority)
        self._work_seconds(seconds * 0.3)
        if self.rng.random() < 0.7:
            self._add(Act.TAGS, tags=self.scenario.tags)
            self._pass(20)

    def _ask_and_hear(self) -> None:
        self._reply(self._say("agent_ask"), Status.PENDING)
        self._wait()
        self._customer("customer_answer")

    def _solve(self) -> None:
        self._work(0.08)
        if self.rng.random() < 0.6:
            self._note_the_cause()
            self._pass(900)
        if self.rng.random() < 0.08:
            self._note(phrases("handover", self.gaps.language))
            self._work(0.04)
        self._reply(self._say("agent_solution"), Status.SOLVED)

    def _close(self) -> None:
        last = next(moment for moment in reversed(self.moments) if moment.status is not None or moment.asks)
        if last.status is Status.SOLVED:
            ripe = last.at + CLOSE_AFTER
            at = ripe.replace(minute=CLOSING_MINUTE, second=0)
            at += timedelta(hours=at <= ripe)
            self.moments.append(Moment(at, Act.CLOSE, status=Status.CLOSED))

    # Words ────────────────────────────────────────────────────────────────────────────────────────────────────
    def _say(self, part: str) -> str:
        variants = self.scenario.texts[part][self.gaps.language]
        paired = part in ("agent_solution", "customer_answer", "customer_thanks")
        return variants[self.variant % len(variants)] if paired else self._pick(variants)

    def _pick(self, variants: list[str]) -> str:
        return self.rng.choice(variants)

    def _reply(self, text: str, status: Status) -> None:
        self._add(Act.REPLY, text=self.gaps.fill(text, by_customer=False), status=status)

    def _note_the_cause(self) -> None:
        """The scenario's note tells the cause behind the first solution; the second has another."""
        if self.variant % 2 == 0:
            self._note(self.scenario.texts["internal_note"][self.gaps.language])

    def _note(self, variants: list[str]) -> None:
        self._add(Act.NOTE, text=self._filled(variants))

    def _filled(self, variants: list[str]) -> str:
        """One of them, as we would write it."""
        return self.gaps.fill(self._pick(variants), by_customer=False)

    def _customer(self, part: str) -> None:
        self._customer_says(self._say(part))

    def _customer_says(self, text: str) -> None:
        filled = self.gaps.fill(text, by_customer=True)
        nature = nature_of(filled, names=self.gaps.names)
        self.moments.append(Moment(self.at, Act.CUSTOMER_REPLY, text=filled, nature=nature))

    def _add(self, act: Act, **values: object) -> None:
        self.moments.append(Moment(self.at, act, self.worker.email, **values))  # type: ignore[arg-type]

    # Time ─────────────────────────────────────────────────────────────────────────────────────────────────────
    def _work(self, share: float) -> None:
        """Working time, as a usual share of what was promised for the solution; now and then far more."""
        slow = self.rng.uniform(5, 12) if self.rng.random() < 0.08 else 1.0
        promised = self.duty.targets[self.priority][TimerKind.RESOLUTION]
        self._work_seconds(promised * self._spread(share, 0.6) * self.worker.pace * slow)

    def _answer(self, share: float) -> None:
        """Working time, as a usual share of what was promised for the next reply."""
        promised = self.duty.targets[self.priority][TimerKind.NEXT_RESPONSE]
        self._work_seconds(promised * self._spread(share, 0.6) * self.worker.pace)

    def _work_seconds(self, seconds: float) -> None:
        self.at = add_working_time(self.duty.hours, self.at, round(seconds) + self.rng.randint(20, 90))
        self.at = self.at.replace(microsecond=0)

    def _wait(self, hours: float = 2.0) -> None:
        """Until the customer looks again."""
        seconds = min(hours * HOUR * self._spread(1, 1.1), 4 * 24 * HOUR)
        self.at += timedelta(seconds=round(seconds) + 240)

    def _pass(self, seconds: int) -> None:
        self.at += timedelta(seconds=self.rng.randint(seconds // 2, seconds))

    def _spread(self, median: float, sigma: float) -> float:
        return median * exp(self.rng.gauss(0, sigma))


COURSES: dict[Callable[[Life], None], float] = {
    Life.straight: 29,
    Life.asked: 30,
    Life.thanked: 6,
    Life.confirmed: 11,
    Life.held: 5,
    Life.urged: 4,
    Life.complained: 2,
    Life.handed: 3,
    Life.reopened: 6,
    Life.silent: 5,
    Life.settled: 3,
}
