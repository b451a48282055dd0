from __future__ import annotations

from datetime import time
from typing import Any

import pytest

from accounts.actions.notice_hours import set_notice_hours
from accounts.models import User
from helpdesk.lib.errors import Invalid

NIGHT = {"time_zone": "Asia/Tokyo", "quiet_from": time(22), "quiet_until": time(7), "digest_minutes": 60}


def test_it_works(agent: User) -> None:
    set_notice_hours(agent, **NIGHT)  # type: ignore[arg-type]
    kept = User.objects.get(pk=agent.pk)
    assert {name: getattr(kept, name) for name in NIGHT} == NIGHT


def test_no_quiet_hours(agent: User) -> None:
    set_notice_hours(agent, **NIGHT)  # type: ignore[arg-type]
    set_notice_hours(agent, **{**NIGHT, "quiet_from": None, "quiet_until": None})  # type: ignore[arg-type]
    kept = User.objects.get(pk=agent.pk)
    assert (kept.quiet_from, kept.quiet_until) == (None, None)


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"time_zone": "Mars/Olympus"}, {"time_zone"}),
        ({"time_zone": ""}, {"time_zone"}),
        ({"time_zone": "../../etc/passwd"}, {"time_zone"}),
        ({"quiet_from": None}, {"quiet_from"}),
        ({"quiet_until": None}, {"quiet_until"}),
        ({"quiet_until": time(22)}, {"quiet_until"}),
        ({"digest_minutes": 7}, {"digest_minutes"}),
        (
            {"time_zone": "x", "quiet_from": None, "digest_minutes": -1},
            {"time_zone", "quiet_from", "digest_minutes"},
        ),
    ],
)
def test_nonsense_is_told_at_its_field(agent: User, changes: dict[str, Any], fields: set[str]) -> None:
    with pytest.raises(Invalid) as refused:
        set_notice_hours(agent, **{**NIGHT, **changes})
    assert set(refused.value.fields) == fields
    assert User.objects.get(pk=agent.pk).time_zone == "Asia/Shanghai"
