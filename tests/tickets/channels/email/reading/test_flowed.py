"""format=flowed: paragraphs come back as one line, quotations keep their depth."""

from __future__ import annotations

import pytest

from tests.tickets.channels.email.reading.building import mail
from tickets.channels.email.reading import read
from tickets.channels.email.reading.flowed import unflowed


@pytest.mark.parametrize(
    ("sent", "text"),
    [
        ("a line that \ngoes on\n", "a line that goes on\n"),
        ("one\ntwo", "one\ntwo"),
        ("> quoted \n> more\nanswer", "> quoted more\nanswer"),
        (">> deep \n> less deep", ">> deep \n> less deep"),
        (">> deep\n>\n> x", ">> deep\n> \n> x"),
        ("text \n-- \nAnn", "text \n-- \nAnn"),
        (" stuffed", "stuffed"),
        (" > not a quotation", "> not a quotation"),
        (" From me", "From me"),
        ("ends with a blank ", "ends with a blank "),
    ],
)
def test_lines(sent: str, text: str) -> None:
    assert unflowed(sent) == text


def test_blanks_that_are_not_of_the_text_go() -> None:
    """Chinese has none: DelSp says that those at the ends of lines are the program's."""
    assert unflowed("我的账户被 \n冻结了", delsp=True) == "我的账户被冻结了"


def test_only_where_it_is_declared() -> None:
    flowed = b"Content-Type: text/plain; format=flowed\r\n"

    assert read(mail(b"a \r\nb\r\n", headers=flowed)).text == "a b"
    assert read(mail(b"a \r\nb\r\n")).text == "a \nb"
