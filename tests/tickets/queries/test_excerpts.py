"""Why a search found a ticket."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from accounts.models import User
from tests.pictures import PNG
from tickets import actors
from tickets.actions import messages
from tickets.models import Ticket
from tickets.queries import search
from tickets.queries.excerpts import Source, found_in, marked

Make = Callable[..., Ticket]


def why(agent: User, words: str) -> list[tuple[Source, str]]:
    """Source and piece of each ticket found, hits in brackets."""
    page = search.newest_matching(Ticket.objects.visible_to(agent), words)
    found = found_in(page.tickets, words)
    return [
        (
            found[ticket.pk].source,
            "".join(f"[{text}]" if hit else text for text, hit in found[ticket.pk].pieces),
        )
        for ticket in page.tickets
        if ticket.pk in found
    ]


def test_the_message_that_holds_the_words(agent: User, make_ticket: Make) -> None:
    ticket = make_ticket(subject="A case", body="Nothing here.")
    messages.reply(ticket, body="The zebra crossed the river.", by=actors.staff(agent))
    messages.reply(ticket, body="And that was all.", by=actors.staff(agent))
    assert why(agent, "zebra") == [(Source.MESSAGE, "The [zebra] crossed the river.")]


def test_a_note_says_that_it_is_one(agent: User, make_ticket: Make) -> None:
    ticket = make_ticket(body="Nothing here.")
    messages.note(ticket, body="客户说提现失败了两次", by=actors.staff(agent))
    assert why(agent, "提现失败") == [(Source.NOTE, "客户说[提现失败]了两次")]


@pytest.mark.parametrize(
    ("words", "piece"), [("happy", "so [happy] now"), ("withdrawals", "a [withdrawal] of mine")]
)
def test_other_forms_of_a_word(agent: User, make_ticket: Make, words: str, piece: str) -> None:
    make_ticket(subject="x", body=piece.replace("[", "").replace("]", ""))
    assert why(agent, words) == [(Source.MESSAGE, piece)]


def test_a_file_sent_with_the_first_message(agent: User, make_ticket: Make) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    make_ticket(subject="x", body="See there.", attachments=[SimpleUploadedFile("zebra.png", PNG)])
    assert why(agent, "zebra") == [(Source.FILE, "[zebra.png]")]


def test_the_customer(agent: User, make_ticket: Make) -> None:
    ticket = make_ticket(subject="x", body="y")
    [(source, piece)] = why(agent, ticket.customer.email)
    assert source == Source.CUSTOMER
    assert "[" in piece


def test_the_piece_with_more_of_the_words_is_shown(agent: User, make_ticket: Make) -> None:
    ticket = make_ticket(subject="x", body="The zebra and the river.")
    messages.reply(ticket, body="A zebra.", by=actors.staff(agent))
    assert why(agent, "zebra river") == [(Source.MESSAGE, "The [zebra] and the [river].")]


def test_what_was_taken_back_is_not_shown(agent: User, make_ticket: Make) -> None:
    ticket = make_ticket(subject="x", body="y")
    said = messages.reply(ticket, body="A zebra.", by=actors.staff(agent))
    type(said).objects.filter(pk=said.pk).update(taken_back_at=said.created_at)
    assert why(agent, "zebra") == []


def test_a_subject_is_marked_whole() -> None:
    assert marked("Withdrawal of 50 late", "withdrawals late") == [
        ("Withdrawal", True),
        (" of 50 ", False),
        ("late", True),
    ]
