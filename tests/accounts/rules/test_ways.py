"""By which way somebody came."""

from __future__ import annotations

import pytest

from accounts.rules.ways import way_of

SITE = "https://desk.test"


@pytest.mark.parametrize(
    ("said", "way"),
    [
        ({"by": "next", "before": f"{SITE}/admin/queue/?view=mine"}, "take next"),
        ({"by": "palette"}, "palette"),
        ({"by": "nonsense", "before": f"{SITE}/admin/queue/?view=team"}, "queue view=team"),
        ({"before": f"{SITE}/admin/queue/?view=all&customer=7"}, "queue view=all customer=7"),
        ({"before": f"{SITE}/admin/queue/?q=wang%40example.com"}, "search"),
        ({"before": f"{SITE}/admin/tickets/ABCDEFGH2/"}, "ticket ABCDEFGH2"),
        ({"before": f"{SITE}/admin/notices/"}, "notices"),
        ({"before": "https://evil.test/admin/queue/"}, "link from elsewhere"),
        ({"site": "none"}, "address"),
        ({"site": "cross-site"}, "link"),
        ({}, "address"),
        ({"page": f"{SITE}/admin/tickets/ABCDEFGH2/"}, "open page: ticket ABCDEFGH2"),
    ],
)
def test_the_way(said: dict[str, str], way: str) -> None:
    asked = {"by": "", "page": "", "before": "", "site": "", **said}
    assert way_of(host="desk.test", **asked) == way
