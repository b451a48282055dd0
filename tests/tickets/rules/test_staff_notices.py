"""Which member of staff is told of what, and where."""

from __future__ import annotations

from typing import Any

import pytest

from tickets.choices import ActorKind, EventKind, Nature, NoticeKind
from tickets.rules.staff_notices import USUAL, Ways, Whom, hear, ways_of

STAFF, CUSTOMER, SYSTEM = ActorKind.STAFF, ActorKind.CUSTOMER, ActorKind.SYSTEM


@pytest.mark.parametrize(
    ("kind", "actor", "nature", "heard"),
    [
        (
            EventKind.REPLIED,
            CUSTOMER,
            Nature.SUBSTANCE,
            [("replied", Whom.ASSIGNEE), ("watched", Whom.WATCHERS)],
        ),
        (EventKind.REPLIED, CUSTOMER, Nature.THANKS, []),
        (EventKind.REPLIED, CUSTOMER, Nature.AUTOMATIC, []),
        (
            EventKind.REPLIED,
            STAFF,
            Nature.SUBSTANCE,
            [("watched", Whom.ASSIGNEE), ("watched", Whom.WATCHERS)],
        ),
        (EventKind.NOTED, STAFF, None, [("watched", Whom.ASSIGNEE), ("watched", Whom.WATCHERS)]),
        (EventKind.ASSIGNED, STAFF, None, [("assigned", Whom.ASSIGNEE)]),
        (EventKind.BREACHED, SYSTEM, None, [("breached", Whom.ASSIGNEE)]),
        (EventKind.DUE_SOON, SYSTEM, None, [("due_soon", Whom.ASSIGNEE)]),
        (
            EventKind.MAIL_BOUNCED,
            SYSTEM,
            None,
            [("mail_failed", Whom.ASSIGNEE), ("mail_failed", Whom.AUTHOR)],
        ),
        (EventKind.REPLY_TAKEN_BACK, STAFF, Nature.SUBSTANCE, [("mail_failed", Whom.AUTHOR)]),
        (EventKind.PRIORITY_CHANGED, STAFF, None, []),
        (EventKind.ESCALATED, SYSTEM, None, []),
    ],
)
def test_who_hears(
    kind: EventKind, actor: ActorKind, nature: str | None, heard: list[tuple[str, Whom]]
) -> None:
    assert [(why.value, whom) for why, whom in hear(kind, actor=actor, nature=nature)] == heard


@pytest.mark.parametrize(
    ("choices", "ways"),
    [
        ({}, USUAL[NoticeKind.REPLIED]),
        ({"replied": {"page": False, "mail": True}}, Ways(page=False, mail=True)),
        ({"replied": {"mail": True}}, Ways(page=True, mail=True)),
        ({"replied": {"page": False, "mail": False}}, Ways(page=False, mail=False)),
        ({"replied": "nonsense"}, USUAL[NoticeKind.REPLIED]),
        ({"assigned": {"page": False}}, USUAL[NoticeKind.REPLIED]),
    ],
)
def test_ways(choices: dict[str, Any], ways: Ways) -> None:
    assert ways_of(NoticeKind.REPLIED, choices) == ways


def test_an_escalation_is_mailed_whatever_somebody_chose() -> None:
    chosen = {"escalation": {"page": False, "mail": False}}
    assert ways_of(NoticeKind.ESCALATION, chosen) == Ways(page=False, mail=True)


def test_every_kind_has_its_usual_ways() -> None:
    assert set(USUAL) == set(NoticeKind)
