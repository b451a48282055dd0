from __future__ import annotations

import pytest

from helpdesk.lib.spreadsheets import guarded, lines


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "＝1", "\r=1"])
def test_a_formula_becomes_text(text: str) -> None:
    assert guarded(text) == "'" + text


@pytest.mark.parametrize("value", ["提现", "a=b", "–", -5, 0.25, None, ""])
def test_other_values_stay(value: str | int | float | None) -> None:
    assert guarded(value) == value


def test_a_file_begins_with_the_mark_of_utf8() -> None:
    assert "".join(lines([["a", '"b"'], ["=c", 1]])) == '\ufeffa,"""b"""\r\n\'=c,1\r\n'
