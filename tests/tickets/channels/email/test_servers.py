"""Reports of some forty mail servers and languages: whom they name, whether for good, and which mail of ours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tickets.channels.email.bounces import Action, is_hard, read_bounce

REPORTS: dict[str, dict[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("servers.yaml").read_text(encoding="utf-8")
)
OURS = "<own.1@lumen.example>"


def raw(mail: str) -> bytes:
    marker = "GB18030\n"
    return mail.replace(marker, "").encode("gb18030") if marker in mail else mail.encode()


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_is_read(name: str) -> None:
    want = REPORTS[name]["want"]

    bounce = read_bounce(raw(REPORTS[name]["mail"]))

    assert bounce is not None
    [told] = bounce.recipients
    assert told.address == want["address"]
    assert (told.action == Action.FAILED) == want["failed"]
    assert is_hard(told) == want["hard"]
    assert told.reason
    if want["id"]:
        assert bounce.original_message_ids[0] == OURS
