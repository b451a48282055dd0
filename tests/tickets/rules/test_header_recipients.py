from __future__ import annotations

import pytest

from tests.quick import quick
from tickets.rules.header_recipients import header_recipients


@pytest.mark.parametrize(
    ("head", "groups"),
    [
        ("To: help@btp.test", [["help@btp.test"]]),
        (
            "To: =?utf-8?q?a=40b?= <help@btp.test>, b@c.d (x), \"e@f, g\" <h@i.j>",
            [["help@btp.test", "b@c.d", "e@f", "h@i.j"]],
        ),
        ("To: a@b.c\nCc: d@e.f,\n\tg@h.i\nTo: j@k.l", [["a@b.c", "j@k.l", "d@e.f", "g@h.i"]]),
        ("To: a@b.c\r\nDelivered-To: help@btp.test\r\nX-Original-To: x@y.z", [["help@btp.test", "x@y.z"], ["a@b.c"]]),
        ("Envelope-To: <help+tag@btp.test>;", [["help+tag@btp.test"]]),
        ("To: help@btp.test\n\nTo: body@b.c", [["help@btp.test"]]),
        ("Reply-To: a@b.c\nX-To: d@e.f", []),
        ("To: undisclosed-recipients:;", []),
        ("To: @, a@, @b, a@@b, 'help@btp.test'", [["help@btp.test"]]),
        ("From someone Mon Jan 1\nTo : help@btp.test", [["help@btp.test"]]),
        ("To: 客服@btp.test", [["客服@btp.test"]]),
        ("", []),
        ("\n\nTo: a@b.c", []),
    ],
)  # fmt: skip
def test_whom_headers_name(head: str, groups: list[list[str]]) -> None:
    assert header_recipients(head.encode()) == groups


@pytest.mark.parametrize(
    "piece", [b"To: a", b"To: a@b, ", b"\n ", b"a", b"<", b"@", b"\r", b'To: "', b"To:\n"]
)
def test_a_megabyte_of_anything_takes_no_time(piece: bytes) -> None:
    with quick():
        found = list(header_recipients(b"To: " + piece * (1024 * 1024 // len(piece))))
    assert all(len(groups) <= 200 for groups in found)
