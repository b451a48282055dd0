from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.lib.colour import ENOUGH, contrast, ink_on, parse, readable, written

COLOURS = st.tuples(*[st.integers(0, 255)] * 3).map(written)


@given(COLOURS, st.sampled_from(["#eef0f4", "#20262f", "#ffffff", "#000000"]))
def test_every_colour_becomes_readable(colour: str, ground: str) -> None:
    assert contrast(parse(readable(colour, ground)), parse(ground)) >= ENOUGH


@given(COLOURS)
def test_what_is_written_on_a_readable_shade_is_readable_too(colour: str) -> None:
    for ground in ("#eef0f4", "#20262f"):
        shade = readable(colour, ground)
        assert contrast(parse(shade), parse(ink_on(shade))) >= ENOUGH


@pytest.mark.parametrize(
    ("one", "other", "ratio"), [("#000000", "#ffffff", 21), ("#777777", "#ffffff", 4.48)]
)
def test_contrast_as_the_guideline_reckons_it(one: str, other: str, ratio: float) -> None:
    assert contrast(parse(one), parse(other)) == pytest.approx(ratio, abs=0.01)


def test_a_readable_colour_stays() -> None:
    assert readable("#1234aa", "#eef0f4") == "#1234aa"
