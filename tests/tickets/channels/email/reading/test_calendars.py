"""Invitations are told in words and kept as a file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tickets.channels.email.reading.building import HEAD, multipart, part
from tickets.channels.email.reading import read
from tickets.channels.email.reading.calendars import summary

INVITATION = """\
BEGIN:VCALENDAR
PRODID:-//test//
VERSION:2.0
METHOD:%s
BEGIN:VTIMEZONE
TZID:China Standard Time
BEGIN:STANDARD
DTSTART:16010101T000000
TZOFFSETFROM:+0800
TZOFFSETTO:+0800
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
UID:1
DTSTAMP:20240501T000000Z
SUMMARY:账户核实电话会议
LOCATION:线上，会议号 123 456
ORGANIZER;CN=张三:mailto:z@s.cn
DTSTART;TZID=Asia/Shanghai:20240506T100000
DTEND;TZID=Asia/Shanghai:20240506T103000
END:VEVENT
END:VCALENDAR
"""
TOLD = """\
Summary: 账户核实电话会议
When: 2024-05-06 10:00 CST – 2024-05-06 10:30 CST
Where: 线上，会议号 123 456
Organizer: 张三 <z@s.cn>"""


def test_an_invitation_beside_the_text() -> None:
    calendar = part(
        (INVITATION % "REQUEST").encode(),
        headers=b"Content-Type: text/calendar; charset=utf-8; method=REQUEST\r\n",
    )
    seen = read(HEAD + multipart("alternative", part("请参加".encode()), calendar))

    assert seen.text == f"请参加\n\n{TOLD}"
    assert [(one.name, one.declared_type) for one in seen.files] == [("attachment.ics", "text/calendar")]


def test_the_same_as_an_attached_file() -> None:
    calendar = part(
        (INVITATION % "REQUEST").encode(),
        headers=b'Content-Type: application/octet-stream; name="meeting.ics"\r\nContent-Disposition: attachment\r\n',
    )
    seen = read(HEAD + multipart("mixed", part(b"See"), calendar))

    assert seen.text == f"See\n\n{TOLD}"
    assert [one.name for one in seen.files] == ["meeting.ics"]


def test_that_it_is_cancelled_is_told() -> None:
    assert summary(INVITATION % "CANCEL") == f"[CANCEL]\n\n{TOLD}"


def test_a_day_without_hours() -> None:
    day = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Day off\nDTSTART;VALUE=DATE:20240506\nEND:VEVENT\nEND:VCALENDAR\n"
    assert summary(day) == "Summary: Day off\nWhen: 2024-05-06"


@pytest.mark.parametrize(
    "content", ["", "BEGIN:VCALENDAR", "no calendar", "BEGIN:VEVENT\nEND:VCALENDAR", "x" * 600_000]
)
def test_what_is_no_calendar_is_told_as_nothing(content: str) -> None:
    assert summary(content) == ""


@given(st.text(max_size=200), st.text(max_size=50))
def test_any_values_end(value: str, name: str) -> None:
    assert isinstance(
        summary(f"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:{value}\nDTSTART{name}:{value}\nEND:VEVENT\n"), str
    )
