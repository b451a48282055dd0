"""What programs are told of the mail behind a message."""

from __future__ import annotations

from collections.abc import Callable

from pytest_django import DjangoAssertNumQueries

from accounts.models import Brand, Customer, User
from tests.api_client import Api, problem
from tests.tickets.mail_copies import HTML, unproved, write
from tickets.choices import Proof
from tickets.models import Ticket


def test_staff_get_it(ticket: Ticket, agent: User) -> None:
    write(ticket, html=HTML, cc=[{"name": "李华", "address": "li@example.com"}])
    write(ticket, proof=Proof.NOTHING, by_stranger=True)
    expected = {
        "from": {"name": "王小明", "address": "w***@e***.com"},
        "to": [{"name": "", "address": "help@btp.test"}],
        "cc": [{"name": "李华", "address": "l***@e***.com"}],
        "subject": "Re: 提现",
        "proof": "proved",
        "by_stranger": False,
        "has_html": True,
    }
    for path in (f"/tickets/{ticket.display_number}/messages/", f"/tickets/{ticket.display_number}/"):
        told = Api(agent).get(path).json()
        first, second, third = told.get("results") or told["messages"]
        assert first["mail"] is None
        assert second["mail"].pop("sent_at") is not None
        assert second["mail"] == expected
        assert (third["mail"]["proof"], third["mail"]["by_stranger"]) == ("nothing", True)
        assert third["mail"]["has_html"] is False


def test_judging_tells_it_too(ticket: Ticket, agent: User) -> None:
    mail = write(ticket, html=HTML)
    path = f"/tickets/{ticket.display_number}/messages/{mail.message_id}/"
    told = Api(agent).send(path, {"nature": "thanks"}, method="PATCH").json()
    assert told["mail"]["has_html"] is True


def test_customers_get_none_of_it(make_ticket: Callable[..., Ticket], member: Customer) -> None:
    own = make_ticket(customer=member)
    write(own, from_address="mia@demo.test", cc=[{"name": "", "address": "li@example.com"}])
    for path in (f"/tickets/{own.display_number}/messages/", f"/tickets/{own.display_number}/"):
        answer = Api(member.user).get(path)
        assert '"mail"' not in answer.content.decode()
        assert "li@example.com" not in answer.content.decode()


def test_mails_cost_no_query(
    ticket: Ticket, agent: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    api = Api(agent)
    path = f"/tickets/{ticket.display_number}/messages/"
    api.get(path)
    for _ in range(5):
        write(ticket, html=HTML)
    api.get(path)  # which addresses are ours is known for a minute
    # One of them writes the reading down.
    with django_assert_max_num_queries(9):
        api.get(path)


def test_no_reply_to_a_sender_who_is_not_proved(brand: Brand, agent: User) -> None:
    case = unproved(brand)
    answer = Api(agent).send(f"/tickets/{case.display_number}/messages/", {"body": "x"})
    problem(answer, 409, "sender_unproved")


def test_the_description_names_the_sender(agent: User) -> None:
    schema = Api(agent).get("/schema/?format=json").content.decode()
    assert '"from"' in schema or "from:" in schema
