from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.lib.mail_syntax import MAX_ADDRESSES, Mailbox, mailboxes, unquoted, without_comments


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a (b (c) d) e", "a   e"),
        (r"a (b \) c) e", "a   e"),
        ('a (it"s) e', "a   e"),
        ('"a (b)" e', '"a (b)" e'),
        (r'"a \" (b" e', r'"a \" (b" e'),
        ("a (b", None),
        ('a "b', None),
        ("a) b", "a) b"),
        ("", ""),
    ],
)
def test_comments_go(text: str, kept: str | None) -> None:
    assert without_comments(text) == kept


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("a@example.com", [Mailbox("", "a@example.com")]),
        ("Wang <a@Example.com>", [Mailbox("Wang", "a@example.com")]),
        ('"Wang, Li" <a@example.com>', [Mailbox("Wang, Li", "a@example.com")]),
        ('"b@other.com" <a@example.com>', [Mailbox("b@other.com", "a@example.com")]),
        ("b@other.com <a@example.com>", [Mailbox("b@other.com", "a@example.com")]),
        ("a@example.com (Wang)", [Mailbox("", "a@example.com")]),
        ("A <a@x.com>, b@y.com", [Mailbox("A", "a@x.com"), Mailbox("", "b@y.com")]),
        ("us: a@x.com, b@y.com;", [Mailbox("", "a@x.com"), Mailbox("", "b@y.com")]),
        ("undisclosed-recipients:;", []),
        ("=?utf-8?b?546L?= <a@x.com>", [Mailbox("=?utf-8?b?546L?=", "a@x.com")]),
        ('<"a b"@x.com>', [Mailbox("", '"a b"@x.com')]),
        ("<a@x.com> <b@y.com>", [Mailbox("", "")]),
        ("<a@x.com> b@y.com", [Mailbox("", "")]),
        ("a@x.com b@y.com", [Mailbox("", "")]),
        ("<a@x.com, b@y.com>", [Mailbox("", "")]),
        ("<a@x.com", [Mailbox("", "")]),
        ("a@@x.com", [Mailbox("", "")]),
        ("MAILER DAEMON <>", [Mailbox("MAILER DAEMON", "")]),
        ("nobody", [Mailbox("", "")]),
        ('"a <a@x.com>', [Mailbox("", "")]),
        ("", []),
    ],
)
def test_who_is_named(value: str, found: list[Mailbox]) -> None:
    assert mailboxes(value) == found


def test_unquoted() -> None:
    assert unquoted(r'"a \"b\\"') == 'a "b\\'
    assert unquoted("a") == "a"


@given(st.text(alphabet='<>,;:@"\\()ab. \n', max_size=60))
def test_an_address_is_one_or_none(text: str) -> None:
    for box in mailboxes(text):
        assert box.address == "" or mailboxes(f"<{box.address}>") == [Mailbox("", box.address)]


@pytest.mark.parametrize("piece", ["(", ")", '"', "\\", '\\"', "<", "(\\", "a@", '"a', ":", "()", "> <"])
def test_a_megabyte_of_anything_takes_no_time(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    before = time.process_time()
    without_comments(text)
    mailboxes(text)
    mailboxes(text[:MAX_ADDRESSES])
    assert time.process_time() - before < 3
