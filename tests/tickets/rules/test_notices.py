"""Which events the customer hears of by mail."""

from __future__ import annotations

from typing import Any

import pytest

from tickets.choices import ActorKind, Channel, EventKind, MailPurpose, Status
from tickets.rules.notices import customer_hears

STAFF, CUSTOMER, SYSTEM = ActorKind.STAFF, ActorKind.CUSTOMER, ActorKind.SYSTEM

HEARS: list[tuple[EventKind, ActorKind, Channel, dict[str, Any], MailPurpose | None]] = [
    (EventKind.OPENED, CUSTOMER, Channel.WEB, {}, MailPurpose.RECEIPT),
    (EventKind.OPENED, STAFF, Channel.PHONE, {}, MailPurpose.RECEIPT),
    (EventKind.OPENED, SYSTEM, Channel.IMPORT, {}, None),
    (EventKind.REPLIED, STAFF, Channel.WEB, {"then": None}, MailPurpose.REPLY),
    (EventKind.REPLIED, STAFF, Channel.WEB, {"then": "pending"}, MailPurpose.REPLY),
    (EventKind.REPLIED, STAFF, Channel.WEB, {"then": "solved"}, None),
    (EventKind.REPLIED, CUSTOMER, Channel.WEB, {}, None),
    (EventKind.STATUS_CHANGED, STAFF, Channel.WEB, {"from": "open", "to": "solved"}, MailPurpose.SOLVED),
    (EventKind.STATUS_CHANGED, SYSTEM, Channel.WEB, {"from": "open", "to": "solved"}, MailPurpose.SOLVED),
    (EventKind.STATUS_CHANGED, CUSTOMER, Channel.WEB, {"from": "open", "to": "solved"}, None),
    (EventKind.STATUS_CHANGED, STAFF, Channel.WEB, {"from": "solved", "to": "closed"}, None),
    (EventKind.STATUS_CHANGED, STAFF, Channel.WEB, {"from": "solved", "to": "open"}, None),
    (EventKind.EMERGENCY_OPENED, SYSTEM, Channel.WEB, {}, MailPurpose.EMERGENCY),
    (EventKind.LINK_SENT, SYSTEM, Channel.WEB, {}, MailPurpose.LINK),
    (EventKind.ACT_DONE, SYSTEM, Channel.PHONE, {"act": "key"}, MailPurpose.ACT),
]


@pytest.mark.parametrize(("kind", "actor", "channel", "data", "purpose"), HEARS)
def test_it_works(
    kind: EventKind, actor: ActorKind, channel: Channel, data: dict[str, Any], purpose: MailPurpose | None
) -> None:
    assert customer_hears(kind, actor=actor, channel=channel, data=data) == purpose


@pytest.mark.parametrize("kind", sorted(set(EventKind) - {row[0] for row in HEARS}))
@pytest.mark.parametrize("actor", ActorKind)
def test_of_nothing_else(kind: EventKind, actor: ActorKind) -> None:
    for status in Status:
        assert customer_hears(kind, actor=actor, channel=Channel.WEB, data={"to": status.value}) is None
