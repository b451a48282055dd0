"""Whatever comes: nothing is lost, nothing takes long."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.quick import quick
from tickets.rules.replies import split_reply

MEGABYTE = 1_000_000

#: Repeated to a megabyte: marks, and near misses of every rule.
REPEATED = {
    "marks": ">",
    "marks apart": "> ",
    "empty quotations": ">\n",
    "quotations and answers": "> a\nb\n",
    "one line": "x",
    "spaces": " ",
    "blank lines": "\n",
    "line ends": "\r\n",
    "short lines": "a b c\n",
    "almost attributions": "On 1 wrote:\n",
    "attributions": "On 2 Jan 2026 10:00 Li <a@b.example> wrote:\n",
    "attributions in marks": "> On 2 Jan 2026 Li <a@b.example> wrote:\nx\n",
    "attributions without an end": "On 2 Jan 2026 10:00 some name\n",
    "days": "abc 1 a@b c 2026 10:00:\n",
    "names": "a b <c@d.example>\n",
    "open brackets": "<" * 400 + "\n",
    "halves of addresses": "a@" * 200 + "\n",
    "headers": "From: a\n",
    "headers apart": "From: a\n\n",
    "headers that break off": "From: a@b\nx\nx\nx\nSubject: b\nfoo: a\n",
    "markers": "-----Original Message-----\n",
    "almost markers": "-----Original Messages-----\n",
    "dashes": "-" * 150 + "\n",
    "dashes and stars": "* " * 99 + "x\n",
    "underlines": "_" * 150 + "\n",
    "telephones": "Sent from my iPhone\n",
    "many telephones": "sent from my mobile phone iphone " * 4 + "\n",
    "signatures": "--\nLi +49 221 123456 li@a.example\n",
    "disclaimers": "This e-mail is confidential, for the intended recipient, delete it.\n\n",
    "this and no more": "\n\n" + "此" * 400,
    "this, in words": "this " * 900 + "\n\n",
    "two depths": "> a\n>> b\n",
    "captions": "---- abc abc ----\nFrom: a\n",
    "labels": "[a](",
    "spread": "日 ",
    "initials": "C> a\n",
    "almost initials": "C> a\nD> b\n",
    "bars": "On 2 Jan 2026 Li <a@b.example> wrote:\n|\n",
    "chinese attributions": "在 1 写道:\n",
    "dates": "On " + "1/" * 150 + " wrote:\n",
    "no-break spaces": "\u00a0",
    "invisible": "\u200b",
    "entities": "&nbsp;",
    "colons": ":\n",
}


@pytest.mark.parametrize("piece", REPEATED.values(), ids=REPEATED.keys())
def test_a_megabyte_of_anything_takes_a_moment(piece: str) -> None:
    mail = (piece * (MEGABYTE // len(piece) + 1))[:MEGABYTE]
    with quick():
        split = split_reply(f"Hello\n{mail}")
    assert "Hello" in split.new + split.rest


LINES = st.sampled_from(
    [
        "",
        "My money is gone.",
        "还没到账",
        "> quoted",
        ">> quoted twice",
        "--",
        "-- ",
        "_____",
        "---",
        "Sent from my iPhone",
        "发自我的iPhone",
        "On 2 Jan 2026 at 10:00, Li <li@example.com> wrote:",
        "在 2026年1月2日，客服 写道：",
        "-----Original Message-----",
        "From: Li <li@example.com>",
        "To: Wang",
        "Date: Fri, 2 Jan 2026 10:00",
        "Subject: card",
        "| a | b |",
        "500 USDT",
        "Li Wei, li@example.com",
        "This e-mail is confidential and for its recipient only; if received in error, delete it.",
        "C> one",
    ]
)


@given(st.lists(LINES, max_size=24))
def test_every_line_is_in_one_of_the_two_parts(lines: list[str]) -> None:
    split = split_reply("\n".join(lines))
    assert Counter(" ".join(lines).split()) == Counter(split.new.split()) + Counter(split.rest.split())


@given(st.text())
def test_no_character_is_lost_in_any_text(text: str) -> None:
    split = split_reply(text)
    assert Counter("".join(text.split())) == Counter("".join((split.new + split.rest).split()))


@given(st.lists(LINES, max_size=24))
def test_words_above_everything_are_always_new(lines: list[str]) -> None:
    assert split_reply("\n".join(["I was charged 500 USDT twice.", "", *lines])).new.startswith(
        "I was charged"
    )


@pytest.mark.parametrize("text", ["", " \n\t\r\n ", "\ufeff"])
def test_nothing_is_nothing(text: str) -> None:
    assert split_reply(text).new.strip("\ufeff") == ""


@pytest.mark.parametrize(
    "text",
    [
        "On Fri, Jan 2, 2026 at 10:00 AM Li <li@example.com> wrote:\n> Is it solved?\n",
        "Sent from my iPhone\n\n> On 2 Jan 2026, at 10:00, Li <li@example.com> wrote:\n>\n> Is it solved?\n",
        "Sent from my iPhone",
    ],
)
def test_where_nothing_was_written_nothing_is_new(text: str) -> None:
    split = split_reply(text)
    assert split.new == ""
    assert split.rest == text.strip()


def test_the_rest_keeps_its_order_and_its_blank_lines() -> None:
    mail = "Yes.\n\nOn 2 Jan 2026, at 10:00, Li <li@example.com> wrote:\n\n> Solved?\n\n-- \nJo\n"
    assert split_reply(mail).rest == mail.removeprefix("Yes.\n\n").strip()
