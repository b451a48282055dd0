from __future__ import annotations

from typing import Any

import pytest

from tickets.rules.personal_data.scrubbing import MARK, needles, pattern_of, scrubbed, sifted

PATTERN = pattern_of(needles(names=["王小明", "Ann Li"], emails=["a.li@x.test"], phones=["+8613800138000"]))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Dear ann li, hello", f"Dear {MARK}, hello"),
        ("客户王小明的提现", f"客户{MARK}的提现"),
        ("Joann Lick", "Joann Lick"),
        ("write to A.LI@X.TEST.", f"write to {MARK}."),
        ("ba.li@x.test", "ba.li@x.test"),
        ("call 13800138000 or +8613800138000", f"call {MARK} or {MARK}"),
        ("order 9138001380001", "order 9138001380001"),
        ({"Ann Li": ["王小明", 1, None]}, {MARK: [MARK, 1, None]}),
        (5, 5),
    ],
)
def test_a_person_is_taken_out_and_look_alikes_stay(before: Any, after: Any) -> None:
    assert scrubbed(before, PATTERN) == after


def test_who_is_known_by_nothing_takes_nothing_out() -> None:
    assert pattern_of(needles(names=["", "x"], emails=[""], phones=[""])) is None
    assert scrubbed("x marks", None) == "x marks"


def test_an_events_keys_stay_and_whom_they_name_goes() -> None:
    assert sifted("mail_sent", {"purpose": "reply", "to": "a.li@x.test"}, PATTERN) == {
        "purpose": "reply",
        "to": MARK,
    }
    assert sifted("forwarded", {"to": ["b@y.test"], "messages": 2}, PATTERN) == {"to": [MARK], "messages": 2}
    assert sifted("assigned", {"from": None, "to": "Bo"}, PATTERN) == {"from": None, "to": "Bo"}
    assert sifted("tags_changed", {"added": ["vip 王小明"], "removed": []}, PATTERN)["added"] == [
        f"vip {MARK}"
    ]
