"""A server for a whole file of tests, and two mailboxes to write to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from accounts.models import Brand
from tests.mail_server import MailServerProcess, mail_server
from tickets.models import Mailbox

MEGABYTE = 1024 * 1024


@pytest.fixture(scope="module")
def server(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MailServerProcess]:
    """One for all tests of a file; mails above 1 MB are cut, above 4 MB refused."""
    with mail_server(tmp_path_factory.mktemp("mail") / "log", MAIL_MAX_MB="1") as running:
        yield running


@pytest.fixture
def mailbox(brand: Brand) -> Mailbox:
    return Mailbox.objects.create(brand=brand, address="help@btp.test")


@pytest.fixture
def other_mailbox(other_brand: Brand) -> Mailbox:
    return Mailbox.objects.create(brand=other_brand, address="help@bobao.test", takes_tags=False)
