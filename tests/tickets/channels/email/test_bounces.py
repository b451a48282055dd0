"""Delivery reports: the real ones that the data hold, each checked by eye, and the odd ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from helpdesk import env
from tests.quick import quick
from tests.tickets.channels.email import odd_bounces as odd
from tickets.channels.email.bounces import Action, Bounce, FailedRecipient, is_hard, read_bounce

DATA = Path(env.BASE_DIR).parent / "shared" / "data"
FAILED, DELAYED, DELIVERED, COMPLAINED = Action.FAILED, Action.DELAYED, Action.DELIVERED, Action.COMPLAINED

MIKEL = "mail_mikel/multipart_report_emails"
#: file, Message-ID of what it is about, how many addresses; of the first: address, action, for good, status, how its
#: reason begins, hard.
REAL = [
    (MIKEL + "/multi_address_bounce1.eml", "<118707422.15521266992174819.JavaMail.root@lvmail01>",
     5, "bbbbvhvbbvkjbhfbvbvjhb@gmail.com", FAILED, True, "5.1.1", "550 5.1.1 The email account that you tried", True),
    (MIKEL + "/multi_address_bounce2.eml", "<118707422.15521266992174819.JavaMail.root@lvmail01>",
     5, "bbbbvhvbbvkjbhfbvbvjhb@gmail.com", FAILED, True, "5.1.1", "550 5.1.1 The email account that you tried", True),
    (MIKEL + "/multipart_report_multiple_status.eml", "<4c2a146147ac8_61ff157c4ec1652df@s.h.c.mail>",
     1, "u@ci.com", FAILED, True, "5.3.0", "has restricted SMS e-mail", False),
    (MIKEL + "/report_422.eml", "<15655788.13.1200472642578.JavaMail.Administrator@mail.ttttt.com.au>",
     1, "fraser@oooooooo.com.au", DELAYED, False, "4.2.2", "452 4.2.2 <fraser@oooooooo.com.au>... Mailbox full", False),
    (MIKEL + "/report_530.eml", "<200712232303.lBNN3jDq002941@mail12.rrrr.com.au>",
     1, "edwin@zzzzzzz.com", FAILED, True, "5.3.0", "553 5.3.0 <edwin@zzzzzzz.com>... Unknown E-Mail Address", True),
    ("mail_mikel/mime_emails/raw_email_with_mimepart_without_content_type.eml",
     "<89d7557c0610181510r6fa5ebd8n66a7deec71ade118@mail.gmail.com>",
     1, "larose.julie@courrier.uqam.ca", DELAYED, False, "4.5.0", "Deferred Warning: message still undelivered", False),
    ("mail_cpython/msg_16.txt", "<002001c144a6$8752e060$56104586@oxy.edu>",
     1, "jangel1@cougar.noc.ucla.edu", FAILED, True, "5.0.0", "recipient reached disk quota", False),
    ("mail_cpython/msg_25.txt", "<01040616033903.00962@server>",
     1, "scoffman@wellpartner.com", FAILED, True, "5.4.6", "554 Too many hops 19 (17 max)", False),
    ("mail_cpython/msg_43.txt", "<edab.7804f5cb8070@python.org>",
     11, "xxxxxxx@dot.ca.gov", FAILED, True, "5.7.1", "550 5.7.1 Message content rejected", False),
]  # fmt: skip


def data(name: str) -> bytes:
    path = DATA / name
    return path.read_bytes() if path.exists() else pytest.skip(f"no shared data: {name}")


@pytest.mark.parametrize(
    ("name", "message_id", "count", "address", "action", "for_good", "status", "reason", "hard"),
    REAL,
    ids=[row[0].rpartition("/")[2] for row in REAL],
)
def test_real_ones(
    name: str,
    message_id: str,
    count: int,
    address: str,
    action: Action,
    for_good: bool,
    status: str,
    reason: str,
    hard: bool,
) -> None:
    bounce = read_bounce(data(name))
    assert bounce is not None
    assert bounce.original_message_ids[0] == message_id
    assert len(bounce.recipients) == count
    first = bounce.recipients[0]
    assert (first.address, first.action, first.is_permanent, first.status) == (
        address,
        action,
        for_good,
        status,
    )
    assert first.reason.startswith(reason)
    assert is_hard(first) is hard


def test_a_report_that_says_nothing() -> None:
    assert read_bounce(data("mail_cpython/msg_05.txt")) == Bounce((), ())


def test_no_other_mail_of_the_data_is_one() -> None:
    names = {row[0] for row in REAL} | {"mail_cpython/msg_05.txt"}
    folders = [DATA / "mail_cpython", DATA / "mail_mikel"]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    if not files:
        pytest.skip("no shared data")
    reports = {str(path.relative_to(DATA)) for path in files if read_bounce(path.read_bytes()) is not None}
    assert reports == names


ODD: list[tuple[str, list[tuple[str, Action, bool, str, str]]]] = [
    ("QMAIL", [("li@example.net", FAILED, True, "5.1.1", "550 5.1.1 <li@example.net>: User unknown"),
               ("wu@example.net", FAILED, True, "5.1.1", "Sorry, no mailbox here by that name. (#5.1.1")]),
    ("EXIM", [("li@example.net", FAILED, False, "5.2.2", "550 5.2.2 <li@example.net>: Mailbox is full")]),
    ("EXIM_DELAYED", [("li@example.net", DELAYED, False, "", "Delay reason: Connection timed out")]),
    ("POSTFIX", [("li@example.net", FAILED, False, "5.7.1", "550 5.7.1 <li@example.net>: Message rejected due")]),
    ("NO_DOMAIN", [("li@nowhere.example", FAILED, True, "", "Host or domain name not found.")]),
    ("EXCHANGE", [("li@example.net", FAILED, True, "5.1.1", "550 5.1.1 RESOLVER.ADR.RecipNotFound; not found")]),
    ("SENDMAIL", [("li@example.net", FAILED, False, "5.2.2", "552 5.2.2 Over quota")]),
    ("YAHOO", [("li@yahoo.example", FAILED, True, "", "This user doesn't have a yahoo.example account")]),
    ("AOL", [("li@aol.example", FAILED, True, "", "550 MAILBOX NOT FOUND")]),
    ("OLD_GMAIL", [("li@example.net", FAILED, True, "5.1.1", "550 5.1.1 unknown or illegal alias")]),
    ("GMAIL_FULL", [("li@example.net", FAILED, False, "5.2.2", "552 5.2.2 The email account that you tried")]),
    ("GMAIL_NOT_FOUND", [("li@example.net", FAILED, True, "", "because the address couldn't be found")]),
    ("QQ", [("li@qq.example", FAILED, True, "", "550 Mailbox not found.")]),
    ("EXMAIL_FULL", [("li@corp.example", FAILED, False, "", "对方邮箱已满")]),
    ("NETEASE", [("li@163.example", FAILED, True, "", "550 User not found: li@163.example")]),
    ("RETURNED_ONLY", [("li@example.net", FAILED, False, "", "Your mail could not be delivered.")]),
    ("OFFICE_365", [("li@example.net", FAILED, True, "5.1.10", "550 5.1.10 RESOLVER.ADR.RecipientNotFound")]),
    ("EXPIRED", [("li@example.net", FAILED, False, "4.4.7", "400 4.4.7 Message delayed; expired")]),
    ("POLICY", [("li@example.net", FAILED, False, "5.7.26",
                 "550 5.7.26 This mail has been blocked because the sender is unauthenticated. x1-20")]),
    ("ALIAS", [("li@example.net", FAILED, True, "5.2.1", "disabled")]),
    ("SUCCESS", [("li@example.net", DELIVERED, False, "2.1.5", ""),
                 ("wu@example.net", Action.RELAYED, False, "2.0.0", "")]),
    ("WITHOUT_ACTION", [("li@example.net", DELAYED, False, "4.2.2", "")]),
    ("ABUSE", [("li@example.net", COMPLAINED, False, "", "Feedback-Type: abuse")]),
    ("HIDDEN_COMPLAINT", [("li@example.net", COMPLAINED, False, "", "Feedback-Type: abuse")]),
    ("NOT_SPAM", []),
]  # fmt: skip
#: Those that name our mail nowhere.
NAMELESS = {"EXIM_DELAYED", "POSTFIX", "NO_DOMAIN", "EXCHANGE", "AOL", "GMAIL_FULL", "GMAIL_NOT_FOUND"}


@pytest.mark.parametrize(("name", "expected"), ODD, ids=[row[0] for row in ODD])
def test_odd_ones(name: str, expected: list[tuple[str, Action, bool, str, str]]) -> None:
    """The third of each is whether it is hard."""
    bounce = read_bounce(getattr(odd, name))
    assert bounce is not None
    found = [(one.address, one.action, is_hard(one), one.status) for one in bounce.recipients]
    assert found == [row[:4] for row in expected]
    for one, row in zip(bounce.recipients, expected, strict=True):
        assert one.reason.startswith(row[4])
        assert len(one.reason) <= 300
    assert bounce.original_message_ids == (() if name in NAMELESS else (odd.OURS,))


def test_windows_line_ends_make_no_difference() -> None:
    for name, _ in ODD:
        raw: bytes = getattr(odd, name)
        assert read_bounce(raw.replace(b"\n", b"\r\n")) == read_bounce(raw), name


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"From: li@example.net\nSubject: Undeliverable: what is this?\n\n<li@example.net>: 550 5.1.1 User "
        b"unknown\n",
        b"From: li@example.net\nContent-Type: message/rfc822\n\n" + odd.QMAIL,
        b"From: li@example.net\nContent-Type: multipart/mixed; boundary=y\n\n--y\n\nSee:\n--y\nContent-Type: "
        b"message/rfc822"
        b"\n\n" + odd.OFFICE_365 + b"\n--y--\n",
        b"From: li@example.net\nSubject: Read: case\n"
        b"Content-Type: multipart/report; report-type=disposition-notification; "
        b"boundary=y\n\n--y\n\nread\n--y--\n",
        b"From: li@example.net\nAuto-Submitted: auto-replied\nSubject: Automatic reply: case\n\nI am away.\n",
    ],
)
def test_no_reports(raw: bytes) -> None:
    assert read_bounce(raw) is None


def recipient(
    status: str, reason: str = "", *, action: Action = FAILED, for_good: bool = True
) -> FailedRecipient:
    return FailedRecipient("li@example.net", action, for_good, status, reason)


@pytest.mark.parametrize(
    ("status", "reason", "hard"),
    [
        ("5.1.1", "550 5.1.1 User unknown", True),
        ("5.1.1", "550 5.1.1 rejected by policy", True),
        ("5.1.2", "bad destination system", True),
        ("5.1.3", "bad syntax", True),
        ("5.1.10", "null MX", True),
        ("5.2.1", "550 5.2.1 mailbox disabled", True),
        ("5.2.1", "550 5.2.1 receiving mail at a rate that prevents more", False),
        ("5.1.8", "sender's domain does not exist", False),
        ("5.2.2", "mailbox full", False),
        ("5.2.3", "message too big", False),
        ("5.3.4", "message too big", False),
        ("5.4.1", "Recipient address rejected: Access denied", False),
        ("5.6.0", "content", False),
        ("5.7.1", "user unknown", False),
        ("5.5.0", "550 Requested action not taken: mailbox unavailable", False),
        ("5.5.0", "550 No such user here", True),
        ("5.0.0", "550 5.0.0 user does not exist", True),
        ("", "550 User suspended", True),
        ("", "550 Account disabled", True),
        ("", "550 Mailbox not found. http://service.mail.qq.com/help?quota", True),
        ("", "550 Invalid recipient li@example.net", True),
        ("", "552 user li not found: over quota", False),
        ("", "554 DT:SPM mx", False),
        ("", "收件人不存在", True),
        ("", "退信原因：收件人的邮箱帐号不存在或已停用", True),
        ("", "对方邮箱已满", False),
        ("", "对方拒收，收件人地址不存在", False),
        ("", "", False),
    ],
)
def test_hard_or_not(status: str, reason: str, hard: bool) -> None:
    assert is_hard(recipient(status, reason)) is hard


def test_only_what_failed_for_good_is_hard() -> None:
    for action in set(Action) - {FAILED}:
        assert not is_hard(recipient("5.1.1", action=action))
    assert not is_hard(recipient("5.1.1", for_good=False))


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes(raw: bytes) -> None:
    read_bounce(raw)
    read_bounce(odd.QMAIL.partition(b"\n\n")[0] + b"\n\n" + raw)


@settings(deadline=None, max_examples=300)
@given(
    st.sampled_from([getattr(odd, name) for name, _ in ODD]),
    st.lists(st.tuples(st.integers(0, 2_000), st.integers(0, 40), st.binary(max_size=12)), max_size=6),
)
@example(odd.EXMAIL_FULL, [(68, 0, b"\x80")])
def test_any_damage(raw: bytes, damages: list[tuple[int, int, bytes]]) -> None:
    for at, length, put in damages:
        raw = raw[:at] + put + raw[at + length :]
    bounce = read_bounce(raw)
    for one in bounce.recipients if bounce else ():
        assert one.reason.isprintable()
        assert len(one.reason) <= 300
        assert "@" in one.address


HEAD = b"From: MAILER-DAEMON@x.example\nTo: help@desk.example\n"
MULTI = HEAD + b"Content-Type: multipart/report; boundary=b\n"
PIECES = [b"a@b.co ", b"<a@b.co>:\n", b" ", b"\n", b"--b\n", b"<", b"<style>", b"&lt;",
          b"Message-ID: ", b"550-5.1.1 ", b"@", b"(",
          "收件人".encode(), b"=", b"a", b"\t\n", b">", b"a@b.co\n", b"Final-Recipient: rfc822;a@b.co\n\n"]  # fmt: skip


@pytest.mark.parametrize("piece", PIECES, ids=repr)
def test_megabytes_take_no_time(piece: bytes) -> None:
    much = piece * (300_000 // len(piece))
    starts = [
        HEAD + b"\n",
        HEAD + b"Content-Type: text/html\n\n",
        HEAD + b"Content-Transfer-Encoding: quoted-printable\n\n",
        MULTI + b"\n--b\nContent-Type: message/delivery-status\n\n",
        MULTI + b"\n--b\nContent-Type: message/delivery-status\n\nFinal-Recipient: a@b.co\nDiagnostic-Code: ",
        MULTI + b"\n--b\nContent-Type: message/rfc822\n\n",
        MULTI.replace(b"boundary=b", b"x=y") + b"\n--",
        HEAD + b"X-Failed-Recipients: ",
        HEAD + b"Subject: ",
    ]
    for start in starts:
        with quick():
            read_bounce(start + much)


def test_nested_without_end() -> None:
    raw = MULTI + b"\n"
    for depth in range(2_000):
        raw += b"--b%d\nContent-Type: multipart/mixed; boundary=b%d\n\n" % (depth, depth + 1)
    with quick():
        read_bounce(raw)
        read_bounce(raw.replace(b"boundary=b\n", b"boundary=b0\n"))
