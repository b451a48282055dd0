"""What each of the managers' numbers means: the words shown beside it, and in ``docs/analytics.md`` (a test holds the
two equal).
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tickets.rules import promise_terms

OVERVIEW: Mapping[str, Promise] = {
    "scope": _(
        "Only cases that you may see are counted, each under the brand, category, team, assignee and way in that it "
        "has now."
    ),
    "period": _(
        "Days begin at midnight in the time zone shown. The comparison is the same number of days right before; while "
        "today is still running, it ends at the same time of day."
    ),
    "opened": _(
        "Cases opened within the period, whatever became of them. Imported cases count when they were first opened."
    ),
    "solved": _(
        "Cases solved within the period that are still solved or closed, each counted on the day it was last solved. A "
        "case that was opened again is not solved until it is solved anew."
    ),
    "open_now": _(
        "Cases that are new, open, waiting for the customer or waiting for a third party at this moment."
    ),
    "backlog": _(
        "Cases opened by the end of the day and not solved by then. A case that was opened again counts as if it had "
        "been open all along."
    ),
    "age": _("How long ago a case that is open now was opened, by the clock on the wall."),
    "by_category": _("Cases opened within the period, by category; a category includes those below it."),
    "first_reply_working": _(
        "From opening to the first public reply by staff, in working time: nights, days off and the time spent waiting "
        "for the customer do not count. Of the cases first answered within the period that carry a promise."
    ),
    "first_reply_wall": _(
        "From opening to the first public reply by staff, by the clock on the wall. Of the cases first answered within "
        "the period."
    ),
    "solution_working": _(
        "From opening to the last solving, in working time: nights, days off, the time spent waiting for the customer "
        "and the time it stood solved do not count. Of the cases solved within the period that carry a promise."
    ),
    "solution_wall": _(
        "From opening to the last solving, by the clock on the wall. Of the cases solved within the period."
    ),
    "median": _("Half of the cases took this long or less."),
    "p90": _("Nine in ten cases took this long or less."),
    "kept": _("Promises given within the period and fulfilled in time, as a share of those kept or broken."),
    "broken": _(
        "Promises given within the period whose time has passed: fulfilled too late, or not yet. A case has a promise "
        "for the first reply and one for the solution, begun when it is opened. What the law requires is not in it."
    ),
    "running": _(
        "Promises given within the period that may still be kept: the clock runs, or waits for the customer. Promises "
        "that were cancelled before their time had passed are not counted."
    ),
    "reopened": _(
        "Of the cases solved at least once within the period, those opened again since then, up to this moment."
    ),
    "solved_once": _(
        "Cases solved at least once within the period, whether or not they were opened again later."
    ),
    "heat": _("Cases opened within the period, by weekday and hour in the time zone shown."),
    "agent_open": _("Cases assigned to this person that are open now."),
    "agent_solved": _("Cases assigned to this person that count as solved within the period."),
    "agent_reply": _(
        "Median working time to the first reply, of the cases now assigned to this person and first answered within "
        "the period."
    ),
}
#: On the page of promises; both pages say which cases they count, and when.
PROMISES: Mapping[str, Promise] = {
    "scope": OVERVIEW["scope"],
    "period": OVERVIEW["period"],
    **promise_terms.TERMS,
}
TERMS: Mapping[str, Promise] = {**OVERVIEW, **PROMISES}

#: What each is called, where the meanings stand in a row.
NAMES: Mapping[str, Promise] = {
    "scope": _("Which cases"),
    "period": _("Period"),
    "opened": _("Opened"),
    "solved": _("Solved"),
    "open_now": _("Open now"),
    "backlog": _("Open at the end"),
    "age": _("Age"),
    "by_category": _("Opened by category"),
    "first_reply_working": _("First reply, working time"),
    "first_reply_wall": _("First reply, by the clock"),
    "solution_working": _("Solution, working time"),
    "solution_wall": _("Solution, by the clock"),
    "median": _("Median"),
    "p90": _("9 in 10 within"),
    "kept": _("Share kept"),
    "broken": _("Broken"),
    "running": _("Still running"),
    "reopened": _("Opened again"),
    "solved_once": _("Solved at least once"),
    "heat": _("Opened by weekday and hour"),
    "agent_open": _("An agent’s open cases"),
    "agent_solved": _("An agent’s solved cases"),
    "agent_reply": _("An agent’s median first reply"),
    **promise_terms.NAMES,
}
