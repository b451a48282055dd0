"""Texts that break other programs come in, stay what they are, and can be mailed and found."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.tickets.rules.test_intake import NAUGHTY, naughty
from tickets.actions.intake import Admission, admit_values
from tickets.choices import MailPurpose
from tickets.delivery.render import render
from tickets.models import Message, OutboxMail, Ticket
from tickets.rules.intake import MAX_SUBJECT, clean_text


def test_a_long_subject_is_shortened_not_refused() -> None:
    assert Admission().subject("长" * 500) == "长" * (MAX_SUBJECT - 1) + "…"


def test_answers_are_cleaned_too() -> None:
    assert admit_values({"a": "x\x00y", "b": {"amount": "1\u202e2"}, "c": True}) == {
        "a": "xy",
        "b": {"amount": "12"},
        "c": True,
    }


@pytest.mark.skipif(not NAUGHTY.exists(), reason="no ../shared/data/text_blns beside the project")
def test_naughty_strings_go_all_the_way(make_ticket: Callable[..., Ticket]) -> None:
    opened = 0
    for text in naughty():
        if not clean_text(text):
            continue
        ticket = make_ticket(subject=text, body=text, tags=[])
        opened += 1
        assert Message.objects.get(ticket=ticket).body == clean_text(text)
        message = render(OutboxMail.objects.get(ticket=ticket, purpose=MailPurpose.RECEIPT)).message()
        assert b"\n\n" in message.as_bytes()
        assert "\n" not in ticket.subject
    assert opened > 400
