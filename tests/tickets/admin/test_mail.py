"""The pages of mailboxes, sender rules, dead addresses and receiving domains."""

from __future__ import annotations

import socket
from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Brand, User
from helpdesk.lib import clock
from tests.tickets.admin.test_configuration import save
from tests.tickets.admin.test_pages import address, browser
from tickets.admin import mail as admin_pages
from tickets.choices import Fetching, SenderVerdict, Tls
from tickets.models import DeadAddress, Mailbox, MailDestination, SenderRule

SECRET = "correct horse"
IMAP = {"fetching": "imap", "host": "imap.btp.test", "username": "me", "password": SECRET}


def plain(brand: Brand, **values: Any) -> dict[str, Any]:
    return {
        "brand": brand.pk,
        "address": " Help@BTP.test",
        "fetching": "delivered",
        "is_active": "on",
        **values,
    }


@pytest.fixture
def imap(brand: Brand) -> Mailbox:
    made = Mailbox(
        brand=brand, address="help@btp.test", fetching=Fetching.IMAP, host="imap.btp.test", username="me"
    )
    made.password = SECRET
    made.uid_validity, made.last_uid, made.looked_at = 7, 99, clock.now()
    made.save()
    return made


class TestMailboxes:
    def test_one_that_is_delivered(self, administrator: User, brand: Brand) -> None:
        assert save(administrator, "tickets.mailbox", plain(brand)) == (302, "")
        made = Mailbox.objects.get()
        assert (made.address, made.brand, made.takes_tags) == ("help@btp.test", brand, True)

    def test_one_that_is_fetched(self, administrator: User, brand: Brand) -> None:
        assert save(administrator, "tickets.mailbox", plain(brand, **IMAP)) == (302, "")
        made = Mailbox.objects.get()
        assert (made.password, made.folder, made.port) == (SECRET, "INBOX", 993)
        assert SECRET.encode() not in bytes(made.password_sealed)

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"address": "help@bobao.test"}, "the address of another brand, Bobao Wallet"),
            ({"address": "IN@btp.test"}, "There is a mailbox with this address already"),
            ({"address": "nonsense"}, "valid"),
            ({**IMAP, "host": ""}, "Write the name of the IMAP server"),
            ({**IMAP, "username": " "}, "Write the log-in of the mailbox"),
            ({**IMAP, "password": ""}, "Write the password of the mailbox"),
            ({**IMAP, "tls": "none"}, "Without TLS the password could be read"),
            ({**IMAP, "tls": "none", "host": "10.0.0.1"}, "Without TLS the password could be read"),
            ({**IMAP, "done_folder": "INBOX"}, "the folder that is fetched from"),
            ({**IMAP, "port": "70000"}, "65535"),
        ],
    )
    def test_nonsense_is_told(
        self, administrator: User, brand: Brand, other_brand: Brand, changes: dict[str, Any], words: str
    ) -> None:
        Mailbox.objects.create(brand=brand, address="in@btp.test")
        status, told = save(administrator, "tickets.mailbox", plain(brand, **changes))
        assert status == 200
        assert words in told
        assert Mailbox.objects.count() == 1

    @pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
    def test_without_tls_on_this_machine(self, administrator: User, brand: Brand, host: str) -> None:
        changes = plain(brand, **IMAP) | {"host": host, "tls": Tls.NONE, "port": "143"}
        assert save(administrator, "tickets.mailbox", changes) == (302, "")

    def test_the_password_is_never_shown_and_kept_when_left_empty(
        self, administrator: User, imap: Mailbox
    ) -> None:
        page = browser(administrator).get(address("tickets.mailbox", "change", imap.pk)).content.decode()
        assert SECRET not in page
        assert "One is stored." in page
        assert save(administrator, "tickets.mailbox", {"takes_tags": None}, imap.pk) == (302, "")
        imap.refresh_from_db()
        assert (imap.password, imap.last_uid, imap.takes_tags) == (SECRET, 99, False)
        assert save(administrator, "tickets.mailbox", {"password": " new "}, imap.pk) == (302, "")
        imap.refresh_from_db()
        assert imap.password == " new "

    @pytest.mark.parametrize(
        "changes", [{"host": "evil.test"}, {"username": "you"}, {"port": "143"}, {"tls": "starttls"}]
    )
    def test_it_is_not_sent_elsewhere(
        self, administrator: User, imap: Mailbox, changes: dict[str, str]
    ) -> None:
        status, told = save(administrator, "tickets.mailbox", changes, imap.pk)
        assert (status, "another one: write its password" in told) == (200, True)
        assert save(administrator, "tickets.mailbox", {**changes, "password": "x"}, imap.pk) == (302, "")

    def test_another_place_is_read_from_anew(self, administrator: User, imap: Mailbox) -> None:
        assert save(administrator, "tickets.mailbox", {"folder": "Support"}, imap.pk) == (302, "")
        imap.refresh_from_db()
        assert (imap.uid_validity, imap.last_uid, imap.looked_at) == (None, 0, None)
        assert imap.password == SECRET

    def test_a_password_that_nobody_needs_is_not_kept(self, administrator: User, imap: Mailbox) -> None:
        assert save(administrator, "tickets.mailbox", {"fetching": "delivered"}, imap.pk) == (302, "")
        imap.refresh_from_db()
        assert imap.password == ""

    def test_it_is_never_deleted(self, administrator: User, imap: Mailbox) -> None:
        response = browser(administrator).post(address("tickets.mailbox", "delete", imap.pk), {"post": "yes"})
        assert response.status_code == 403
        assert Mailbox.objects.exists()

    @pytest.mark.parametrize("who", ["agent", "lead", "manager", "officer"])
    def test_nobody_else(self, who: str, imap: Mailbox, request: pytest.FixtureRequest) -> None:
        client = browser(request.getfixturevalue(who))
        assert client.get(address("tickets.mailbox", "change", imap.pk)).status_code in (302, 403)


