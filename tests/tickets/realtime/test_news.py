"""Pages hear of what happens to tickets that their reader may see, of all of it, and of nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from accounts.models import Brand, Team, User
from helpdesk.lib import clock
from tests.realtime import Socket, open_socket, process
from tickets import actors
from tickets.actions import assignment, messages
from tickets.actions.assignment import move_to_team
from tickets.models import Event, Notice, Ticket

__all__ = ["open_socket", "process"]
pytestmark = pytest.mark.django_db(transaction=True)
Open = Callable[..., Socket]
Make = Callable[..., Ticket]


def watching(open_socket: Open, user: User, *tickets: Ticket) -> Socket:
    socket = open_socket(user)
    for ticket in tickets:
        ticket.refresh_from_db()
    socket.of("hello")
    # A number that is nobody's is answered: from then on the page's words are known, however busy the machine.
    nobodys = "AAAAAAAAA"
    socket.say(type="watch", tickets={one.number: one.version for one in tickets} | {nobodys: 1})
    socket.heard.remove(socket.until(lambda message: nobodys in message.get("numbers", ())))
    if tickets:
        # The log is read now and then: what was written before the page came may still be told. This is told after it.
        mark = {"kind": "tags_changed", "actor_kind": "staff", "actor_name": "mark"}
        Event.objects.create(ticket=tickets[0], at=clock.now(), **mark)
        hear_the_mark(socket)
    return socket


def hear_the_mark(socket: Socket) -> None:
    socket.until(lambda message: "mark" in str(message))
    socket.heard.clear()


def heard_all(*sockets: Socket, last: Ticket) -> None:
    """The log is told in order: whoever heard of the last thing heard of all before it."""
    for socket in sockets:
        socket.until_news_of(last.number)


def test_it_works(open_socket: Open, agent: User, second_agent: User, ticket: Ticket) -> None:
    socket = watching(open_socket, second_agent, ticket)
    assignment.take(ticket, by=actors.staff(agent))
    news = socket.until_news_of(ticket.number)
    assert news["kinds"][0] == "took"
    assert (news["by"], news["own"]) == (["Ann"], False)
    messages.customer_reply(ticket, body="还没有到账", by=actors.customer(ticket.customer))
    told = socket.until(
        lambda message: message["type"] == "news" and "replied" in message["tickets"][0]["kinds"]
    )
    assert set(told) == {"type", "now", "tickets"}
    assert set(told["tickets"][0]) == {"number", "version", "kinds", "by", "own"}
    assert told["tickets"][0]["by"] == ["王小明"]


def test_one_s_own_acts_are_marked(open_socket: Open, agent: User, ticket: Ticket) -> None:
    socket = watching(open_socket, agent, ticket)
    messages.note(ticket, body="called the bank", by=actors.staff(agent))
    assert socket.until_news_of(ticket.number)["own"] is True


def notes_heard(socket: Socket, wanted: set[str]) -> set[str]:
    """The tickets whose notes were told of, those wanted among them. That a ticket was opened may have been told before
    it was moved.
    """

    def heard() -> set[str]:
        news = [ticket for said in socket.heard if said["type"] == "news" for ticket in said["tickets"]]
        return {ticket["number"] for ticket in news if "noted" in ticket["kinds"]}

    socket.until(lambda _message: wanted <= heard())
    return heard()


def test_who_hears_of_what(
    open_socket: Open,
    make_ticket: Make,
    brand: Brand,
    other_brand: Brand,
    other_team: Team,
    agent: User,
    other_team_agent: User,
    other_brand_agent: User,
    manager: User,
    officer: User,
    administrator: User,
) -> None:
    """The rule of visibility, once for each kind of ticket and of person; everybody's is last."""
    people = (agent, other_team_agent, other_brand_agent, manager, officer, administrator)
    sockets = {user: watching(open_socket, user) for user in people}
    tickets = [make_ticket() for _ in range(5)]
    Ticket.objects.filter(pk=tickets[1].pk).update(team=other_team)
    Ticket.objects.filter(pk=tickets[2].pk).update(brand=other_brand)
    Ticket.objects.filter(pk=tickets[3].pk).update(team=None)
    Ticket.objects.filter(pk=tickets[4].pk).update(team=other_team, assignee=agent)
    other_brand.staff.set([])
    last = make_ticket(brand=other_brand)
    Ticket.objects.filter(pk=last.pk).update(team=None)
    for ticket in [*tickets, last]:
        messages.note(ticket, body="seen", by=actors.staff(administrator))
    heard_all(sockets[administrator], sockets[other_brand_agent], last=last)
    wanted = {
        user: {t.number for t in Ticket.objects.visible_to(user)}
        for user in people
        if user.pk != other_brand_agent.pk
    }
    for user, numbers in wanted.items():
        told = notes_heard(sockets[user], numbers)
        assert told == numbers, user.name
    assert wanted[agent] == {tickets[n].number for n in (0, 3, 4)}


