"""Invents stories: when people write, about what, how it went. The same seed and time, the same stories."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from tickets.choices import Channel, Status
from tickets.demo import gaps as gap
from tickets.demo.cast import Cast, Person
from tickets.demo.life import Life
from tickets.demo.material import Scenario, scenarios
from tickets.demo.story import Act, Moment, Story
from tickets.rules import numbers

#: Monday to Sunday, and the hours of a day in Shanghai: when people write.
WEEKDAYS = (1.25, 1.12, 1.03, 1.0, 1.05, 0.62, 0.52)
HOURS = (1, 0.6, 0.4, 0.3, 0.3, 0.4, 0.8, 1.8, 4, 7, 8.5, 7.5, 5, 5.5, 7, 7.5, 7, 6, 5, 5.5, 6, 5.5, 4, 2.2)
GROWTH = 0.2
BRANDS = {"btp": 42, "bitai": 31, "bobao": 27}
CHANNELS = {Channel.WEB: 46, Channel.CHAT: 20, Channel.EMAIL: 18, Channel.PHONE: 10, Channel.SOCIAL: 6}
CHINESE_SHARE = 0.6
#: Withdrawals rise in the last two weeks, and more in the last.
RISING = "withdrawal"
RISE = ((timedelta(days=7), 2.6), (timedelta(days=14), 1.8))
#: What the demo's agent finds on their desk, and how much of it may wait for somebody else.
AGENT_LOAD, AGENT_WAITING = 15, 6


class Plot:
    def __init__(self, cast: Cast, *, seed: int, now: datetime, days: int) -> None:
        self.cast, self.now, self.days = cast, now.replace(microsecond=0), days
        self.rng = Random(seed)  # noqa: S311 - it has to repeat
        self.scenarios = scenarios()
        self.agents_load = self.agents_waiting = 0
        self.taken: set[str] = set()

    def stories(self, count: int) -> Iterator[Story]:
        """So many stories, oldest first, told up to now; as a stream, whatever the count."""
        for opened_at in self._openings(count):
            yield self._story(opened_at)

    def _openings(self, count: int) -> list[datetime]:
        first = self.now.astimezone(gap.ZONE).replace(hour=0, minute=0, second=0) - timedelta(days=self.days)
        days = [first + timedelta(days=offset) for offset in range(self.days + 1)]
        weights = [
            WEEKDAYS[day.weekday()] * (1 + GROWTH * place / len(days)) for place, day in enumerate(days)
        ]
        found: list[datetime] = []
        earliest, latest = self.now - timedelta(days=self.days), self.now - timedelta(minutes=3)
        while len(found) < count:
            day = self.rng.choices(days, weights)[0]
            hour = self.rng.choices(range(24), HOURS)[0]
            at = day + timedelta(hours=hour, seconds=self.rng.randrange(3600))
            if earliest <= at <= latest:
                found.append(at.astimezone(self.now.tzinfo))
        return sorted(found)

    def _story(self, opened_at: datetime) -> Story:
        scenario = self._scenario(opened_at)
        brand = self.rng.choices(list(BRANDS), list(BRANDS.values()))[0]
        language = "zh-hans" if self.rng.random() < CHINESE_SHARE else "en"
        people = self.cast.customers[language]
        # Some write often, most once.
        person = people[int(len(people) * self.rng.random() ** 1.6)]
        number = self._number()
        workers = self.cast.duties[brand, scenario.category, person.tier].workers
        worker = self.rng.choice(workers)
        # The same dice again for another worker: only who it is changes.
        dice = self.rng.random()
        story = self._tell(scenario, brand, person, language, worker, number, opened_at, dice)
        return self._balanced(story, scenario, person, workers, dice)

    def _balanced(
        self, story: Story, scenario: Scenario, person: Person, workers: tuple[str, ...], dice: float
    ) -> Story:
        """The demo's agent has AGENT_LOAD cases on the desk, no more and, where there are enough, no fewer."""
        me = self.cast.agent
        if story.is_over or not story.worked_by:
            return story
        wanted = me if me in workers and self._has_room(story) else None
        if wanted is None and story.worked_by == me:
            others = [worker for worker in workers if worker != me]
            wanted = others[int(dice * len(others))] if others else None
        if wanted is not None and wanted != story.worked_by:
            story = self._tell(
                scenario, story.brand, person, story.language, wanted, story.number, story.opened_at, dice
            )
        if story.worked_by == me and not story.is_over:
            self.agents_load += 1
            self.agents_waiting += story.is_waiting
        return story

    def _has_room(self, story: Story) -> bool:
        """For this case on the desk of the demo's agent."""
        full = self.agents_waiting >= AGENT_WAITING if story.is_waiting else False
        recent = self.now - story.opened_at < timedelta(days=5)
        return recent and not full and self.agents_load < AGENT_LOAD

    def _tell(
        self,
        scenario: Scenario,
        brand: str,
        person: Person,
        language: str,
        worker: str,
        number: str,
        opened_at: datetime,
        dice: float,
    ) -> Story:
        rng = Random(dice)  # noqa: S311 - it has to repeat
        who = self.cast.workers[worker]
        facts = gap.invent(
            rng,
            language=language,
            customer=person.name,
            email=person.email,
            agent=who.names[language],
            brand=self.cast.brands[brand][language],
            opened_at=opened_at,
        )
        subjects, openings = scenario.texts["subject"][language], scenario.texts["opening"][language]
        variant = rng.randrange(len(openings))
        subject = facts.fill(subjects[variant], by_customer=True)
        body = facts.fill(openings[variant], by_customer=True)
        channel = rng.choices(list(CHANNELS), list(CHANNELS.values()))[0]
        form = channel in (Channel.WEB, Channel.CHAT, Channel.PHONE)
        specs = self.cast.forms[scenario.category] if form else []
        duty = self.cast.duties[brand, scenario.category, person.tier]
        life = Life(rng, scenario, facts, duty, who, self.cast.lead, variant, opened_at)
        story = Story(
            number=number,
            brand=brand,
            customer=person.email,
            category=scenario.category,
            language=language,
            subject=subject,
            body=body,
            opened_at=opened_at,
            channel=channel,
            answers=gap.answers(specs, facts, scenario, subject, rng),
            opened_by=worker if channel is Channel.PHONE else "",
            moments=life.live(),
        )
        return self._unfinished(story, rng).up_to(self.now)

    def _unfinished(self, story: Story, rng: Random) -> Story:
        """Some of the last days' cases have not come far: nobody took them yet, or somebody is waited for."""
        age, luck = self.now - story.opened_at, rng.random()
        if age < timedelta(days=1) and luck < 0.25:
            return replace(story, moments=())
        if age < timedelta(days=1.8) and luck < 0.6:
            return replace(story, moments=_before_the_end(story))
        if age < timedelta(days=12) and luck > 0.68:
            return replace(story, moments=_up_to_waiting(story))
        return story

    def _scenario(self, opened_at: datetime) -> Scenario:
        age = self.now - opened_at
        rise = next((factor for within, factor in RISE if age < within), 1.0)
        weights = [
            scenario.weight * (rise if scenario.category == RISING else 1.0) for scenario in self.scenarios
        ]
        return self.rng.choices(self.scenarios, weights)[0]

    def _number(self) -> str:
        while (number := numbers.new_number(self.rng.randrange)) in self.taken:
            pass
        self.taken.add(number)
        return number


def _before_the_end(story: Story) -> tuple[Moment, ...]:
    moments: list[Moment] = []
    for moment in story.moments:
        if moment.status in (Status.SOLVED, Status.CLOSED) or moment.act is Act.CLOSE:
            break
        moments.append(moment)
    return tuple(moments)


def _up_to_waiting(story: Story) -> tuple[Moment, ...]:
    """Up to where the customer or a third party is waited for; all of it where nobody is."""
    waits = [
        place
        for place, moment in enumerate(story.moments)
        if moment.status in (Status.PENDING, Status.ON_HOLD)
    ]
    return story.moments[: waits[-1] + 1] if waits else story.moments
