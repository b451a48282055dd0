"""What working hours do to a promise, in words: breaks, nights, holidays, make-up days, clocks that are changed."""

import pytest
from django.utils import translation

from tests.tickets.explained import Story, running

#: The story; then its summary, and what it comes to line by line.
CASES: dict[str, tuple[Story, list[str]]] = {
    "over a holiday": (
        running("2026-09-30 17:40", 4, now="2026-09-30 17:40", calendar="office"),
        [
            "4 working hours from Wed 30 Sep 17:40, without National Day: Thu 8 Oct 12:40",
            "opened Wed 30 Sep 17:40 (Shanghai time)",
            "Wed 30 Sep 17:40 – 18:00: 20 min will count",
            "Thu 1 – Wed 7 Oct: closed, National Day",
            "Thu 8 Oct 09:00 – 12:40: 3 h 40 min will count",
            "due Thu 8 Oct 12:40",
        ],
    ),
    "lunch break": (
        running("2026-03-02 11:40", 2, now="2026-03-02 12:30"),
        [
            "2 working hours from Mon 2 Mar 11:40: Mon 2 Mar 14:40",
            "opened Mon 2 Mar 11:40 (Shanghai time)",
            "Mon 2 Mar 11:40 – 12:00: 20 min counted",
            "Mon 2 Mar 12:00 – 12:30: break",
            "now, Mon 2 Mar 12:30: 20 min used, 1 h 40 min left",
            "Mon 2 Mar 12:30 – 13:00: break",
            "Mon 2 Mar 13:00 – 14:40: 1 h 40 min will count",
            "due Mon 2 Mar 14:40",
        ],
    ),
    "opened at lunch, to the second": (
        running("2026-03-02 12:10:20", 1 / 60 + 5 / 3600, now="2026-03-02 12:10:20"),
        [
            "1 min 5 s of working time from Mon 2 Mar 12:10:20: Mon 2 Mar 13:01:05",
            "opened Mon 2 Mar 12:10:20 (Shanghai time)",
            "Mon 2 Mar 12:10:20 – 13:00: break",
            "Mon 2 Mar 13:00 – 13:01:05: 1 min 5 s will count",
            "due Mon 2 Mar 13:01:05",
        ],
    ),
    "overnight": (
        running("2026-03-02 17:00", 2, now="2026-03-02 20:00"),
        [
            "2 working hours from Mon 2 Mar 17:00: Tue 3 Mar 10:00",
            "opened Mon 2 Mar 17:00 (Shanghai time)",
            "Mon 2 Mar 17:00 – 18:00: 1 h counted",
            "Mon 2 Mar 18:00 – 20:00: outside working hours",
            "now, Mon 2 Mar 20:00: 1 h used, 1 h left",
            "Mon 2 Mar 20:00 – Tue 3 Mar 09:00: closed overnight",
            "Tue 3 Mar 09:00 – 10:00: 1 h will count",
            "due Tue 3 Mar 10:00",
        ],
    ),
    "opened before the day begins": (
        running("2026-03-02 07:30", 1, now="2026-03-02 07:30"),
        [
            "1 working hour from Mon 2 Mar 07:30: Mon 2 Mar 10:00",
            "opened Mon 2 Mar 07:30 (Shanghai time)",
            "Mon 2 Mar 07:30 – 09:00: outside working hours",
            "Mon 2 Mar 09:00 – 10:00: 1 h will count",
            "due Mon 2 Mar 10:00",
        ],
    ),
    "overnight shift": (
        running("2026-06-01 23:00", 9, now="2026-06-02 01:30", calendar="night shift"),
        [
            "9 working hours from Mon 1 Jun 23:00: Wed 3 Jun 00:00",
            "opened Mon 1 Jun 23:00 (Berlin time)",
            "Mon 1 Jun 23:00 – Tue 2 Jun 01:30: 2 h 30 min counted",
            "now, Tue 2 Jun 01:30: 2 h 30 min used, 6 h 30 min left",
            "Tue 2 Jun 01:30 – 06:00: 4 h 30 min will count",
            "Tue 2 Jun 06:00 – 22:00: outside working hours",
            "Tue 2 Jun 22:00 – Wed 3 Jun 00:00: 2 h will count",
            "due Wed 3 Jun 00:00",
        ],
    ),
    "make-up working day": (
        running("2026-10-09 17:40", 4, now="2026-10-09 17:40"),
        [
            "4 working hours from Fri 9 Oct 17:40: Sat 10 Oct 13:40",
            "opened Fri 9 Oct 17:40 (Shanghai time)",
            "Fri 9 Oct 17:40 – 18:00: 20 min will count",
            "Fri 9 Oct 18:00 – Sat 10 Oct 09:00: closed overnight",
            "Sat 10 Oct 09:00 – 12:00, make-up working day: 3 h will count",
            "Sat 10 Oct 12:00 – 13:00: break",
            "Sat 10 Oct 13:00 – 13:40, make-up working day: 40 min will count",
            "due Sat 10 Oct 13:40",
        ],
    ),
    "DST overlap": (
        running("2026-10-24 23:00", 9, now="2026-10-24 23:00", calendar="night shift"),
        [
            "9 working hours from Sat 24 Oct 23:00: Sun 25 Oct 23:00",
            "opened Sat 24 Oct 23:00 (Berlin time)",
            "Sat 24 Oct 23:00 – Sun 25 Oct 03:00: 4 h will count",
            "Sun 25 Oct 03:00: clocks go back 1 h, to 02:00 CET",
            "Sun 25 Oct 02:00 CET – 06:00: 4 h will count",
            "Sun 25 Oct 06:00 – 22:00: outside working hours",
            "Sun 25 Oct 22:00 – 23:00: 1 h will count",
            "due Sun 25 Oct 23:00",
        ],
    ),
    "DST gap": (
        running("2026-03-28 23:00", 7, now="2026-03-28 23:00", calendar="night shift"),
        [
            "7 working hours from Sat 28 Mar 23:00: Sun 29 Mar 23:00",
            "opened Sat 28 Mar 23:00 (Berlin time)",
            "Sat 28 Mar 23:00 – Sun 29 Mar 02:00: 3 h will count",
            "Sun 29 Mar 02:00: clocks go forward 1 h, to 03:00",
            "Sun 29 Mar 03:00 – 06:00: 3 h will count",
            "Sun 29 Mar 06:00 – 22:00: outside working hours",
            "Sun 29 Mar 22:00 – 23:00: 1 h will count",
            "due Sun 29 Mar 23:00",
        ],
    ),
    "due in the hour that comes twice": (
        running("2026-10-24 23:00", 4.5, now="2026-10-24 23:00", calendar="night shift"),
        [
            "4 h 30 min of working time from Sat 24 Oct 23:00: Sun 25 Oct 02:30 CET",
            "opened Sat 24 Oct 23:00 (Berlin time)",
            "Sat 24 Oct 23:00 – Sun 25 Oct 03:00: 4 h will count",
            "Sun 25 Oct 03:00: clocks go back 1 h, to 02:00 CET",
            "Sun 25 Oct 02:00 CET – 02:30 CET: 30 min will count",
            "due Sun 25 Oct 02:30 CET",
        ],
    ),
    "DST while closed": (
        running("2026-03-27 17:00", 2, now="2026-03-27 17:00", calendar="christmas"),
        [
            "2 working hours from Fri 27 Mar 17:00, without Sat and Sun: Mon 30 Mar 10:00",
            "opened Fri 27 Mar 17:00 (Berlin time)",
            "Fri 27 Mar 17:00 – 18:00: 1 h will count",
            "Sat 28 – Sun 29 Mar: no working days",
            "Mon 30 Mar 09:00 – 10:00: 1 h will count",
            "due Mon 30 Mar 10:00",
        ],
    ),
    "24x7": (
        running("2026-10-02 17:40", 240, now="2026-10-05 17:40", calendar="round the clock"),
        [
            "240 working hours from Fri 2 Oct 17:40: Mon 12 Oct 17:40",
            "opened Fri 2 Oct 17:40 (Berlin time)",
            "Fri 2 Oct 17:40 – Mon 5 Oct 17:40: 72 h counted",
            "now, Mon 5 Oct 17:40: 72 h used, 168 h left",
            "Mon 5 Oct 17:40 – Mon 12 Oct 17:40: 168 h will count",
            "due Mon 12 Oct 17:40",
        ],
    ),
    "24x5": (
        running("2026-10-02 17:40", 8, now="2026-10-02 18:40", calendar="working week"),
        [
            "8 working hours from Fri 2 Oct 17:40, without Sat and Sun: Mon 5 Oct 01:40",
            "opened Fri 2 Oct 17:40 (Berlin time)",
            "Fri 2 Oct 17:40 – 18:40: 1 h counted",
            "now, Fri 2 Oct 18:40: 1 h used, 7 h left",
            "Fri 2 Oct 18:40 – Sat 3 Oct 00:00: 5 h 20 min will count",
            "Sat 3 – Sun 4 Oct: no working days",
            "Mon 5 Oct 00:00 – 01:40: 1 h 40 min will count",
            "due Mon 5 Oct 01:40",
        ],
    ),
    "wall-clock": (
        running("2026-10-02 17:40", 72, now="2026-10-03 17:40", calendar=None),
        [
            "3 days by the clock from Fri 2 Oct 17:40: Mon 5 Oct 17:40",
            "opened Fri 2 Oct 17:40 (Shanghai time)",
            "Fri 2 Oct 17:40 – Sat 3 Oct 17:40: 24 h counted",
            "now, Sat 3 Oct 17:40: 24 h used, 48 h left",
            "Sat 3 Oct 17:40 – Mon 5 Oct 17:40: 48 h will count",
            "due Mon 5 Oct 17:40",
        ],
    ),
    "shorter day, holiday, closed by exception": (
        running("2026-12-23 17:30", 11, now="2026-12-23 17:30", calendar="christmas"),
        [
            "11 working hours from Wed 23 Dec 17:30, without Sat, Sun and Christmas Day: Mon 28 Dec 16:30",
            "opened Wed 23 Dec 17:30 (Berlin time)",
            "Wed 23 Dec 17:30 – 18:00: 30 min will count",
            "Wed 23 Dec 18:00 – Thu 24 Dec 09:00: closed overnight",
            "Thu 24 Dec 09:00 – 12:00, other hours on this day (Christmas Eve): 3 h will count",
            "Fri 25 Dec: closed, Christmas Day",
            "Sat 26 – Sun 27 Dec: no working days",
            "Mon 28 Dec 09:00 – 16:30: 7 h 30 min will count",
            "due Mon 28 Dec 16:30",
        ],
    ),
    "own exceptions": (
        running("2026-12-28 17:30", 10, now="2026-12-28 17:30", calendar="christmas"),
        [
            "10 working hours from Mon 28 Dec 17:30, without 4 days off and Stocktaking: Mon 4 Jan 2027 09:30",
            "opened Mon 28 Dec 17:30 (Berlin time)",
            "Mon 28 Dec 17:30 – 18:00: 30 min will count",
            "Tue 29 Dec: closed, Stocktaking",
            "Wed 30 Dec: closed, by exception",
            "Thu 31 Dec 09:00 – 18:00: 9 h will count",
            "Fri 1 Jan 2027: closed, public holiday",
            "Sat 2 Jan 2027 – Sun 3 Jan 2027: no working days",
            "Mon 4 Jan 2027 09:00 – 09:30: 30 min will count",
            "due Mon 4 Jan 2027 09:30",
        ],
    ),
    "opened after a shorter day": (
        running("2026-12-24 15:00", 1, now="2026-12-24 15:00", calendar="christmas"),
        [
            "1 working hour from Thu 24 Dec 15:00, without Sat, Sun and Christmas Day: Mon 28 Dec 10:00",
            "opened Thu 24 Dec 15:00 (Berlin time)",
            "Thu 24 Dec 15:00 – Fri 25 Dec 00:00: closed, other hours on this day (Christmas Eve)",
            "Fri 25 Dec: closed, Christmas Day",
            "Sat 26 – Sun 27 Dec: no working days",
            "Mon 28 Dec 09:00 – 10:00: 1 h will count",
            "due Mon 28 Dec 10:00",
        ],
    ),
    "never opens": (
        running("2026-03-02 11:40", 2, now="2026-03-04 12:30", calendar="never"),
        [
            "2 working hours from Mon 2 Mar 11:40: never, as the calendar has no working hours",
            "opened Mon 2 Mar 11:40 (Shanghai time)",
            "Mon 2 – Wed 4 Mar: no working days",
            "now, Wed 4 Mar 12:30: 0 min used, 2 h left",
            "never due: the calendar has no working hours",
        ],
    ),
    "weeks": (
        running("2026-03-06 17:00", 41, now="2026-03-06 17:00"),
        [
            "41 working hours from Fri 6 Mar 17:00, without Sat and Sun: Fri 13 Mar 18:00",
            "opened Fri 6 Mar 17:00 (Shanghai time)",
            "Fri 6 Mar 17:00 – 18:00: 1 h will count",
            "Sat 7 – Sun 8 Mar: no working days",
            "Mon 9 – Thu 12 Mar, 4 working days: 32 h will count",
            "Fri 13 Mar 09:00 – 18:00: 8 h will count",
            "due Fri 13 Mar 18:00",
        ],
    ),
    "60 working days": (
        running("2026-09-16 11:00", 480, now="2026-09-16 11:00"),
        [
            "480 working hours from Wed 16 Sep 11:00, without 20 days off, Mid-Autumn Festival and National Day: "
            "Tue 15 Dec 11:00",
            "opened Wed 16 Sep 11:00 (Shanghai time)",
            "Wed 16 Sep 11:00 – 18:00: 6 h will count",
            "Wed 16 Sep 18:00 – Thu 17 Sep 09:00: closed overnight",
            "Thu 17 – Fri 18 Sep, 2 working days: 16 h will count",
            "Sat 19 Sep: no working day",
            "Sun 20 Sep 09:00 – 18:00, make-up working day: 8 h will count",
            "Sun 20 Sep 18:00 – Mon 21 Sep 09:00: closed overnight",
            "Mon 21 – Thu 24 Sep, 4 working days: 32 h will count",
            "Fri 25 – Sun 27 Sep: closed, Mid-Autumn Festival",
            "Mon 28 – Wed 30 Sep, 3 working days: 24 h will count",
            "Thu 1 – Wed 7 Oct: closed, National Day",
            "Thu 8 – Fri 9 Oct, 2 working days: 16 h will count",
            "Sat 10 Oct 09:00 – 18:00, make-up working day: 8 h will count",
            "Sun 11 Oct: no working day",
            "Mon 12 Oct – Mon 14 Dec, 46 working days, 18 days off between: 368 h will count",
            "Tue 15 Dec 09:00 – 11:00: 2 h will count",
            "due Tue 15 Dec 11:00",
        ],
    ),
}


@pytest.mark.parametrize(("story", "told"), CASES.values(), ids=CASES.keys())
def test_told_in_english(story: Story, told: list[str]) -> None:
    with translation.override("en"):
        assert story.told() == told
