"""Which cases of somebody who goes off duty go back to the others."""

from __future__ import annotations

from enum import StrEnum


class Handing(StrEnum):
    """What is handed back: nothing is, of teams that say so (``Team.hands_back``)."""

    #: New and open cases that nobody has answered yet.
    UNANSWERED = "unanswered"
    #: Those, and open ones in which the customer waits for an answer of ours.
    WAITING = "waiting"


class Why(StrEnum):
    """Why cases were handed back; kept with the event."""

    OFF_DUTY = "off_duty"
    IDLE = "idle"
    #: A lead gave all of a person's cases back to the team.
    HANDED_OVER = "handed_over"
