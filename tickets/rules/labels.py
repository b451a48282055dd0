"""What a ticket's category is worth as a lesson for the classifier, by who said it.

A model that learned what it had said itself, or what a default said, would only become surer of it. So:

- a member of staff set or confirmed the category, or opened the case with it (a call): they had read it. Full trust.
- the customer chose it on the form, and staff solved the case without changing it: agreed to in silence. Half.
- it came with the case from elsewhere (an import, a program), solved here: less.
- the desk itself set it afterwards (the classifier's automatic setting): nothing, until a person confirms.
"""

from __future__ import annotations

from tickets.choices import ActorKind

CONFIRMED, AGREED, BROUGHT, NOTHING = 1.0, 0.5, 0.3, 0.0
_AS_OPENED = {ActorKind.STAFF: CONFIRMED, ActorKind.CUSTOMER: AGREED, ActorKind.SYSTEM: BROUGHT}


def trust(*, opened_by: str, set_last_by: str | None) -> float:
    """0 to 1. ``opened_by``: who filed the case; ``set_last_by``: who last set its category since, None for nobody."""
    if set_last_by is None:
        return _AS_OPENED.get(ActorKind(opened_by), NOTHING)
    return CONFIRMED if set_last_by == ActorKind.STAFF else NOTHING


#: By how much a new model may fall behind on the same texts: less than that is chance.
TOLERANCE = 0.005


def is_not_worse(new: float, old: float) -> bool:
    """Two shares of right guesses on the same texts."""
    return new >= old - TOLERANCE
