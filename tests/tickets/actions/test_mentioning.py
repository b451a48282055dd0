"""Colleagues whom a note calls by name are told, and watch the case."""

from __future__ import annotations

import pytest

from accounts.models import User
from tickets import actors
from tickets.actions.messages import note, reply
from tickets.actions.notices import gather
from tickets.choices import EventKind, NoticeKind
from tickets.models import Event, Notice, OutboxMail, Ticket
from tickets.queries.mentions import called_in, who_may_see


@pytest.fixture
def by(agent: User) -> actors.Actor:
    return actors.staff(agent)


def test_it_works(ticket: Ticket, by: actors.Actor, lead: User, second_agent: User) -> None:
    User.objects.filter(pk=second_agent.pk).update(name="王小明")
    said = note(ticket, body="请@王小明看一下, and @Lea too", by=by)
    event = Event.objects.get(kind=EventKind.MENTIONED)
    assert (event.message, event.data["who"]) == (said, ["Lea", "王小明"])
    assert event.data["who_ids"] == [lead.pk, second_agent.pk]
    notices = Notice.objects.filter(event=event)
    assert {(notice.person, notice.kind) for notice in notices} == {
        (lead, NoticeKind.MENTIONED),
        (second_agent, NoticeKind.MENTIONED),
    }
    assert set(ticket.watchers.all()) == {lead, second_agent}


def test_who_watches_already_is_told_all_the_same(ticket: Ticket, by: actors.Actor, lead: User) -> None:
    for _time in range(2):
        note(ticket, body="@Lea", by=by)
    assert Event.objects.filter(kind=EventKind.WATCHER_ADDED).count() == 1
    kinds = Notice.objects.filter(person=lead).values_list("kind", flat=True)
    assert list(kinds) == [NoticeKind.MENTIONED] * 2, "and of each note once"


def test_who_wants_no_mentions_hears_as_one_who_watches(ticket: Ticket, by: actors.Actor, lead: User) -> None:
    note(ticket, body="@Lea", by=by)
    User.objects.update(notice_choices={"mentioned": {"page": False, "mail": False}})
    note(ticket, body="@Lea", by=by)
    kinds = Notice.objects.filter(person=lead).order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == [NoticeKind.MENTIONED, NoticeKind.WATCHED]


def test_who_may_not_see_it_is_not_told(
    ticket: Ticket, by: actors.Actor, other_brand_agent: User, other_team_agent: User
) -> None:
    said = note(ticket, body="@Strange @Otto", by=by)
    assert not Event.objects.filter(kind=EventKind.MENTIONED).exists()
    assert not Notice.objects.exists()
    assert list(called_in(said.body, ticket, by=by.user).blind) == [other_team_agent, other_brand_agent]


def test_not_oneself_nor_in_replies(ticket: Ticket, by: actors.Actor, lead: User) -> None:
    note(ticket, body="@Ann", by=by)
    reply(ticket, body="Dear customer, ask @Lea", by=by)
    assert not Event.objects.filter(kind=EventKind.MENTIONED).exists()


def test_people_of_one_name_are_all_meant(
    ticket: Ticket, by: actors.Actor, lead: User, manager: User
) -> None:
    User.objects.filter(pk=manager.pk).update(name="Lea")
    note(ticket, body="@Lea", by=by)
    assert set(ticket.watchers.all()) == {lead, manager}


def test_by_mail_too_unless_they_chose_otherwise(ticket: Ticket, by: actors.Actor, lead: User) -> None:
    note(ticket, body="@Lea", by=by)
    assert gather() == 1
    assert OutboxMail.objects.filter(to=lead.email).count() == 1
    User.objects.update(notice_choices={"mentioned": {"page": True, "mail": False}})
    note(ticket, body="@Lea", by=by)
    assert gather() == 0


def test_without_a_sign_nobody_is_looked_up(
    ticket: Ticket, by: actors.Actor, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert not called_in("Ann was here", ticket, by=by.user).told


def test_who_may_see_takes_three_queries(
    ticket: Ticket,
    agent: User,
    lead: User,
    officer: User,
    other_team_agent: User,
    django_assert_num_queries: object,
) -> None:
    with django_assert_num_queries(3):  # type: ignore[operator]
        assert who_may_see(ticket) == [agent, lead, officer]
