"""What ``static/js/live*.js`` say and ask, in the reader's language."""

from __future__ import annotations

import json

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from tickets.rules import numbers


def live_words() -> str:
    """As JSON. ``{name}`` and the like are filled in by the page; of pairs the first is for one."""
    return json.dumps(
        {
            "rows": reverse("workspace:queue_rows"),
            "counts": reverse("workspace:queue_counts"),
            "ticket": reverse("workspace:ticket_live", args=["0" * numbers.LENGTH]),
            "away": _("Not updating by itself"),
            "awayWhy": _(
                "The connection is down and is being tried again. Everything else works; reload to see news."
            ),
            "out": _("Not updating: please log in again"),
            "tabs": _("Not updating: too many tabs are open"),
            "new": [ngettext("{n} new ticket", "{n} new tickets", n) for n in (1, 2)],
            "stale": _("The list has changed: show it"),
            "why": _why(),
            "automatic": _why_automatic(),
            "elsewhere": _("no longer yours to see"),
            "wrote": _("{name} wrote"),
            "tookBack": _("{name} took the reply back before it left: nobody got it."),
            "takenBack": _("The reply was taken back before it left: nobody got it."),
            "newMessages": [ngettext("{n} new message", "{n} new messages", n) for n in (1, 2)],
            "goneTicket": _("This case is no longer yours to see."),
            "here": _("Who else is here"),
            "reads": _("{name} is here"),
            "note": _("{name} is writing a note"),
            "reply": _("{name} is writing a reply"),
        },
        ensure_ascii=False,
    )


def _why() -> dict[str, str]:
    """Why a row left the view, the first that fits counts; in a row, so in small letters."""
    return {
        "took": _("taken by {name}"),
        "merged": _("merged by {name}"),
        "assigned": _("assigned by {name}"),
        "handed_back": _("handed back by {name}"),
        "team_changed": _("moved to another team by {name}"),
        "status_changed": _("status set by {name}"),
        "replied": _("answered by {name}"),
        "changed": pgettext("row", "changed by {name}"),
    }


def _why_automatic() -> dict[str, str]:
    """The same where nobody did it, or nobody is named."""
    return {
        "merged": _("merged into another"),
        "assigned": _("assigned automatically"),
        "handed_back": _("handed back automatically"),
        "team_changed": _("moved to another team"),
        "status_changed": _("status has changed"),
        "changed": _("no longer in this view"),
    }
