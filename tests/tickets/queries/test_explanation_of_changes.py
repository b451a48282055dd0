"""Another promise, other hours, another priority, in words."""

import pytest
from django.utils import translation

from tests.tickets.explained import Story, mark, opened

#: The story; then its summary, and what it comes to line by line.
CASES: dict[str, tuple[Story, list[str]]] = {
    "priority changed: what ran counts": (
        Story(
            [
                opened("2026-03-02 10:00", 8),
                mark("2026-03-02 11:20", "changed", "priority_changed", "Li Lei", used=4 / 3, hours=4),
            ],
            "2026-03-02 11:30",
        ),
        [
            "4 working hours from Mon 2 Mar 10:00: Mon 2 Mar 15:00",
            "opened Mon 2 Mar 10:00 (Shanghai time)",
            "Mon 2 Mar 10:00 – 11:20: 1 h 20 min counted",
            "Mon 2 Mar 11:20: priority changed (Li Lei); promise 8 h → 4 h; the 1 h 20 min used so far count",
            "Mon 2 Mar 11:20 – 11:30: 10 min counted",
            "now, Mon 2 Mar 11:30: 1 h 30 min used, 2 h 30 min left",
            "Mon 2 Mar 11:30 – 12:00: 30 min will count",
            "Mon 2 Mar 12:00 – 13:00: break",
            "Mon 2 Mar 13:00 – 15:00: 2 h will count",
            "due Mon 2 Mar 15:00",
        ],
    ),
    "priority changed: broken by it": (
        Story(
            [
                opened("2026-03-02 10:00", 8),
                mark("2026-03-02 11:20", "changed", "priority_changed", "Li Lei", used=4 / 3, hours=1),
            ],
            "2026-03-02 11:30",
        ),
        [
            "1 working hour from Mon 2 Mar 10:00: Mon 2 Mar 11:20, broken",
            "opened Mon 2 Mar 10:00 (Shanghai time)",
            "Mon 2 Mar 10:00 – 11:20: 1 h 20 min counted",
            "Mon 2 Mar 11:20: priority changed (Li Lei); promise 8 h → 1 h; the 1 h 20 min used so far count",
            "promise broken Mon 2 Mar 11:20",
            "Mon 2 Mar 11:20 – 11:30: 10 min past the promise",
            "now, Mon 2 Mar 11:30: 1 h 30 min used, 30 min over",
        ],
    ),
    "priority changed while paused": (
        Story(
            [
                opened("2026-03-02 10:00", 4),
                mark("2026-03-02 11:00", "paused", "waiting_for_customer", "Li Lei", used=1, hours=4),
                mark("2026-03-02 14:00", "changed", "priority_changed", "Han Mei", used=1, hours=8),
                mark("2026-03-02 15:00", "resumed", "customer_wrote", "Zhao Min", used=1, hours=8),
            ],
            "2026-03-02 15:00",
        ),
        [
            "8 working hours from Mon 2 Mar 10:00, without 1 pause: Tue 3 Mar 14:00",
            "opened Mon 2 Mar 10:00 (Shanghai time)",
            "Mon 2 Mar 10:00 – 11:00: 1 h counted",
            "Mon 2 Mar 11:00 – 14:00: paused (Li Lei: waiting for the customer)",
            "Mon 2 Mar 14:00: priority changed (Han Mei); promise 4 h → 8 h; the 1 h used so far count",
            "Mon 2 Mar 14:00 – 15:00: paused (Li Lei: waiting for the customer)",
            "Mon 2 Mar 15:00: runs again (Zhao Min: the customer wrote), 7 h left",
            "now, Mon 2 Mar 15:00: 1 h used, 7 h left",
            "Mon 2 Mar 15:00 – 18:00: 3 h will count",
            "Mon 2 Mar 18:00 – Tue 3 Mar 09:00: closed overnight",
            "Tue 3 Mar 09:00 – 12:00: 3 h will count",
            "Tue 3 Mar 12:00 – 13:00: break",
            "Tue 3 Mar 13:00 – 14:00: 1 h will count",
            "due Tue 3 Mar 14:00",
        ],
    ),
    "moved to a team with another calendar": (
        Story(
            [
                opened("2026-03-06 16:00", 8),
                mark(
                    "2026-03-06 17:00",
                    "changed",
                    "team_changed",
                    "Li Lei",
                    used=1,
                    hours=8,
                    calendar="night desk",
                ),
            ],
            "2026-03-06 17:00",
        ),
        [
            "8 working hours from Fri 6 Mar 16:00: Sat 7 Mar 00:00",
            "opened Fri 6 Mar 16:00 (Shanghai time)",
            "Fri 6 Mar 16:00 – 17:00: 1 h counted",
            "Fri 6 Mar 17:00: moved to another team (Li Lei); the promise stays 8 h; other working hours from here on; "
            "the 1 h used so far count",
            "now, Fri 6 Mar 17:00: 1 h used, 7 h left",
            "Fri 6 Mar 17:00 – Sat 7 Mar 00:00: 7 h will count",
            "due Sat 7 Mar 00:00",
        ],
    ),
    "a complaint, by the clock on the wall": (
        Story(
            [
                opened("2026-03-06 16:00", 8),
                mark(
                    "2026-03-06 17:00",
                    "changed",
                    "complaint_changed",
                    "Li Lei",
                    used=1,
                    hours=24,
                    calendar=None,
                ),
            ],
            "2026-03-06 17:00",
        ),
        [
            "24 h by the clock from Fri 6 Mar 16:00: Sat 7 Mar 16:00",
            "opened Fri 6 Mar 16:00 (Shanghai time)",
            "Fri 6 Mar 16:00 – 17:00: 1 h counted",
            "Fri 6 Mar 17:00: changed to or from a complaint (Li Lei); promise 8 h → 24 h; by the clock from here on; "
            "the 1 h used so far count",
            "now, Fri 6 Mar 17:00: 1 h used, 23 h left",
            "Fri 6 Mar 17:00 – Sat 7 Mar 16:00: 23 h will count",
            "due Sat 7 Mar 16:00",
        ],
    ),
    "more had counted by the hours of then": (
        Story(
            [
                opened("2026-03-02 17:00", 4),
                mark("2026-03-03 10:00", "paused", "waiting_for_customer", "Li Lei", used=3, hours=4),
                mark("2026-03-03 11:00", "resumed", "went_on", "", used=3, hours=4),
            ],
            "2026-03-03 11:00",
        ),
        [
            "4 working hours from Mon 2 Mar 17:00, without 1 pause: Tue 3 Mar 12:00",
            "opened Mon 2 Mar 17:00 (Shanghai time)",
            "Mon 2 Mar 17:00 – 18:00: 1 h counted",
            "Mon 2 Mar 18:00 – Tue 3 Mar 09:00: closed overnight",
            "Tue 3 Mar 09:00 – 10:00: 1 h counted",
            "Tue 3 Mar 10:00: 1 h more had counted, by the hours that held then",
            "Tue 3 Mar 10:00 – 11:00: paused (Li Lei: waiting for the customer)",
            "Tue 3 Mar 11:00: runs again (the desk: work went on), 1 h left",
            "now, Tue 3 Mar 11:00: 3 h used, 1 h left",
            "Tue 3 Mar 11:00 – 12:00: 1 h will count",
            "due Tue 3 Mar 12:00",
        ],
    ),
    "less had counted by the hours of then": (
        Story(
            [
                opened("2026-03-02 17:00", 4),
                mark("2026-03-03 10:00", "paused", "waiting_for_customer", "Li Lei", used=0.5, hours=4),
                mark("2026-03-03 11:00", "resumed", "went_on", "", used=0.5, hours=4),
            ],
            "2026-03-03 11:00",
        ),
        [
            "4 working hours from Mon 2 Mar 17:00, without 1 pause: Tue 3 Mar 15:30",
            "opened Mon 2 Mar 17:00 (Shanghai time)",
            "Mon 2 Mar 17:00 – 18:00: 1 h counted",
            "Mon 2 Mar 18:00 – Tue 3 Mar 09:00: closed overnight",
            "Tue 3 Mar 09:00 – 10:00: 1 h counted",
            "Tue 3 Mar 10:00: 1 h 30 min less had counted, by the hours that held then",
            "Tue 3 Mar 10:00 – 11:00: paused (Li Lei: waiting for the customer)",
            "Tue 3 Mar 11:00: runs again (the desk: work went on), 3 h 30 min left",
            "now, Tue 3 Mar 11:00: 30 min used, 3 h 30 min left",
            "Tue 3 Mar 11:00 – 12:00: 1 h will count",
            "Tue 3 Mar 12:00 – 13:00: break",
            "Tue 3 Mar 13:00 – 15:30: 2 h 30 min will count",
            "due Tue 3 Mar 15:30",
        ],
    ),
    "begun with what ran before": (
        Story(
            [mark("2026-03-02 10:00", "started", "recalculated", "Han Mei", used=1.5, hours=4)],
            "2026-03-02 10:30",
        ),
        [
            "4 working hours from Mon 2 Mar 10:00: Mon 2 Mar 13:30",
            "started Mon 2 Mar 10:00 (Shanghai time): recalculated (Han Mei)",
            "Mon 2 Mar 10:00: 1 h 30 min already used",
            "Mon 2 Mar 10:00 – 10:30: 30 min counted",
            "now, Mon 2 Mar 10:30: 2 h used, 2 h left",
            "Mon 2 Mar 10:30 – 12:00: 1 h 30 min will count",
            "Mon 2 Mar 12:00 – 13:00: break",
            "Mon 2 Mar 13:00 – 13:30: 30 min will count",
            "due Mon 2 Mar 13:30",
        ],
    ),
    "recalculated to the same promise": (
        Story(
            [
                opened("2026-03-02 10:00", 4),
                mark("2026-03-02 11:00", "changed", "recalculated", "Han Mei", used=1, hours=4),
            ],
            "2026-03-02 11:00",
        ),
        [
            "4 working hours from Mon 2 Mar 10:00: Mon 2 Mar 15:00",
            "opened Mon 2 Mar 10:00 (Shanghai time)",
            "Mon 2 Mar 10:00 – 11:00: 1 h counted",
            "Mon 2 Mar 11:00: recalculated (Han Mei); the promise stays 4 h; the 1 h used so far count",
            "now, Mon 2 Mar 11:00: 1 h used, 3 h left",
            "Mon 2 Mar 11:00 – 12:00: 1 h will count",
            "Mon 2 Mar 12:00 – 13:00: break",
            "Mon 2 Mar 13:00 – 15:00: 2 h will count",
            "due Mon 2 Mar 15:00",
        ],
    ),
}


@pytest.mark.parametrize(("story", "told"), CASES.values(), ids=CASES.keys())
def test_told_in_english(story: Story, told: list[str]) -> None:
    with translation.override("en"):
        assert story.told() == told
