"""The operator's checks of the mail path."""

from __future__ import annotations

import pytest

from accounts.models import Brand, User
from helpdesk.lib.errors import Invalid, NotAllowed
from tests.smtp import MailServer
from tickets import actors
from tickets.actions.mail_checks import came, send_check, send_test
from tickets.delivery.sender import deliver
from tickets.models import Mailbox, OutboxMail
from tickets.queries.mailboxes import addressed


@pytest.fixture
def mailbox(brand: Brand) -> Mailbox:
    return Mailbox.objects.create(brand=brand, address="help@btp.test")


def fresh(mailbox: Mailbox) -> Mailbox:
    return Mailbox.objects.get(pk=mailbox.pk)


def test_it_works(mailbox: Mailbox, administrator: User, smtp: MailServer) -> None:
    checked = send_check(mailbox, by=actors.staff(administrator))
    assert deliver() == 1
    [received] = smtp.received
    [found] = addressed(received.recipients)
    assert (found.mailbox, found.tag) == (mailbox, checked.check_token)
    assert checked.check_token in str(received.message["Subject"])
    assert received.message["Auto-Submitted"] == "auto-generated"
    assert received.message["From"] == "BTP Wallet <help@btp.test>" or received.sender == "help@btp.test"
    came(mailbox, kept_tag=True)
    assert fresh(mailbox).check_came_at is not None
    assert fresh(mailbox).check_kept_tag is True


def test_a_new_one_forgets_the_one_before(mailbox: Mailbox, administrator: User) -> None:
    first = send_check(mailbox, by=actors.staff(administrator)).check_token
    came(mailbox, kept_tag=False)
    assert fresh(mailbox).check_kept_tag is False
    second = send_check(mailbox, by=actors.staff(administrator))
    assert second.check_token != first
    assert (second.check_came_at, second.check_kept_tag) == (None, None)


@pytest.mark.parametrize("address", ["help@btp.test", f"{'a' * 60}@btp.test"])
def test_no_tag_where_none_is_taken(mailbox: Mailbox, administrator: User, address: str) -> None:
    mailbox.address, mailbox.takes_tags = address, len(address) > 20
    mailbox.save()
    send_check(mailbox, by=actors.staff(administrator))
    assert OutboxMail.objects.get().to == address


def test_a_mail_to_try_out(brand: Brand, administrator: User, smtp: MailServer) -> None:
    send_test("Ops@Example.com", brand=brand, by=actors.staff(administrator))
    assert deliver() == 1
    assert smtp.received[0].recipients == ["ops@example.com"]
    assert "Ada" in smtp.received[0].part("plain")


@pytest.mark.parametrize(
    "to", ["", "nobody", "a@b", "a@example.com\r\nBcc: b@example.com", "a@example.com, b@example.com"]
)
def test_no_address(brand: Brand, administrator: User, to: str) -> None:
    with pytest.raises(Invalid) as refused:
        send_test(to, brand=brand, by=actors.staff(administrator))
    assert set(refused.value.fields) == {"to"}
    assert not OutboxMail.objects.exists()


def test_only_for_those_who_set_up(mailbox: Mailbox, agent: User) -> None:
    with pytest.raises(NotAllowed):
        send_check(mailbox, by=actors.staff(agent))
    with pytest.raises(NotAllowed):
        send_test("a@example.com", brand=mailbox.brand, by=actors.staff(agent))
