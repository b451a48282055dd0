"""What can be done by a key or from the palette: the one list that both, and the help, are drawn from.

What runs a command in the page is in static/js/keys.js, by the same name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.models import User
from accounts.rules.capabilities import Capability
from tickets.queries.inbox import View
from tickets.rules.visibility import SEES_TICKETS
from tickets.workspace.navigation import VIEW_TITLES

C = Capability
Text = str | Promise
EVERYWHERE, QUEUE, TICKET, COMPOSER = "everywhere", "queue", "ticket", "composer"
#: In the order of the help.
PLACES: Mapping[str, Text] = {
    EVERYWHERE: _("Everywhere"),
    QUEUE: _("In the queue"),
    TICKET: _("On a ticket"),
    COMPOSER: _("While writing"),
}
SEES = SEES_TICKETS
WORKS = frozenset({C.WORK_TICKETS})


@dataclass(frozen=True)
class Command:
    """``keys`` as they are pressed, "g m" one after the other, empty for what the palette alone does; ``listed`` False
    for keys that only the help names. ``control``: what the page must hold, a selector; without it there is nothing
    to do.
    """

    name: str
    title: Text
    keys: str
    place: str
    needs: frozenset[Capability] = SEES
    address: str = ""
    query: str = ""
    listed: bool = True
    control: str = ""

    @property
    def pressed(self) -> list[str]:
        return self.keys.split()


def _view(view: View, key: str) -> Command:
    return Command(
        f"view-{view}", VIEW_TITLES[view], f"g {key}", EVERYWHERE, SEES, "workspace:queue", f"?view={view}"
    )


COMMANDS: tuple[Command, ...] = (
    Command("palette", _("Find and do anything"), "Ctrl+K", EVERYWHERE, listed=False),
    Command("help", _("Show the keys"), "?", EVERYWHERE),
    Command("search", _("Search"), "/", EVERYWHERE),
    _view(View.MINE, "m"),
    _view(View.UNASSIGNED, "u"),
    _view(View.TEAM, "t"),
    _view(View.DUE, "d"),
    _view(View.ALL, "a"),
    Command("notices", _("My notices"), "g n", EVERYWHERE, SEES, "workspace:notices"),
    Command(
        "new-ticket",
        _("New ticket"),
        "g c",
        EVERYWHERE,
        frozenset({C.OPEN_FOR_CUSTOMER}),
        "workspace:ticket_new",
    ),
    Command("analytics", _("Analytics"), "g i", EVERYWHERE, frozenset({C.VIEW_ANALYTICS}), "analytics:page"),
    Command("take-next", _("Take next"), "n", EVERYWHERE, WORKS),
    Command("duty", _("Go on or off duty"), "Shift+D", EVERYWHERE, WORKS),
    Command("down", _("Next row"), "j", QUEUE, listed=False),
    Command("up", _("Row before"), "k", QUEUE, listed=False),
    Command("open", _("Open the row"), "Enter", QUEUE, listed=False),
    Command("pick", _("Choose the row for an act on several"), "x", QUEUE, WORKS, listed=False),
    Command(
        "pick-range",
        _("Choose all from the last chosen row to this one"),
        "Shift+X",
        QUEUE,
        WORKS,
        listed=False,
    ),
    Command("mark", _("Mark the row as read or unread"), "u", QUEUE, listed=False),
    Command("filter", _("Add a filter"), "f", QUEUE),
    Command("show-new", _("Show what came in"), ".", QUEUE, listed=False),
    Command("next-page", _("Next page"), "Shift+J", QUEUE),
    Command("back", _("Back to the queue"), "u", TICKET),
    Command("next-ticket", _("Next ticket of the queue"), "]", TICKET),
    Command("previous-ticket", _("Ticket before"), "[", TICKET),
    Command("reply", _("Reply"), "r", TICKET, WORKS),
    Command("note", _("Internal note"), "o", TICKET, WORKS),
    Command("forward", _("Forward"), "f", TICKET, WORKS),
    Command("assign-me", _("Assign to me"), "a", TICKET, WORKS),
    Command("status", _("Set the status"), "s", TICKET, WORKS),
    Command("priority", _("Set the priority"), "p", TICKET, WORKS),
    Command("category", _("Set the category"), "c", TICKET, WORKS),
    Command("assignee", _("Set the assignee"), "i", TICKET, WORKS),
    Command("tags", _("Set the tags"), "t", TICKET, WORKS),
    Command("macro", _("Choose a macro"), "m", TICKET, WORKS),
    *(
        Command(f"suggestion-{key}", title, key, TICKET, WORKS, listed=False)
        for key, title in (
            ("1", _("Take the first suggested category")),
            ("2", _("Take the second suggested category")),
            ("3", _("Take the third suggested category")),
            ("0", _("Keep the category that it has")),
        )
    ),
    Command("watch", _("Watch or stop watching"), "w", TICKET, WORKS),
    Command("merge", _("Merge into…"), "", TICKET, WORKS, control="#ws-into"),
    Command("link", _("Link a case…"), "", TICKET, WORKS, control="#ws-link"),
    Command("split", _("Make a message a case of its own"), "", TICKET, WORKS, control=".ws-split"),
    Command("follow-up", _("Open a follow-up case"), "", TICKET, WORKS, control="#ws-follow-up"),
    Command("undo", _("Undo the last act"), "z", EVERYWHERE, WORKS),
    Command("theme-light", _("Appearance: light"), "", EVERYWHERE),
    Command("theme-dark", _("Appearance: dark"), "", EVERYWHERE),
    Command("theme-system", _("Appearance: as the system"), "", EVERYWHERE),
    # Found by whoever cannot read the present one, too.
    Command("language-zh", _("Language: 中文 (Chinese)"), "", EVERYWHERE),
    Command("language-en", _("Language: English (英文)"), "", EVERYWHERE),
    Command("log-out", _("Log out"), "", EVERYWHERE),
    Command("send", _("Send"), "Ctrl+Enter", COMPOSER, WORKS, listed=False),
    Command("send-solved", _("Send and set solved"), "Ctrl+Shift+Enter", COMPOSER, WORKS, listed=False),
    Command("leave", _("Leave the box; the text stays"), "Escape", COMPOSER, WORKS, listed=False),
)


def of(user: User) -> list[dict[str, Any]]:
    """Those that somebody may use, place by place, as the page lists them."""
    usable = [command for command in COMMANDS if any(access.can(user, need) for need in command.needs)]
    return [
        {"place": place, "title": title, "commands": [_drawn(command) for command in commands]}
        for place, title in PLACES.items()
        if (commands := [command for command in usable if command.place == place])
    ]


def _drawn(command: Command) -> dict[str, Any]:
    address = reverse(command.address) + command.query if command.address else ""
    return {
        "name": command.name,
        "title": command.title,
        "keys": command.keys,
        "pressed": command.pressed,
        "address": address,
        "listed": command.listed,
        "control": command.control,
    }


def names(commands: Sequence[Command] = COMMANDS) -> list[str]:
    return [command.name for command in commands]
