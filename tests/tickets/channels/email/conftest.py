"""A mailbox of the brand, and a case that came in by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

# Loaded before the settings are: models only once a test runs.
if TYPE_CHECKING:
    from accounts.models import Brand
    from tickets.models import Mailbox, Ticket


@pytest.fixture
def mailbox(brand: Brand) -> Mailbox:
    from tests.mails import mailbox_of

    return mailbox_of(brand)


@pytest.fixture
def by_mail(mailbox: Mailbox) -> Ticket:
    """王小明's case, opened by mail."""
    from tests.mails import arrive, mail

    ticket = arrive(mail()).ticket
    assert ticket is not None
    return ticket