class TestSenderRules:
    def test_it_works(self, manager: User, brand: Brand) -> None:
        said = {"pattern": "Bücher.example", "verdict": "block", "brand": brand.pk, "note": "x"}
        assert save(manager, "tickets.senderrule", said) == (302, "")
        rule = SenderRule.objects.get()
        assert (rule.pattern, rule.created_by) == ("@xn--bcher-kva.example", "Max")
        assert "@bücher.example" in browser(manager).get(address("tickets.senderrule")).content.decode()

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"pattern": "nonsense"}, "Write name@example.com, or @example.com"),
            ({"pattern": "@btp.test"}, "an address of our own"),
            ({"pattern": "A@SPAM.test", "brand": ""}, "There is a rule for this already"),
            ({"pattern": ""}, "required"),
        ],
    )
    def test_nonsense_is_told(self, manager: User, brand: Brand, changes: dict[str, Any], words: str) -> None:
        SenderRule.objects.create(pattern="a@spam.test", verdict=SenderVerdict.ALLOW)
        said = {"verdict": "block", "brand": brand.pk, **changes}
        status, told = save(manager, "tickets.senderrule", said)
        assert (status, words in told) == (200, True), told
        assert SenderRule.objects.count() == 1

    def test_those_who_only_look(self, lead: User, brand: Brand) -> None:
        rule = SenderRule.objects.create(pattern="a@spam.test", verdict=SenderVerdict.BLOCK)
        client = browser(lead)
        url = address("tickets.senderrule", "change", rule.pk)
        assert client.get(url).status_code == 200
        assert client.post(url, {"pattern": "b@spam.test", "verdict": "allow"}).status_code == 403


def test_dead_addresses_are_cleared_by_the_verb(manager: User, lead: User, officer: User) -> None:
    row = DeadAddress.objects.create(email="gone@b.test", reason="550 <no such user>")
    said = {"action": "clear", "_selected_action": [row.pk]}
    page = browser(lead).get(address("tickets.deadaddress")).content.decode()
    assert "550 &lt;no such user&gt;" in page
    browser(officer).post(address("tickets.deadaddress"), said)
    assert DeadAddress.objects.exists(), "who only looks"
    answer = browser(manager).post(address("tickets.deadaddress"), said, follow=True)
    assert not DeadAddress.objects.exists()
    assert "1 address is written to again." in answer.content.decode()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
    return port


class TestTheLogIn:
    def test_trouble_is_told(self, administrator: User, imap: Mailbox) -> None:
        Mailbox.objects.update(host="127.0.0.1", port=free_port(), tls=Tls.NONE)
        client, url = browser(administrator), address("tickets.mailbox", "try_log_in", imap.pk)
        asked = client.get(url).content.decode()
        assert "Logs in at 127.0.0.1" in asked
        assert "cannot be opened" not in asked
        told = client.post(url).content.decode()
        assert "The mailbox cannot be opened." in told
        assert "Nothing answers at that server and port." in told
        imap.refresh_from_db()
        assert imap.failing_since is None, "a trial is no fetching"

    def test_it_works(self, administrator: User, imap: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(admin_pages, "opened", lambda mailbox: nullcontext())
        url = address("tickets.mailbox", "try_log_in", imap.pk)
        assert "The log-in works" in browser(administrator).post(url).content.decode()

    def test_nothing_to_log_in_to(self, administrator: User, imap: Mailbox) -> None:
        Mailbox.objects.update(fetching=Fetching.DELIVERED)
        url = address("tickets.mailbox", "try_log_in", imap.pk)
        assert "nothing to log in to" in browser(administrator).post(url).content.decode()

    @pytest.mark.parametrize("who", ["agent", "manager", "officer"])
    def test_nobody_else(self, who: str, imap: Mailbox, request: pytest.FixtureRequest) -> None:
        url = address("tickets.mailbox", "try_log_in", imap.pk)
        assert browser(request.getfixturevalue(who)).post(url).status_code in (302, 403)


def test_a_receiving_domain_goes_on(administrator: User, manager: User) -> None:
    later = clock.now() + timedelta(hours=1)
    row = MailDestination.objects.create(domain="slow.test", paused_until=later, next_at=later)
    said = {"action": "go_on", "_selected_action": [row.pk]}
    assert browser(manager).post(address("tickets.maildestination"), said).status_code in (302, 403)
    row.refresh_from_db()
    assert row.paused_until == later
    browser(administrator).post(address("tickets.maildestination"), said)
    row.refresh_from_db()
    assert row.paused_until is None
    assert row.next_at <= clock.now()
