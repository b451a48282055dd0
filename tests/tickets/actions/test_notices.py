"""Gathering notices into mails: one mail for a person, no notice lost and none told twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import pytest

from accounts.models import Brand, Team, User
from accounts.rules.capabilities import Role
from helpdesk.lib import clock
from tests.cast import person
from tests.crowd import all_at_once
from tests.tickets.delivery.test_broken_off import Killed, killed_after, killed_before
from tests.tickets.told import clock_of, quiet, tell_of
from tests.times import shanghai
from tickets import actors
from tickets.actions import notices
from tickets.actions.messages import reply
from tickets.actions.notices import gather, retime
from tickets.actions.status import change_status
from tickets.choices import MailPurpose, Priority, Status, TimerKind, TimerState
from tickets.models import Notice, OutboxMail, Ticket, Timer

MakeTicket = Callable[..., Ticket]


def mails(to: User) -> list[OutboxMail]:
    return list(OutboxMail.objects.filter(to=to.email).order_by("pk"))


def gather_at(at: Any) -> int:
    with clock.frozen(at):
        return gather()


@pytest.fixture
def opened(make_ticket: MakeTicket) -> Ticket:
    with clock.frozen(shanghai(2, 10)):
        return make_ticket()


def test_nothing_is_ready(opened: Ticket) -> None:
    assert gather() == 0


def test_it_works(opened: Ticket, agent: User) -> None:
    [notice] = tell_of(opened, agent)
    assert gather() == 1
    [mail] = mails(agent)
    assert mail.purpose == MailPurpose.ESCALATION
    assert (mail.ticket, mail.brand, mail.language) == (opened, opened.brand, "en")
    assert mail.context == notice.event.data
    notice.refresh_from_db()
    assert notice.mail == mail
    assert notice.mailed_at is not None
    assert gather() == 0
    assert len(mails(agent)) == 1


def test_several_make_one_mail(
    make_ticket: MakeTicket, agent: User, lead: User, django_assert_max_num_queries: Any
) -> None:
    low, high = make_ticket(), make_ticket()
    Ticket.objects.filter(pk=high.pk).update(priority=Priority.HIGH)
    for ticket in (low, high):
        tell_of(ticket, agent, lead)
    with django_assert_max_num_queries(40):
        assert gather() == 2
    for reader in (agent, lead):
        [mail] = mails(reader)
        assert (mail.purpose, mail.ticket) == (MailPurpose.DIGEST, None)
        listed = [Notice.objects.get(pk=pk).ticket for pk in mail.context["listed"]]
        assert listed == [high, low], "most urgent first"
    assert not Notice.objects.filter(mail=None).exists()


def test_emergencies_head_the_list(make_ticket: MakeTicket, agent: User) -> None:
    high, emergency = make_ticket(priority=Priority.HIGH), make_ticket()
    tell_of(high, agent)
    [first] = tell_of(emergency, agent, urgent=True)
    gather()
    assert mails(agent)[0].context["listed"][0] == first.pk


def test_of_one_clock_only_the_newest_is_told(opened: Ticket, agent: User) -> None:
    """Half of the time, four fifths, over: all in one night."""
    for percent in (50, 80, None):
        [last] = tell_of(opened, agent, at_percent=percent)
    gather()
    [mail] = mails(agent)
    assert (mail.purpose, mail.context) == (MailPurpose.ESCALATION, last.event.data)
    assert Notice.objects.filter(mail=mail).count() == 3


def test_two_clocks_of_one_ticket_are_two_things(opened: Ticket, agent: User) -> None:
    tell_of(opened, agent)
    tell_of(opened, agent, kind=TimerKind.RESOLUTION)
    gather()
    assert len(mails(agent)[0].context["listed"]) == 2


def test_no_more_than_fifty_are_listed(opened: Ticket, agent: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notices, "LISTED", 1)
    tell_of(opened, agent)
    tell_of(opened, agent, kind=TimerKind.RESOLUTION)
    gather()
    [mail] = mails(agent)
    assert (len(mail.context["listed"]), mail.context["more"]) == (1, 1)
    assert not Notice.objects.filter(mail=None).exists()


def test_it_waits_for_the_end_of_quiet_hours(opened: Ticket, agent: User) -> None:
    quiet(agent, quiet_from=time(22), quiet_until=time(7))
    with clock.frozen(shanghai(2, 23)):
        tell_of(opened, agent)
    assert gather_at(shanghai(3, 6, 59)) == 0
    assert gather_at(shanghai(3, 7)) == 1


class TestWithdrawn:
    def check(self, agent: User) -> None:
        assert gather() == 1
        assert mails(agent) == []
        notice = Notice.objects.get(kind="escalation")
        assert notice.mailed_at is not None, "it is settled, and not looked at again"
        assert notice.mail is None
        assert gather() == 0

    def test_a_promise_that_was_kept_meanwhile(self, opened: Ticket, agent: User) -> None:
        quiet(agent, quiet_from=time(22), quiet_until=time(7))
        with clock.frozen(shanghai(2, 23)):
            tell_of(opened, agent)
            reply(opened, body="hello", by=actors.staff(agent))
        assert clock_of(opened).state == TimerState.DONE
        self.check(agent)

    def test_a_case_that_was_solved_meanwhile(self, opened: Ticket, agent: User) -> None:
        tell_of(opened, agent, kind=TimerKind.RESOLUTION)
        change_status(opened, to=Status.SOLVED, by=actors.staff(agent))
        self.check(agent)

    def test_a_clock_that_was_cancelled(self, opened: Ticket, agent: User) -> None:
        tell_of(opened, agent)
        Timer.objects.update(state=TimerState.CANCELLED)
        self.check(agent)

    def test_a_ticket_out_of_sight(self, opened: Ticket, agent: User, other_team: Team) -> None:
        tell_of(opened, agent)
        Ticket.objects.filter(pk=opened.pk).update(team=other_team)
        self.check(agent)

    def test_somebody_who_left(self, opened: Ticket, agent: User) -> None:
        tell_of(opened, agent)
        User.objects.filter(pk=agent.pk).update(is_active=False)
        self.check(agent)

    def test_an_address_that_nobody_has(self, opened: Ticket, agent: User) -> None:
        tell_of(opened, agent)
        User.objects.filter(pk=agent.pk).update(email="ann@example.invalid")
        self.check(agent)

    def test_one_kept_leaves_the_other(self, opened: Ticket, agent: User) -> None:
        tell_of(opened, agent)
        [other] = tell_of(opened, agent, kind=TimerKind.RESOLUTION)
        Timer.objects.filter(kind=TimerKind.FIRST_RESPONSE).update(state=TimerState.DONE)
        gather()
        [mail] = mails(agent)
        assert (mail.purpose, mail.context) == (MailPurpose.ESCALATION, other.event.data)


def test_a_clock_that_stands_still_is_told_of(opened: Ticket, agent: User) -> None:
    tell_of(opened, agent)
    Timer.objects.update(state=TimerState.PAUSED, due_at=None)
    gather()
    assert len(mails(agent)) == 1


def test_the_next_batch_is_another_mail(make_ticket: MakeTicket, agent: User) -> None:
    for _batch in range(2):
        for _number in range(2):
            tell_of(make_ticket(), agent)
        gather()
    first, second = mails(agent)
    assert first.internet_message_id != second.internet_message_id


def test_no_more_people_than_asked(opened: Ticket, agent: User, lead: User) -> None:
    tell_of(opened, agent, lead)
    assert [gather(limit=1), gather(limit=1), gather(limit=1)] == [1, 1, 0]


def test_one_persons_trouble_is_no_others(
    opened: Ticket, agent: User, lead: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = notices._queue_mail

    def queue(rows: list[Notice]) -> OutboxMail:
        if rows[0].person == agent:
            raise LookupError("no words")
        return real(rows)

    monkeypatch.setattr(notices, "_queue_mail", queue)
    tell_of(opened, agent, lead)
    assert gather() == 1
    assert len(mails(lead)) == 1
    assert Notice.objects.get(person=agent).mailed_at is None, "it is not lost"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("kill", "target", "name"),
    [
        (killed_before, notices, "_still_wanted"),
        (killed_before, notices, "_queue_mail"),
        (killed_after, notices, "_queue_mail"),
        (killed_after, notices, "_gather_for"),
    ],
)
def test_killed(make_ticket: MakeTicket, agent: User, lead: User, kill: Any, target: Any, name: str) -> None:
    tell_of(make_ticket(), agent, lead)
    with pytest.MonkeyPatch.context() as patch:
        kill(patch, target, name)
        with pytest.raises(Killed):
            gather()
    gather()
    assert [len(mails(reader)) for reader in (agent, lead)] == [1, 1]
    assert not Notice.objects.filter(mail=None).exists()


@pytest.mark.django_db(transaction=True)
def test_several_gatherers_at_once(make_ticket: MakeTicket, brand: Brand) -> None:
    readers = [person(Role.MANAGER, f"M{number}", brands=[brand]) for number in range(6)]
    tell_of(make_ticket(), *readers)
    all_at_once([gather] * 4)
    gather()
    assert [len(mails(reader)) for reader in readers] == [1] * 6


class TestRetiming:
    def test_what_waits_follows_the_new_hours(self, opened: Ticket, agent: User) -> None:
        quiet(agent, quiet_from=time(22), quiet_until=time(7))
        with clock.frozen(shanghai(2, 23)):
            tell_of(opened, agent)
            quiet(agent, quiet_from=time(22), quiet_until=time(6))
            retime(agent)
        assert Notice.objects.get().ready_at == shanghai(3, 6)

    def test_emergencies_and_what_has_left_stay(self, make_ticket: MakeTicket, agent: User) -> None:
        with clock.frozen(shanghai(2, 23)):
            tell_of(make_ticket(), agent)
            gather()
            tell_of(make_ticket(), agent, urgent=True)
            before = list(Notice.objects.order_by("pk").values_list("ready_at", flat=True))
            quiet(agent, quiet_from=time(22), quiet_until=time(7))
            retime(agent)
        assert list(Notice.objects.order_by("pk").values_list("ready_at", flat=True)) == before

    def test_nobody_elses(self, opened: Ticket, agent: User, lead: User) -> None:
        quiet(lead, digest_minutes=60)
        tell_of(opened, lead)
        before = Notice.objects.get().ready_at
        assert before > clock.now() - timedelta(minutes=1)
        retime(agent)
        assert Notice.objects.get().ready_at == before
