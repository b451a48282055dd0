import pytest
from django.utils import translation

from helpdesk.lib.durations import exact_span, working_span


@pytest.mark.parametrize(
    ("seconds", "to_the_minute", "to_the_second"),
    [
        (0, "0 min", "0 min"),
        (5, "0 min", "5 s"),
        (60, "1 min", "1 min"),
        (65, "1 min", "1 min 5 s"),
        (3600, "1 h", "1 h"),
        (3605, "1 h", "1 h 5 s"),
        (12_000, "3 h 20 min", "3 h 20 min"),
        (12_005, "3 h 20 min", "3 h 20 min 5 s"),
        (200_000, "55 h 33 min", "55 h 33 min 20 s"),
    ],
)
def test_spans(seconds: int, to_the_minute: str, to_the_second: str) -> None:
    with translation.override("en"):
        assert (working_span(seconds), exact_span(seconds)) == (to_the_minute, to_the_second)
