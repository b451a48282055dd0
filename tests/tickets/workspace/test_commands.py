"""What the help and the palette list can be done."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from django.conf import settings

from tickets.workspace.commands import COMMANDS, EVERYWHERE

SCRIPTS = Path(settings.BASE_DIR) / "static" / "js"
#: Keys that a script listens to itself, with what it looks for.
LISTENED_TO = {
    "open": ("workspace.js", ".ws-open"),  # a link has the focus
    "pick": ("bulk.js", 'event.key !== "x"'),
    "pick-range": ("bulk.js", 'event.key === "X"'),
    "send": ("composer.js", 'event.key !== "Enter"'),
    "send-solved": ("composer.js", "solved: event.shiftKey"),
    "leave": ("workspace.js", 'event.key === "Escape"'),
    **{f"suggestion-{key}": ("suggestion.js", "[0-3]") for key in range(4)},
}


def test_each_is_an_address_or_done_by_a_script() -> None:
    scripts = {path.name: path.read_text() for path in SCRIPTS.glob("*.js")}
    everything = "\n".join(scripts.values())
    for command in COMMANDS:
        if command.address:
            continue
        if command.name in LISTENED_TO:
            name, looked_for = LISTENED_TO[command.name]
            assert looked_for in scripts[name], command.name
            continue
        named = rf"""(?:["']{command.name}["']|\b{command.name}): """
        run = rf"""{named}|wsCommands(?:\.{command.name}|\["{command.name}"\]) = """
        assert re.search(run, everything), command.name


def test_no_key_means_two_things_in_one_place() -> None:
    every = [(command.place, command.keys) for command in COMMANDS if command.keys]
    assert not [pair for pair, count in Counter(every).items() if count > 1]
    everywhere = {command.keys for command in COMMANDS if command.keys and command.place == EVERYWHERE}
    others = [command for command in COMMANDS if command.place != EVERYWHERE]
    assert not [command.name for command in others if command.keys in everywhere]
