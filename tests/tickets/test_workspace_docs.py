"""docs/workspace.md names every key and every operator of the search, in both languages."""

from __future__ import annotations

import re

from helpdesk.env import BASE_DIR
from tickets.rules.search_operators import HAS, IS, NAMES
from tickets.workspace.commands import COMMANDS

PAGE = BASE_DIR / "docs" / "workspace.md"
CODE = re.compile(r"`([^`]+)`")


def test_every_key() -> None:
    said = set(CODE.findall(PAGE.read_text()))
    assert {command.keys for command in COMMANDS if command.keys} <= said


def test_every_operator() -> None:
    said = set(CODE.findall(PAGE.read_text().partition("## Searching")[2]))
    names = {f"{name}:" for names in NAMES.values() for name in names}
    assert names <= said
    assert HAS.keys() | IS.keys() <= said
    named = {one.rstrip(":") for one in said if re.fullmatch(r"[\w ]+:", one)}
    assert named == {name for names in NAMES.values() for name in names}, "none that is none"


def test_every_picture_is_there_and_light() -> None:
    pictures = re.findall(r"images/[\w-]+\.png", PAGE.read_text())
    assert len(pictures) >= 7
    for picture in pictures:
        assert (PAGE.parent / picture).stat().st_size <= 150_000, picture
