"""Mere thanks, or does it wait for an answer? The agent's word goes before the rule's."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from tests.tickets.workspace.conftest import LogIn
from tickets import actors
from tickets.actions import messages
from tickets.choices import Nature, TimerKind, TimerState
from tickets.models import Message, SlaPolicy, SlaTarget, Ticket, Timer

HTMX = {"HX-Request": "true"}
Says = Callable[..., Message]


@pytest.fixture
def says(ticket: Ticket, policy: SlaPolicy, agent: User) -> Says:
    """``says("谢谢")``: the customer, after our first reply; a next reply is promised within the hour."""
    SlaTarget.objects.create(policy=policy, kind=TimerKind.NEXT_RESPONSE, minutes=60)
    messages.reply(ticket, body="It has arrived.", by=actors.staff(agent))

    def say(text: str, nature: Nature | None = None) -> Message:
        return messages.customer_reply(ticket, body=text, by=actors.customer(ticket.customer), nature=nature)

    return say


def page_of(client: Client, message: Message, **headers: str) -> str:
    return client.get(f"/admin/tickets/{message.ticket.number}/", headers=headers).content.decode()


def judge(client: Client, message: Message, value: str, *, was: str, **headers: str) -> tuple[int, str]:
    path = f"/admin/tickets/{message.ticket.number}/messages/{message.pk}/judge/"
    response = client.post(path, {"value": value, "was": was}, headers=headers)
    return response.status_code, response.content.decode()


def waiting(message: Message) -> bool:
    going = (TimerState.RUNNING, TimerState.PAUSED)
    return Timer.objects.filter(ticket=message.ticket, kind=TimerKind.NEXT_RESPONSE, state__in=going).exists()


def nature(message: Message) -> str:
    return Message.objects.get(pk=message.pk).nature


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_thanks_that_were_a_question(desk: Client, says: Says, headers: dict[str, str]) -> None:
    message = says("谢谢")
    page = page_of(desk, message)
    assert "mere thanks: no clock started" in page
    assert "Waits for an answer" in page
    status, answer = judge(desk, message, "substance", was="thanks", **headers)
    assert status == (200 if headers else 302)
    assert nature(message) == Nature.SUBSTANCE
    assert waiting(message)
    assert not headers or ("Mere thanks" in answer and 'id="ws-text"' not in answer)


def test_a_question_that_was_mere_thanks(desk: Client, says: Says) -> None:
    message = says("Where is it?")
    assert "Mere thanks" in page_of(desk, message)
    judge(desk, message, "thanks", was="substance")
    assert (nature(message), waiting(message)) == (Nature.THANKS, False)


def test_an_automatic_mail(desk: Client, says: Says) -> None:
    assert "automatic mail: no clock started" in page_of(desk, says("x", nature=Nature.AUTOMATIC))


def test_what_was_answered_needs_no_button(desk: Client, says: Says, agent: User) -> None:
    message = says("Where is it?")
    messages.reply(message.ticket, body="With you.", by=actors.staff(agent))
    page = page_of(desk, message)
    assert "Mere thanks" not in page
    assert "ws-judged" not in page


def test_somebody_said_so_meanwhile(desk: Client, says: Says, second_agent: User) -> None:
    message = says("谢谢")
    messages.judge(message, nature=Nature.SUBSTANCE, by=actors.staff(second_agent))
    status, page = judge(desk, message, "automatic", was="thanks")
    assert status == 409
    assert "Somebody changed this meanwhile." in page
    assert nature(message) == Nature.SUBSTANCE
    assert judge(desk, message, "substance", was="thanks")[0] == 302, "the same by two is no conflict"


def test_refusals(
    desk: Client, log_in: LogIn, says: Says, agent: User, officer: User, make_ticket: Callable[..., Ticket]
) -> None:
    message = says("谢谢")
    status, page = judge(desk, message, "x", was="thanks")
    assert (status, "Choose one of the list." in page) == (422, True)
    ours = Message.objects.filter(ticket=message.ticket, author=agent).get()
    status, page = judge(desk, ours, "thanks", was="substance")
    assert (status, "Only what the customer wrote waits for an answer." in page) == (422, True)
    elsewhere = make_ticket().messages.get()
    path = f"/admin/tickets/{message.ticket.number}/messages/{elsewhere.pk}/judge/"
    assert desk.post(path, {"value": "thanks", "was": "substance"}).status_code == 404
    watching = log_in(officer)
    assert "mere thanks: no clock started" in page_of(watching, message)
    assert "Waits for an answer" not in page_of(watching, message)
    assert judge(watching, message, "substance", was="thanks")[0] == 403
    assert nature(message) == Nature.THANKS


def test_in_chinese(desk: Client, says: Says) -> None:
    page = page_of(desk, says("谢谢"), **{"accept-language": "zh-hans"})
    assert "ws-judged" in page
