"""The text after DATA, however it is cut into pieces."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.channels.email.ways.smtp.content import Text, read_text

SMALL = 64


def taken(
    sent: bytes, *, most: int = 10_000, limit: int = SMALL, cuts: tuple[int, ...] = ()
) -> tuple[Text, bytes]:
    """What was read of ``sent``, and what was left for the next command."""

    async def read() -> tuple[Text, bytes]:
        reader, text = asyncio.StreamReader(limit=limit), Text(most)
        reading = asyncio.ensure_future(read_text(reader, text, _nothing))
        start = 0
        for cut in [*sorted(cuts), len(sent)]:
            reader.feed_data(sent[start:cut])
            start = max(start, cut)
            for _round in range(3):
                await asyncio.sleep(0)
        reader.feed_eof()
        await reading
        return text, await reader.read()

    # In a thread of its own: Playwright keeps a loop running in this one, where tests in a browser went before.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, read()).result()


async def _nothing() -> None:
    pass


def stuffed(body: bytes) -> bytes:
    """As a client must send it (RFC 5321, 4.5.2); ``body`` ends its lines with CR LF."""
    lines = body.split(b"\r\n")[:-1]
    return b"".join((b"." if line[:1] == b"." else b"") + line + b"\r\n" for line in lines) + b".\r\n"


LINE = st.lists(st.sampled_from([b".", b"a", b" ", b"..", b"x" * 40, b"\xe4\xbd\xa0"]), max_size=8).map(
    b"".join
)


@given(
    lines=st.lists(LINE, max_size=12),
    cuts=st.lists(st.integers(0, 300), max_size=6),
    limit=st.integers(8, 100),
)
def test_every_text_comes_out_as_it_was_meant(lines: list[bytes], cuts: list[int], limit: int) -> None:
    body = b"".join(line + b"\r\n" for line in lines)
    text, rest = taken(stuffed(body) + b"QUIT\r\n", cuts=tuple(cuts), limit=limit)
    assert (text.finish(), text.size, rest) == (body, len(body), b"QUIT\r\n")
    assert not text.has_doubtful_end


@given(
    raw=st.lists(st.sampled_from([b"\r", b"\n", b".", b"a"]), max_size=20).map(b"".join),
    cut=st.integers(0, 20),
)
def test_nothing_but_the_true_end_ends_it(raw: bytes, cut: int) -> None:
    sent = raw + b"\r\n.\r\n"
    end = (b"\r\n" + sent).index(b"\r\n.\r\n")
    text, rest = taken(sent, cuts=(cut,), limit=8)
    assert rest == sent[end + 3 :]
    before = (b"\r\n" + sent)[: end + 2]
    assert text.has_doubtful_end == any(
        before[at : at + 1] == b"." and before[at - 1] in b"\r\n" and before[at + 1] in b"\r\n"
        for at in range(1, len(before) - 1)
    )


@pytest.mark.parametrize(
    "smuggled",
    [b"\n.\n", b"\n.\r\n", b"\r.\r", b"\r.\r\n", b"\r\n.\n", b"\r\n.\r", b"\r\n.\r\r\n", b"\n.\r", b"\r.\n"],
)
@pytest.mark.parametrize("limit", [8, 9, 10, 11, 64])
def test_what_others_might_take_for_an_end_is_seen(smuggled: bytes, limit: int) -> None:
    sent = b"Subject: hi\r\n\r\ntext" + smuggled + b"MAIL FROM:<a@b.c>\r\n.\r\n"
    text, rest = taken(sent, limit=limit)
    assert (text.has_doubtful_end, rest) == (True, b"")


@pytest.mark.parametrize("harmless", [b"a\nb", b"a\rb", b"\n", b"a\n.b", b"..", b"a.\nb"])
def test_bare_line_ends_elsewhere_are_left_as_they_are(harmless: bytes) -> None:
    text, _rest = taken(b"x" + harmless + b"\r\n.\r\n")
    assert (text.finish(), text.has_doubtful_end) == (b"x" + harmless + b"\r\n", False)


def test_no_more_is_held_than_wanted() -> None:
    text, rest = taken(b"y" * 5000 + b"\r\n.\r\nNOOP\r\n", most=100)
    assert (text.finish(), text.size, rest) == (b"y" * 100, 5002, b"NOOP\r\n")


def test_what_is_dropped_is_counted() -> None:
    text = Text(100)
    text.take(b"z" * 50)
    text.drop()
    text.take(b"z" * 50)
    assert (text.finish(), text.size) == (b"", 100)
