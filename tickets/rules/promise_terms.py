"""What each number of the page of promises means; a part of ``analytics_terms``."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TERMS: Mapping[str, Promise] = {
    "decided": _(
        "A promise counts in the period in which it was decided: kept, when it was fulfilled in time; broken, when its "
        "time passed. What was cancelled before that does not count. What the law requires stands apart."
    ),
    "decided_kept": _("Promises fulfilled in time within the period."),
    "decided_broken": _(
        "Promises whose time passed within the period, fulfilled later or not. A case may have several: for the first "
        "reply, for each next reply and regular update, and for the solution."
    ),
    "decided_share": _("Promises kept, as a share of those kept or broken within the period."),
    "cause": _(
        "Found at the moment the time passed; the first that fits, in this order: nobody had the case; it moved "
        "between teams, twice or late; it waited for a third party for more than half of the time; the promise became "
        "shorter; the case had been opened again; somebody took it in the last fifth of the time; somebody had it, "
        "and it was late all the same. Unknown are those broken before causes were noted, and those of the last "
        "minute."
    ),
    "by_team_broken": _("Broken promises by the team that has the case now, and by their cause."),
    "by_category_broken": _(
        "Broken promises by the category that the case has now, and by their cause; a category includes those below it."
    ),
    "statute_open": _(
        "Times set by law that are not met yet, at this moment. Their clocks never stand still while the case is open."
    ),
    "statute_overdue": _("Of these, those whose time has passed."),
    "statute_nearest": _("When the next of them falls due, of those whose time has not passed."),
    "statute_share": _(
        "Times set by law that were met in time, as a share of those met or missed within the period."
    ),
    "ahead_due": _(
        "Promises whose clock runs and that fall due from now until then, those set by law included. What stands still "
        "and what is broken already is not in it."
    ),
    "ahead_broken": _(
        "What will be broken of it at the present pace, if every team fulfils its promises of a kind in the order of "
        "their due times: the third, say, is done when three have been. It is broken when less working time than that "
        "is left."
    ),
    "pace": _(
        "Promises of this kind kept by this team in its last 8 working hours, an hour; looked for in the last 14 days. "
        "The working hours are the team’s, or else the brand’s."
    ),
    "thin": _("A pace that rests on fewer than 5 kept promises says little."),
}

#: What each is called, where the meanings stand in a row.
NAMES: Mapping[str, Promise] = {
    "decided": _("Decided in the period"),
    "decided_kept": _("Promises kept"),
    "decided_broken": _("Promises broken"),
    "decided_share": _("Share of promises kept"),
    "cause": _("Cause"),
    "by_team_broken": _("Broken by team"),
    "by_category_broken": _("Broken by category"),
    "statute_open": _("Required by law, open"),
    "statute_overdue": _("Required by law, overdue"),
    "statute_nearest": _("Required by law, nearest due"),
    "statute_share": _("Required by law, met in time"),
    "ahead_due": _("Falls due"),
    "ahead_broken": _("Will be broken"),
    "pace": _("Present pace"),
    "thin": _("Rests on little"),
}
