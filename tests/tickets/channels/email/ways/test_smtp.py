"""The mail server, spoken to over real sockets. What it says is "250" is committed."""

from __future__ import annotations

import smtplib
import ssl
from pathlib import Path

import pytest
from django.db import connection

from accounts.models import Brand
from tests.mail_server import Cable, MailServerProcess, Talk, mail_server
from tests.receiver import certificate_for
from tests.smtp import wait_until
from tests.tickets.channels.email.ways.boxes import MEGABYTE, mailbox, other_mailbox, server
from tickets.actions.incoming import bytes_hash
from tickets.choices import IncomingState, MailWay
from tickets.models import IncomingMail, Mailbox

__all__ = ["mailbox", "other_mailbox", "server"]
pytestmark = pytest.mark.django_db(transaction=True)
MAIL = b"From: wang@example.com\r\nTo: help@btp.test\r\nSubject: hi\r\n\r\nWhere is it?\r\n.\r\n..two\r\n"
ABOVE = b"Subject: big\r\n\r\n"


def client(server: MailServerProcess) -> smtplib.SMTP:
    return smtplib.SMTP("127.0.0.1", server.port, local_hostname="relay.test", timeout=30)


def big(size: int) -> bytes:
    line = b"x" * 76 + b"\r\n"
    return (ABOVE + line * (size // len(line) + 1))[: size - 2] + b"\r\n"


def test_it_works(server: MailServerProcess, mailbox: Mailbox) -> None:
    with client(server) as relay:
        assert relay.sendmail("wang@example.com", ["help@btp.test"], MAIL) == {}
        mail = IncomingMail.objects.get()
    assert mail.raw == MAIL
    assert (mail.way, mail.state, mail.brand, mail.mailbox) == (
        MailWay.SMTP,
        IncomingState.STORED,
        mailbox.brand,
        mailbox,
    )
    assert (mail.envelope_sender, mail.recipients) == ("wang@example.com", ["help@btp.test"])
    assert (mail.peer, mail.helo) == ("127.0.0.1", "relay.test")
    assert (mail.sha256, mail.size, mail.is_cut) == (bytes_hash(MAIL), len(MAIL), False)


def test_it_lies_there_encrypted(server: MailServerProcess, mailbox: Mailbox) -> None:
    with client(server) as relay:
        relay.sendmail("wang@example.com", ["help@btp.test"], MAIL)
    with connection.cursor() as cursor:
        cursor.execute("SELECT raw_sealed FROM tickets_incomingmail")
        assert b"Where is it" not in bytes(cursor.fetchone()[0])


def test_the_same_mail_again_is_the_same_row(server: MailServerProcess, mailbox: Mailbox) -> None:
    with client(server) as relay:
        for _time in range(3):
            relay.sendmail("wang@example.com", ["help@btp.test"], MAIL)
        relay.sendmail("wang@example.com", ["help@btp.test"], MAIL + b"More.\r\n")
    assert IncomingMail.objects.count() == 2


def test_never_an_open_relay(server: MailServerProcess, mailbox: Mailbox, other_mailbox: Mailbox) -> None:
    Mailbox.objects.create(brand=mailbox.brand, address="old@btp.test", is_active=False)
    with client(server) as relay:
        relay.ehlo()
        relay.mail("wang@example.com")
        for stranger in (
            "someone@example.com",
            "nobody@btp.test",
            "help@btp.test@example.com",
            '"help@btp.test"@example.com',
            "help%btp.test@example.com",
            "old@btp.test",
            "help+tag@bobao.test",  # takes no tags
            "help",
        ):
            code, said = relay.rcpt(stranger)
            assert code in (550, 553), (stranger, said)
        assert relay.rcpt("HELP@btp.test")[0] == 250
        assert relay.rcpt("help+abc123@btp.test")[0] == 250
        assert relay.data(MAIL)[0] == 250
    assert IncomingMail.objects.get().recipients == ["HELP@btp.test", "help+abc123@btp.test"]


def test_no_recipient_no_text(server: MailServerProcess, mailbox: Mailbox) -> None:
    with client(server) as relay, pytest.raises(smtplib.SMTPRecipientsRefused):
        relay.sendmail("wang@example.com", ["someone@example.com"], MAIL)
    with Talk(server.port) as talk:
        assert talk.say("DATA").startswith("503")
        assert talk.say("EHLO relay.test").startswith("250")
        assert talk.say("DATA").startswith("503")
    assert not IncomingMail.objects.exists()


def test_two_brands_are_one_call(server: MailServerProcess, mailbox: Mailbox, other_mailbox: Mailbox) -> None:
    both = ["help@btp.test", "help@bobao.test"]
    with client(server) as relay:
        relay.sendmail("wang@example.com", both, MAIL)
    assert {mail.brand.slug: mail.recipients for mail in IncomingMail.objects.all()} == {
        "btp": both,
        "bobao": both,
    }


def test_a_report_has_no_sender(server: MailServerProcess, mailbox: Mailbox) -> None:
    with client(server) as relay:
        relay.sendmail("", ["help@btp.test"], MAIL)
    assert IncomingMail.objects.get().envelope_sender == ""


def test_letters_of_every_script(server: MailServerProcess, brand: Brand) -> None:
    Mailbox.objects.create(brand=brand, address="客服@btp.test")
    raw = "Subject: 提现\r\n\r\n没有到账\r\n".encode()
    with client(server) as relay:
        relay.ehlo()
        assert relay.has_extn("smtputf8")
        assert relay.has_extn("8bitmime")
        relay.sendmail("王@example.com", ["客服@btp.test"], raw, ["SMTPUTF8", "BODY=8BITMIME"])
    mail = IncomingMail.objects.get()
    assert (mail.raw, mail.envelope_sender) == (raw, "王@example.com")


def test_lines_may_be_long_and_of_any_bytes(server: MailServerProcess, mailbox: Mailbox) -> None:
    raw = b"Subject: long\r\n\r\n" + bytes(set(range(256)) - {10, 13}) * 1000 + b"\0\r\n"
    with client(server) as relay:
        relay.sendmail("wang@example.com", ["help@btp.test"], raw)
    assert IncomingMail.objects.get().raw == raw


def test_an_empty_mail(server: MailServerProcess, mailbox: Mailbox) -> None:
    with Talk(server.port) as talk:
        talk.begin("help@btp.test")
        assert talk.say(".").startswith("250")
        assert talk.say("NOOP").startswith("250")
    assert IncomingMail.objects.get().raw == b""


def test_too_large_is_cut_and_not_refused(server: MailServerProcess, mailbox: Mailbox) -> None:
    raw = big(2 * MEGABYTE)
    with client(server) as relay:
        relay.ehlo()
        assert relay.esmtp_features["size"] == str(4 * MEGABYTE)
        assert relay.sendmail("wang@example.com", ["help@btp.test"], raw) == {}
    mail = IncomingMail.objects.get()
    assert (mail.size, mail.is_cut, mail.raw) == (len(raw), True, raw[:MEGABYTE])


def test_beyond_the_hard_limit(server: MailServerProcess, mailbox: Mailbox) -> None:
    with client(server) as relay:
        with pytest.raises(smtplib.SMTPSenderRefused, match="552"):
            relay.sendmail("wang@example.com", ["help@btp.test"], big(5 * MEGABYTE))
        relay.esmtp_features.clear()  # now without telling the size beforehand
        with pytest.raises(smtplib.SMTPDataError, match="552"):
            relay.sendmail("wang@example.com", ["help@btp.test"], big(5 * MEGABYTE))
        assert relay.noop()[0] == 250, "and the dialogue goes on"
    assert not IncomingMail.objects.exists()


def test_at_most_a_hundred_recipients(server: MailServerProcess, mailbox: Mailbox) -> None:
    with client(server) as relay:
        relay.ehlo()
        relay.mail("wang@example.com")
        codes = [relay.rcpt(f"help+{number}@btp.test")[0] for number in range(101)]
        assert codes == [250] * 100 + [452]
        assert relay.data(MAIL)[0] == 250
    assert len(IncomingMail.objects.get().recipients) == 100


@pytest.mark.parametrize("end", [b"\n.\n", b"\n.\r\n", b"\r.\r", b"\r\n.\n", b"\r\n.\r"])
def test_nothing_is_smuggled(server: MailServerProcess, mailbox: Mailbox, end: bytes) -> None:
    inner = b"MAIL FROM:<boss@btp.test>\r\nRCPT TO:<help@btp.test>\r\nDATA\r\nSubject: smuggled\r\n\r\nx"
    with Talk(server.port) as talk:
        talk.begin("help@btp.test")
        talk.send(b"Subject: outer\r\n\r\ntext" + end + inner + b"\r\n.\r\n")
        assert talk.answer().startswith("550 5.5.2")
        assert talk.say("QUIT").startswith("221"), "the dialogue is where it should be"
    assert not IncomingMail.objects.exists()


@pytest.mark.parametrize(
    "address",
    ["help@btp.test\0", "<help@btp.test", "help@btp.test\udcff", "a b@btp.test", "@", "<>", '"'],
)
def test_no_address(server: MailServerProcess, mailbox: Mailbox, address: str) -> None:
    with Talk(server.port) as talk:
        talk.say("EHLO relay.test")
        talk.say("MAIL FROM:<wang@example.com>")
        talk.send(b"RCPT TO:<" + address.encode("utf-8", "surrogateescape") + b">\r\n")
        assert talk.answer()[:3] in ("501", "550", "553")


def test_a_long_command(server: MailServerProcess, mailbox: Mailbox) -> None:
    with Talk(server.port) as talk:
        assert talk.say("EHLO relay.test").startswith("250")
        assert talk.say("MAIL FROM:<" + "a" * 5000 + "@example.com>").startswith("500")
        assert talk.say("NOOP " + "a" * 300_000).startswith("500")
        assert talk.say("AUTH PLAIN AHdhbmcAc2VjcmV0").startswith("502")
        assert talk.say("MAIL FROM:<wang@example.com>").startswith("250")


def test_a_strange_greeting_is_written_down_as_far_as_it_can_be(
    server: MailServerProcess, mailbox: Mailbox
) -> None:
    with Talk(server.port) as talk:
        talk.send(b"EHLO re\0lay\xff\r\n")
        talk.answer()
        talk.say("MAIL FROM:<>")
        talk.say("RCPT TO:<help@btp.test>")
        talk.say("DATA")
        assert talk.say("Subject: x\r\n.").startswith("250")
    assert IncomingMail.objects.get().helo == "re?lay?"


def test_lmtp_answers_for_each(mailbox: Mailbox, other_mailbox: Mailbox, tmp_path: Path) -> None:
    with mail_server(tmp_path / "log", "--lmtp") as lmtp, Talk(lmtp.port) as talk:
        assert talk.say("EHLO relay.test").startswith("500")
        talk.begin("help@btp.test", "help@bobao.test", hello="LHLO")
        talk.send(MAIL.replace(b"\r\n.", b"\r\n..") + b".\r\n")
        assert [talk.answer()[:3], talk.answer()[:3]] == ["250", "250"]
        assert talk.say("QUIT").startswith("221")
    assert set(IncomingMail.objects.values_list("way", flat=True)) == {MailWay.LMTP}
    assert [mail.raw for mail in IncomingMail.objects.all()] == [MAIL, MAIL]


def test_strangers_are_turned_away_at_the_door(mailbox: Mailbox, tmp_path: Path) -> None:
    with mail_server(tmp_path / "log", MAIL_SERVER_PEERS="127.0.0.2") as guarded:
        with Talk(guarded.port, host="127.0.0.2") as relay:
            assert relay.greeting.startswith("220")
        for _time in range(5):
            with Talk(guarded.port) as stranger:
                assert stranger.greeting.startswith("554")
                assert stranger.answer() == "", "and hung up on"
        wait_until(lambda: "outside MAIL_SERVER_PEERS" in guarded.said)
        assert guarded.said.count("outside MAIL_SERVER_PEERS") == 1


def test_starttls(mailbox: Mailbox, tmp_path: Path, server: MailServerProcess) -> None:
    made = certificate_for("mail.btp.test", tmp_path)
    trusting = ssl.create_default_context(cafile=made.path)
    paths = {"MAIL_SERVER_CERTIFICATE": str(made.path), "MAIL_SERVER_KEY": str(made.path)}
    with mail_server(tmp_path / "log", **paths) as secure:
        with client(secure) as relay:
            relay._host = "mail.btp.test"  # type: ignore[attr-defined]
            relay.ehlo()
            assert relay.starttls(context=trusting)[0] == 220
            relay.ehlo()
            assert not relay.has_extn("auth")
            relay.sendmail("wang@example.com", ["help@btp.test"], MAIL)
        with Talk(secure.port) as talk:
            talk.say("EHLO relay.test")
            talk.send(b"STARTTLS\r\nMAIL FROM:<boss@btp.test>\r\n")
            assert talk.answer().startswith("220")
            talk.socket = trusting.wrap_socket(talk.socket, server_hostname="mail.btp.test")
            talk.lines = talk.socket.makefile("rb")
            assert talk.say("RCPT TO:<help@btp.test>").startswith("503"), (
                "what was said in the clear is forgotten"
            )
    assert IncomingMail.objects.count() == 1
    with client(server) as relay:
        relay.ehlo()
        assert not relay.has_extn("starttls")


def test_a_database_that_is_away_loses_nothing(mailbox: Mailbox, tmp_path: Path) -> None:
    cable = Cable(tmp_path)
    with (
        mail_server(tmp_path / "log") as _warm,
        mail_server(tmp_path / "log2", DATABASE_URL=cable.url) as server,
        client(server) as relay,
    ):
        relay.ehlo()
        relay.mail("wang@example.com")
        assert relay.rcpt("help@btp.test")[0] == 250
        cable.cut()
        assert relay.data(MAIL)[0] == 451
        relay.mail("wang@example.com")
        assert relay.rcpt("help@btp.test")[0] == 451
        assert relay.rcpt("someone@example.com")[0] == 451, "who knows, without the database"
        relay.rset()
        cable.mend()
        assert relay.sendmail("wang@example.com", ["help@btp.test"], MAIL) == {}
    assert IncomingMail.objects.count() == 1


def test_a_port_that_is_taken(server: MailServerProcess, tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=r"Nothing can listen on 127\.0\.0\.1"):
        MailServerProcess(tmp_path / "log", port=server.port)
