"""What was done to a clock, in words: paused, resumed, stopped, broken; who did it and why."""

import pytest
from django.utils import translation

from tests.tickets.explained import Story, mark, opened, running
from tickets.choices import TimerState

#: The story; then its summary, and what it comes to line by line.
CASES: dict[str, tuple[Story, list[str]]] = {
    "pause across a holiday": (
        Story(
            [
                opened("2026-09-30 10:00", 8),
                mark("2026-09-30 11:00", "paused", "waiting_for_customer", "Li Lei", used=1, hours=8),
                mark("2026-10-08 16:00", "resumed", "customer_wrote", "Zhao Min", used=1, hours=8),
            ],
            "2026-10-08 16:30",
        ),
        [
            "8 working hours from Wed 30 Sep 10:00, without 1 pause: Fri 9 Oct 15:00",
            "opened Wed 30 Sep 10:00 (Shanghai time)",
            "Wed 30 Sep 10:00 – 11:00: 1 h counted",
            "Wed 30 Sep 11:00 – Thu 8 Oct 16:00: paused (Li Lei: waiting for the customer)",
            "Thu 8 Oct 16:00: runs again (Zhao Min: the customer wrote), 7 h left",
            "Thu 8 Oct 16:00 – 16:30: 30 min counted",
            "now, Thu 8 Oct 16:30: 1 h 30 min used, 6 h 30 min left",
            "Thu 8 Oct 16:30 – 18:00: 1 h 30 min will count",
            "Thu 8 Oct 18:00 – Fri 9 Oct 09:00: closed overnight",
            "Fri 9 Oct 09:00 – 12:00: 3 h will count",
            "Fri 9 Oct 12:00 – 13:00: break",
            "Fri 9 Oct 13:00 – 15:00: 2 h will count",
            "due Fri 9 Oct 15:00",
        ],
    ),
    "paused now": (
        Story(
            [
                opened("2026-03-02 10:00", 4),
                mark("2026-03-02 11:20", "paused", "waiting_for_third_party", "", used=4 / 3, hours=4),
            ],
            "2026-03-04 09:00",
            TimerState.PAUSED,
        ),
        [
            "4 working hours from Mon 2 Mar 10:00: paused, 2 h 40 min left",
            "opened Mon 2 Mar 10:00 (Shanghai time)",
            "Mon 2 Mar 10:00 – 11:20: 1 h 20 min counted",
            "since Mon 2 Mar 11:20: paused (the desk: waiting for a third party), 2 h 40 min left",
        ],
    ),
    "paused after its due time": (
        Story(
            [
                opened("2026-03-02 10:00", 1),
                mark("2026-03-02 11:20", "paused", "waiting_for_customer", "Li Lei", used=4 / 3, hours=1),
            ],
            "2026-03-04 09:00",
            TimerState.PAUSED,
        ),
        [
            "1 working hour from Mon 2 Mar 10:00: paused, 20 min over",
            "opened Mon 2 Mar 10:00 (Shanghai time)",
            "Mon 2 Mar 10:00 – 11:00: 1 h counted",
            "promise broken Mon 2 Mar 11:00",
            "Mon 2 Mar 11:00 – 11:20: 20 min past the promise",
            "since Mon 2 Mar 11:20: paused (Li Lei: waiting for the customer), 20 min over",
        ],
    ),
    "reopened: the time while solved does not count": (
        Story(
            [
                opened("2026-03-06 10:00", 8),
                mark("2026-03-06 11:00", "stopped", "solved", "Li Lei", used=1, hours=8),
                mark("2026-03-10 10:00", "resumed", "reopened", "Zhao Min", used=1, hours=8),
            ],
            "2026-03-10 10:00",
        ),
        [
            "8 working hours from Fri 6 Mar 10:00, without 1 pause: Tue 10 Mar 18:00",
            "opened Fri 6 Mar 10:00 (Shanghai time)",
            "Fri 6 Mar 10:00 – 11:00: 1 h counted",
            "kept Fri 6 Mar 11:00 (Li Lei: solved), 7 h left",
            "Fri 6 Mar 11:00 – Tue 10 Mar 10:00: stood still (Li Lei: solved), not counted",
            "Tue 10 Mar 10:00: runs again (Zhao Min: reopened), 7 h left",
            "now, Tue 10 Mar 10:00: 1 h used, 7 h left",
            "Tue 10 Mar 10:00 – 12:00: 2 h will count",
            "Tue 10 Mar 12:00 – 13:00: break",
            "Tue 10 Mar 13:00 – 18:00: 5 h will count",
            "due Tue 10 Mar 18:00",
        ],
    ),
    "broken already": (
        running("2026-03-02 10:00", 1, now="2026-03-02 11:30"),
        [
            "1 working hour from Mon 2 Mar 10:00: Mon 2 Mar 11:00, broken",
            "opened Mon 2 Mar 10:00 (Shanghai time)",
            "Mon 2 Mar 10:00 – 11:00: 1 h counted",
            "promise broken Mon 2 Mar 11:00",
            "Mon 2 Mar 11:00 – 11:30: 30 min past the promise",
            "now, Mon 2 Mar 11:30: 1 h 30 min used, 30 min over",
        ],
    ),
    "broken at closing time": (
        running("2026-03-06 17:00", 1, now="2026-03-07 11:30"),
        [
            "1 working hour from Fri 6 Mar 17:00: Fri 6 Mar 18:00, broken",
            "opened Fri 6 Mar 17:00 (Shanghai time)",
            "Fri 6 Mar 17:00 – 18:00: 1 h counted",
            "promise broken Fri 6 Mar 18:00",
            "Sat 7 Mar: no working day",
            "now, Sat 7 Mar 11:30: 1 h used, nothing left",
        ],
    ),
    "late": (
        Story(
            [
                opened("2026-03-02 10:00", 1),
                mark("2026-03-02 11:20", "stopped", "our_reply", "Li Lei", used=4 / 3, hours=1),
            ],
            "2026-03-04 09:00",
            TimerState.DONE,
        ),
        [
            "1 working hour from Mon 2 Mar 10:00: due Mon 2 Mar 11:00, done Mon 2 Mar 11:20",
            "opened Mon 2 Mar 10:00 (Shanghai time)",
            "Mon 2 Mar 10:00 – 11:00: 1 h counted",
            "promise broken Mon 2 Mar 11:00",
            "Mon 2 Mar 11:00 – 11:20: 20 min past the promise",
            "done Mon 2 Mar 11:20 (Li Lei: we replied), 20 min over",
        ],
    ),
    "kept": (
        Story(
            [
                opened("2026-03-02 10:00", 4),
                mark("2026-03-02 11:20", "stopped", "answered", "Li Lei", used=4 / 3, hours=4),
            ],
            "2026-03-04 09:00",
            TimerState.DONE,
        ),
        [
            "4 working hours from Mon 2 Mar 10:00: kept Mon 2 Mar 11:20, 2 h 40 min left",
            "opened Mon 2 Mar 10:00 (Shanghai time)",
            "Mon 2 Mar 10:00 – 11:20: 1 h 20 min counted",
            "kept Mon 2 Mar 11:20 (Li Lei: answered), 2 h 40 min left",
        ],
    ),
    "cancelled": (
        Story(
            [
                opened("2026-03-02 10:00", 4),
                mark("2026-03-02 11:20", "stopped", "merged", "Li Lei", used=4 / 3, hours=4),
            ],
            "2026-03-04 09:00",
            TimerState.CANCELLED,
        ),
        [
            "4 working hours from Mon 2 Mar 10:00: ended Mon 2 Mar 11:20",
            "opened Mon 2 Mar 10:00 (Shanghai time)",
            "Mon 2 Mar 10:00 – 11:20: 1 h 20 min counted",
            "ended Mon 2 Mar 11:20 (Li Lei: merged)",
        ],
    ),
    "started by a message": (
        Story(
            [mark("2026-03-02 10:00", "started", "customer_wrote", "Zhao Min", used=0, hours=4)],
            "2026-03-02 10:30",
        ),
        [
            "4 working hours from Mon 2 Mar 10:00: Mon 2 Mar 15:00",
            "started Mon 2 Mar 10:00 (Shanghai time): the customer wrote (Zhao Min)",
            "Mon 2 Mar 10:00 – 10:30: 30 min counted",
            "now, Mon 2 Mar 10:30: 30 min used, 3 h 30 min left",
            "Mon 2 Mar 10:30 – 12:00: 1 h 30 min will count",
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
