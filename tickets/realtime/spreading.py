"""Who is told what: pure, from what was read to one message for each page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from tickets.choices import EventKind
from tickets.gateways.presence import Present
from tickets.queries.live import News
from tickets.realtime.connection import Connection
from tickets.realtime.said import Doing
from tickets.realtime.viewers import Viewer

#: With more at once a page is told to look for itself.
MOST_TICKETS = 200
#: Somebody gave the ticket to themselves.
TOOK = "took"
#: On the screen in an older version; nobody asked why.
CHANGED = "changed"
People = Mapping[int, Mapping[int, tuple[str, Doing]]]


def reaches(viewer: Viewer, news: News) -> bool:
    return viewer.scope.reaches(brand=news.brand, team=news.team, assignee=news.assignee, viewer=viewer.pk)


def tell_news(connection: Connection, news: Iterable[News], now: int) -> None:
    """``now``: the server's clock, in thousandths of a second. Of what left the viewer's sight only that it is gone,
    and only where it was on the screen.
    """
    tickets: dict[str, list[News]] = defaultdict(list)
    gone = []
    for one in news:
        if reaches(connection.viewer, one):
            tickets[one.number].append(one)
        elif connection.forget(one.number):
            gone.append(one.number)
    if gone:
        connection.tell({"type": "gone", "numbers": gone})
    if len(tickets) > MOST_TICKETS:
        connection.tell({"type": "stale", "now": now})
    elif tickets:
        told = [_in_words(connection.viewer, number, events) for number, events in tickets.items()]
        connection.tell({"type": "news", "now": now, "tickets": told})


def _in_words(viewer: Viewer, number: str, events: list[News]) -> dict[str, Any]:
    """Names: whoever acted, in order; "" is the desk itself."""
    kinds = dict.fromkeys(TOOK if one.took and one.kind == EventKind.ASSIGNED else one.kind for one in events)
    return {
        "number": number,
        "version": max(one.version for one in events),
        "kinds": list(kinds),
        "by": list(dict.fromkeys(one.actor_name for one in events)),
        "own": all(one.actor == viewer.pk for one in events),
    }


def changed(number: str, version: int) -> dict[str, Any]:
    """News of a ticket that is on the screen in an older version."""
    return {"number": number, "version": version, "kinds": [CHANGED], "by": [], "own": False}


def people_of(present: Iterable[Present]) -> dict[int, dict[int, tuple[str, Doing]]]:
    """By ticket, by person: a person's tabs count once, and what they do in them the most."""
    found: dict[int, dict[int, tuple[str, Doing]]] = defaultdict(dict)
    for one in present:
        known = found[one.ticket].get(one.person)
        if known is None or one.doing > known[1]:
            found[one.ticket][one.person] = (one.name, Doing(one.doing))
    return found


def tell_people(connection: Connection, people: People) -> None:
    """Of each ticket on the screen, who else is there, when that differs from what was told."""
    for number, ticket in connection.known.items():
        others = [
            {"id": person, "name": name, "doing": doing.name.lower()}
            for person, (name, doing) in sorted(people.get(ticket, {}).items())
            if person != connection.viewer.pk
        ]
        if others != connection.told_people.get(ticket, []):
            connection.told_people[ticket] = others
            connection.tell({"type": "here", "number": number, "people": others})
