"""Short mails, split as they come, then asked whether they are thanks. Who asks anything never is."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tickets.choices import Nature
from tickets.rules.courtesy import nature_of
from tickets.rules.replies import split_reply

MAILS: dict[str, list[str]] = yaml.safe_load(
    Path(__file__).with_name("mails.yaml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize(
    ("nature", "mail"), [(nature, mail) for nature, mails in MAILS.items() for mail in mails]
)
def test_the_nature_of_what_was_newly_written(nature: str, mail: str) -> None:
    assert nature_of(split_reply(mail).new, names=["Maya", "Lumen"]) == Nature(nature)
