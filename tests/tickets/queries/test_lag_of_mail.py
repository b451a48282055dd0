"""How far incoming mail is behind."""

from __future__ import annotations

from datetime import timedelta
from math import inf
from typing import Any

import pytest

from accounts.models import Brand
from helpdesk.lib import clock
from tests.tickets.incoming_mails import aside, stored
from tickets.actions.incoming import claim_one
from tickets.choices import Fetching
from tickets.models import IncomingMail, Mailbox
from tickets.queries import lag

MINUTE = timedelta(minutes=1)


def test_nothing_waits(brand: Brand) -> None:
    aside(brand)
    assert lag.reading() == lag.fetching() == 0


def test_reading(brand: Brand) -> None:
    stored(brand)
    with clock.frozen(clock.now() + 7 * MINUTE):
        assert lag.reading() == pytest.approx(420, abs=5)
        claim_one()
        assert lag.reading() == 0, "somebody has it in hand"
    with clock.frozen(clock.now() + 60 * MINUTE):
        assert lag.reading() > 0, "the claim has run out"
        IncomingMail.objects.update(state="done")
        assert lag.reading() == 0


@pytest.mark.parametrize(
    ("values", "seconds"),
    [
        ({"looked_at": -1}, 60),
        ({"looked_at": -20}, 1200),
        ({"looked_at": -1, "failing_since": -30}, 1800),
        ({"looked_at": None}, inf),
        ({"looked_at": None, "failing_since": -1}, inf),
        ({"looked_at": -20, "is_active": False}, 0),
        ({"looked_at": None, "fetching": Fetching.DELIVERED}, 0),
    ],
)
def test_fetching(brand: Brand, values: dict[str, Any], seconds: float) -> None:
    now = clock.now()
    moments = {
        name: now + value * MINUTE if isinstance(value, int) and not isinstance(value, bool) else value
        for name, value in values.items()
    }
    Mailbox.objects.create(
        **{"brand": brand, "address": "a@x.test", "fetching": Fetching.IMAP, "host": "h", **moments}
    )
    Mailbox.objects.create(brand=brand, address="b@x.test", fetching=Fetching.IMAP, host="h", looked_at=now)
    assert lag.fetching() == pytest.approx(seconds, abs=5)
