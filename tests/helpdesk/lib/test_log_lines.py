"""A line of the log is one line, says when with its zone, and cannot be forged by what somebody typed."""

from __future__ import annotations

import logging
import re
import sys
from typing import Any

from django.conf import settings

from helpdesk.lib.log_lines import OneLine

FORM = OneLine("%(asctime)s %(levelname)s %(name)s: %(message)s")


def line(message: str, *, fails: bool = False) -> str:
    info = None
    if fails:
        try:
            raise ValueError(message)
        except ValueError:
            info = sys.exc_info()
    return FORM.format(logging.LogRecord("a.b", logging.INFO, "x.py", 1, "said %s", (message,), info))


def test_when_with_its_zone() -> None:
    assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d INFO a\.b: said 好$", line("好"))


def test_no_second_line_and_no_command_to_a_terminal() -> None:
    told = line("a\r\n2026-01-01 ERROR root: all is lost\u2028b\x1b[2Jc\td")
    assert len(told.splitlines()) == 1
    assert told.endswith("said a\\r\\n2026-01-01 ERROR root: all is lost\\x2028b\\x1b[2Jc\td")


def test_a_trace_stands_below_and_begins_no_line_of_ours() -> None:
    first, *below = line("a\n2026-01-01 ERROR root: all is lost", fails=True).split("\n")
    assert "said a\\n2026" in first
    assert any("ValueError" in one for one in below)
    assert all(one.startswith("    | ") for one in below)


def test_it_is_what_we_write_with() -> None:
    formatters: Any = settings.LOGGING["formatters"]
    assert formatters["line"]["()"] == "helpdesk.lib.log_lines.OneLine"
