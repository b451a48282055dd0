"""A case before it is rows: who said and did what, and when. Names stand for rows: slugs and e-mail addresses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from typing import Any

from tickets.choices import Channel, Nature, Priority, Status


class Act(Enum):
    ASSIGN = "assign"
    REPLY = "reply"
    NOTE = "note"
    CUSTOMER_REPLY = "customer_reply"
    STATUS = "status"
    CUSTOMER_STATUS = "customer_status"
    TEAM = "team"
    PRIORITY = "priority"
    COMPLAINT = "complaint"
    TAGS = "tags"
    CLOSE = "close"


@dataclass(frozen=True)
class Moment:
    """One act at one time. ``by`` is a member of staff's e-mail address; empty for the customer and the desk itself."""

    at: datetime
    act: Act
    by: str = ""
    text: str = ""
    status: Status | None = None
    priority: Priority | None = None
    #: To whom, or to which team.
    to: str = ""
    tags: tuple[str, ...] = ()
    #: Of what the customer says: mere thanks change nothing.
    nature: Nature = Nature.SUBSTANCE

    @property
    def asks(self) -> bool:
        return self.act is Act.CUSTOMER_REPLY and self.nature is Nature.SUBSTANCE


@dataclass(frozen=True)
class Story:
    """How a case begins and what happened since, in order of time."""

    number: str
    brand: str
    customer: str
    category: str
    language: str
    subject: str
    body: str
    opened_at: datetime
    channel: Channel = Channel.WEB
    answers: Mapping[str, Any] = field(default_factory=dict)
    #: Who wrote down a call; empty when the customer filed the case.
    opened_by: str = ""
    moments: tuple[Moment, ...] = ()

    def up_to(self, now: datetime) -> Story:
        """The part that has happened by now."""
        return replace(self, moments=tuple(moment for moment in self.moments if moment.at <= now))

    @property
    def _stands(self) -> Status | None:
        """The last status that somebody set, if the customer has not spoken since."""
        last = next(
            (moment for moment in reversed(self.moments) if moment.status is not None or moment.asks),
            None,
        )
        return last.status if last else None

    @property
    def is_over(self) -> bool:
        """Whether the case was brought to an end and not taken up again since."""
        return self._stands in (Status.SOLVED, Status.CLOSED)

    @property
    def is_waiting(self) -> bool:
        """Whether it is somebody else's turn: the customer's, or a third party's."""
        return self._stands in (Status.PENDING, Status.ON_HOLD)

    @property
    def worked_by(self) -> str:
        """Whose case it is in the end."""
        return next(
            (
                moment.to or moment.by
                for moment in reversed(self.moments)
                if moment.act in (Act.ASSIGN, Act.REPLY)
            ),
            "",
        )
