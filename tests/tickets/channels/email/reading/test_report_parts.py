"""The parts of delivery reports, whole and odd ones."""

from __future__ import annotations

import pytest

from tests.tickets.channels.email.reading.building import HEAD, encoded, mail, multipart, part
from tests.tickets.channels.email.reading.test_samples import SHARED
from tickets.channels.email.reading import ReportParts, report_parts

HUMAN = part(b"Your mail could not be delivered.")
STATUS = part(
    b"Reporting-MTA: dns; mx.example.com\r\n\r\nFinal-Recipient: rfc822; gone@example.com\r\nAction: failed\r\n"
    b"Status: 5.1.1\r\n",
    headers=b"Content-Type: message/delivery-status\r\n",
)
STATUS_TEXT = """\
Reporting-MTA: dns; mx.example.com

Final-Recipient: rfc822; gone@example.com
Action: failed
Status: 5.1.1"""
RETURNED = b"Message-ID: <ours@example.com>\r\nSubject: =?utf-8?B?5L2g5aW9?=\r\n\r\nHello\r\n"


def parts(raw: bytes) -> ReportParts:
    found = report_parts(raw)
    assert found is not None
    return found


@pytest.mark.parametrize(
    "returned",
    [
        part(RETURNED, headers=b"Content-Type: message/rfc822\r\n"),
        encoded(RETURNED, "message/rfc822"),
        part(
            RETURNED,
            headers=b"Content-Type: MESSAGE/RFC822; name=mail.eml\r\nContent-Disposition: attachment\r\n",
        ),
    ],
)
def test_a_report_with_the_message(returned: bytes) -> None:
    found = parts(HEAD + multipart("report; report-type=delivery-status", HUMAN, STATUS, returned))

    assert (found.human, found.status, found.returned_text) == (
        "Your mail could not be delivered.", STATUS_TEXT, "Hello",
    )  # fmt: skip
    assert found.returned_headers is not None
    assert found.returned_headers.get("message-id") == "<ours@example.com>"


def test_a_report_with_the_headers_only() -> None:
    headers = part(RETURNED.partition(b"\r\n\r\n")[0], headers=b"Content-Type: text/rfc822-headers\r\n")
    found = parts(HEAD + multipart("report", HUMAN, STATUS, headers))

    assert found.returned_headers is not None
    assert found.returned_headers.all("Message-ID") == ["<ours@example.com>"]
    assert found.returned_text == ""


def test_a_report_that_says_it_is_something_else() -> None:
    assert parts(HEAD + multipart("mixed", HUMAN, STATUS)).status == STATUS_TEXT


def test_a_report_inside_another_multipart() -> None:
    found = parts(
        HEAD + multipart("mixed", multipart("report", HUMAN, STATUS, boundary=b"in"), part(b"footer"))
    )

    assert found.status == STATUS_TEXT
    assert found.returned_headers is None


def test_a_mail_that_only_forwards_a_report_is_none() -> None:
    """A customer asks what it means; nothing is to be concluded from it."""
    inner = part(HEAD + multipart("report", HUMAN, STATUS), headers=b"Content-Type: message/rfc822\r\n")
    assert report_parts(HEAD + multipart("mixed", part(b"What is this?"), inner, boundary=b"out")) is None


@pytest.mark.parametrize("raw", [b"", mail(b"text"), HEAD + multipart("mixed", HUMAN, part(b"two"))])
def test_other_mails_are_none(raw: bytes) -> None:
    assert report_parts(raw) is None


@pytest.mark.skipif(
    not (SHARED / "mail_mikel").exists(), reason="no ../shared/data/mail_mikel beside the project"
)
@pytest.mark.parametrize(
    ("file", "status", "about"),
    [
        ("multi_address_bounce1.eml", "Reporting-MTA: dns; lvmail01.LL.com",
         "<118707422.15521266992174819.JavaMail.root@lvmail01>"),
        ("multipart_report_multiple_status.eml", "Reporting-MTA: dns; schemailmta04.ci.com",
         "<4c2a146147ac8_61ff157c4ec1652df@s.h.c.mail>"),
        ("report_422.eml", "Reporting-MTA: dns; mail11.ttttt.com.au",
         "<15655788.13.1200472642578.JavaMail.Administrator@mail.ttttt.com.au>"),
        ("report_530.eml", "Reporting-MTA: dns; mail12.rrrr.com.au",
         "<200712232303.lBNN3jDq002941@mail12.rrrr.com.au>"),
    ],
)  # fmt: skip
def test_real_reports(file: str, status: str, about: str) -> None:
    found = parts((SHARED / "mail_mikel" / "multipart_report_emails" / file).read_bytes())

    assert found.status.startswith(status)
    assert found.human
    assert found.returned_headers is not None
    assert found.returned_headers.get("Message-ID") == about