def test_of_what_left_their_sight_only_that_it_is_gone(
    open_socket: Open, agent: User, lead: User, administrator: User, ticket: Ticket, other_team: Team
) -> None:
    keeps, elsewhere = watching(open_socket, administrator, ticket), watching(open_socket, agent)
    looking = watching(open_socket, agent, ticket)
    hear_the_mark(elsewhere)
    move_to_team(ticket, team=other_team, by=actors.staff(lead))
    assert looking.of("gone")["numbers"] == [ticket.number]
    messages.note(ticket, body="now a secret", by=actors.staff(administrator))
    keeps.until(lambda message: "noted" in str(message))
    looking.hear(1.0)
    elsewhere.hear()
    assert looking.news_of(ticket.number) == []
    assert {message["type"] for message in elsewhere.heard} <= {"hello", "notice"}


def test_what_nobody_may_see_is_gone_from_the_start(
    open_socket: Open, other_team_agent: User, ticket: Ticket
) -> None:
    """Told as of a number that is nobody's: who asks learns nothing."""
    socket = open_socket(other_team_agent)
    socket.say(type="watch", tickets={ticket.number: 1, "A" * len(ticket.number): 1})
    assert len(socket.of("gone")["numbers"]) == 2


@contextmanager
def another_connection() -> Iterator[BaseDatabaseWrapper]:
    other = connection.copy()
    try:
        yield other
    finally:
        other.close()


def write_event(database: BaseDatabaseWrapper, ticket: Ticket) -> None:
    with database.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tickets_event (ticket_id, kind, at, actor_kind, actor_name, data)"
            " VALUES (%s, 'noted', now(), 'staff', 'Slow', '{}')",
            [ticket.pk],
        )


def test_what_commits_late_and_out_of_order_is_told_once(
    open_socket: Open, agent: User, make_ticket: Make
) -> None:
    """An event with a lower id becomes visible after one with a higher was told, and after the reader's shortest
    memory."""
    slow, quick, last = make_ticket(), make_ticket(), make_ticket()
    socket = watching(open_socket, agent, slow, quick, last)
    with another_connection() as late:
        late.set_autocommit(False)
        write_event(late, slow)
        messages.note(quick, body="first seen", by=actors.staff(agent))
        heard_all(socket, last=quick)
        socket.hear(3.0)  # longer than ids take to settle
        messages.note(last, body="later still", by=actors.staff(agent))
        heard_all(socket, last=last)
        assert socket.news_of(slow.number) == []
        late.commit()
    assert socket.until_news_of(slow.number)["by"] == ["Slow"]
    assert Event.objects.latest("pk").ticket_id == last.pk
    messages.note(quick, body="again", by=actors.staff(agent))
    socket.until(lambda _message: len(socket.news_of(quick.number)) == 2)
    assert len(socket.news_of(slow.number)) == len(socket.news_of(last.number)) == 1


def test_what_changed_while_the_page_was_drawn(open_socket: Open, agent: User, make_ticket: Make) -> None:
    """On the screen by version; new ones by the moment when the page was made."""
    shown = make_ticket()
    made = round(clock.now().timestamp() * 1000)
    fresh = make_ticket()
    socket = open_socket(agent)
    messages.note(shown, body="meanwhile", by=actors.staff(agent))
    socket.watch(shown, since=made)
    # The log itself may be quicker than the catching up; that it was opened may be told late.
    told = ("changed", "noted")
    socket.until(
        lambda _: any(kind in told for news in socket.news_of(shown.number) for kind in news["kinds"])
    )
    assert socket.until_news_of(fresh.number)["kinds"][0] == "opened"


def test_after_too_much_the_page_is_told_to_look_for_itself(
    open_socket: Open, agent: User, ticket: Ticket
) -> None:
    event = ticket.events.latest("pk")
    rows = [
        Event(ticket=ticket, kind="noted", at=clock.now(), actor_kind="staff", actor_name="Import")
        for _ in range(600)
    ]
    Event.objects.bulk_create(rows)
    socket = open_socket(agent)
    socket.watch(ticket, since=round(event.at.timestamp() * 1000))
    socket.of("stale")


def test_the_bell_counts_what_is_unread(open_socket: Open, agent: User, ticket: Ticket) -> None:
    socket = open_socket(agent)
    assert socket.of("notice") == {"type": "notice", "unread": 0}
    notice = Notice.objects.create(person=agent, ticket=ticket, event=ticket.events.earliest("pk"))
    socket.until(lambda message: message == {"type": "notice", "unread": 1})
    Notice.objects.filter(pk=notice.pk).update(read_at=clock.now())
    socket.until(
        lambda message: message == {"type": "notice", "unread": 0} and message is not socket.heard[1]
    )
