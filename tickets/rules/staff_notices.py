"""Which member of staff is told of what, and in which ways: the one table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Any

from tickets.choices import ActorKind, EventKind, Nature, NoticeKind

#: So long before the nearest promised time its assignee is reminded.
SOON = timedelta(minutes=30)


@dataclass(frozen=True)
class Ways:
    """Where a notice is shown."""

    page: bool
    mail: bool

    def __bool__(self) -> bool:
        return self.page or self.mail


class Whom(Enum):
    ASSIGNEE = "assignee"
    WATCHERS = "watchers"
    AUTHOR = "author"


#: What holds until the person says otherwise.
USUAL: Mapping[NoticeKind, Ways] = {
    NoticeKind.ESCALATION: Ways(page=True, mail=True),
    NoticeKind.ASSIGNED: Ways(page=True, mail=False),
    NoticeKind.MENTIONED: Ways(page=True, mail=True),
    NoticeKind.REPLIED: Ways(page=True, mail=False),
    NoticeKind.WATCHED: Ways(page=True, mail=False),
    NoticeKind.DUE_SOON: Ways(page=True, mail=False),
    # Whom a policy tells by mail, it tells by its steps.
    NoticeKind.BREACHED: Ways(page=True, mail=False),
    NoticeKind.MAIL_FAILED: Ways(page=True, mail=True),
    # It runs out: whoever may approve should not have to look for it.
    NoticeKind.TO_APPROVE: Ways(page=True, mail=True),
    NoticeKind.ACT_DECIDED: Ways(page=True, mail=False),
    NoticeKind.EMERGENCY: Ways(page=True, mail=True),
}
#: What an escalation or an alarm says is no matter of taste: the policy, or the plan, names who has to know.
ALWAYS_MAILED = frozenset({NoticeKind.ESCALATION, NoticeKind.EMERGENCY})


def ways_of(kind: NoticeKind, choices: Mapping[str, Any]) -> Ways:
    """``choices`` is what a person chose, ``{"replied": {"page": True, "mail": True}}``; nonsense chooses nothing."""
    usual, chosen = USUAL[kind], choices.get(kind.value)
    if not isinstance(chosen, Mapping):
        return usual
    mail = bool(chosen.get("mail", usual.mail)) or kind in ALWAYS_MAILED
    return Ways(page=bool(chosen.get("page", usual.page)), mail=mail)


def hear(
    kind: EventKind, *, actor: ActorKind, nature: str | None = None
) -> tuple[tuple[NoticeKind, Whom], ...]:
    """Who hears of an event as what; of one person the first holds. ``nature`` is that of its message.

    A step of an escalation and a mention name their people themselves.
    """
    if kind == EventKind.REPLIED and actor == ActorKind.CUSTOMER:
        if nature != Nature.SUBSTANCE:
            return ()
        return (NoticeKind.REPLIED, Whom.ASSIGNEE), (NoticeKind.WATCHED, Whom.WATCHERS)
    return _HEAR.get(kind, ())


_HEAR: Mapping[EventKind, tuple[tuple[NoticeKind, Whom], ...]] = {
    EventKind.ASSIGNED: ((NoticeKind.ASSIGNED, Whom.ASSIGNEE),),
    # Whoever has a case follows it.
    EventKind.REPLIED: ((NoticeKind.WATCHED, Whom.ASSIGNEE), (NoticeKind.WATCHED, Whom.WATCHERS)),
    EventKind.NOTED: ((NoticeKind.WATCHED, Whom.ASSIGNEE), (NoticeKind.WATCHED, Whom.WATCHERS)),
    EventKind.MAIL_FAILED: ((NoticeKind.MAIL_FAILED, Whom.ASSIGNEE), (NoticeKind.MAIL_FAILED, Whom.AUTHOR)),
    EventKind.MAIL_BOUNCED: ((NoticeKind.MAIL_FAILED, Whom.ASSIGNEE), (NoticeKind.MAIL_FAILED, Whom.AUTHOR)),
    # Whoever took it back knows; its author, if that is somebody else, believes that it went.
    EventKind.REPLY_TAKEN_BACK: ((NoticeKind.MAIL_FAILED, Whom.AUTHOR),),
    EventKind.BREACHED: ((NoticeKind.BREACHED, Whom.ASSIGNEE),),
    EventKind.DUE_SOON: ((NoticeKind.DUE_SOON, Whom.ASSIGNEE),),
}
