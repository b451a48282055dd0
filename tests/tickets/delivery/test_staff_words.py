"""What the mails to members of staff say: of one promise, and of several at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from accounts.models import Brand, Team, User
from helpdesk.lib import clock
from tests.tickets.delivery.test_render import parsed, part
from tests.tickets.told import clock_of, quiet, tell_of
from tests.times import shanghai
from tickets.actions import notices
from tickets.actions.notices import gather
from tickets.choices import Priority, TimerKind
from tickets.models import OutboxMail, Ticket, Timer

MakeTicket = Callable[..., Ticket]


def mail_to(person: User) -> EmailMessage:
    gather()
    return parsed(OutboxMail.objects.filter(to=person.email).latest("pk"))


@pytest.fixture(autouse=True)
def monday_ten() -> Any:
    with clock.frozen(shanghai(2, 10)) as now:
        yield now


def overdue(ticket: Ticket, kind: TimerKind, at: datetime) -> None:
    Timer.objects.filter(ticket=ticket, kind=kind).update(due_at=at, breached_at=at)


class TestOne:
    def test_overdue(self, ticket: Ticket, agent: User) -> None:
        tell_of(ticket, agent)
        overdue(ticket, TimerKind.FIRST_RESPONSE, shanghai(2, 9, 30))
        mail = mail_to(agent)
        text = part(mail, "plain")
        assert "First reply overdue" in mail["Subject"]
        assert "A promise to this customer is broken." in text
        assert "Overdue since: March 2, 2026, 9:30 a.m. (UTC+8)" in text

    def test_before_the_end(self, ticket: Ticket, agent: User) -> None:
        tell_of(ticket, agent, at_percent=80)
        mail = mail_to(agent)
        text = part(mail, "plain")
        assert "First reply due soon" in mail["Subject"]
        assert "will soon be broken" in text
        assert "Due: March 2, 2026, 11 a.m. (UTC+8)" in text

    def test_told_before_and_overdue_when_it_leaves(self, ticket: Ticket, agent: User) -> None:
        tell_of(ticket, agent, at_percent=80)
        with clock.frozen(shanghai(2, 11, 5)):
            assert "First reply overdue" in mail_to(agent)["Subject"]

    @pytest.mark.parametrize(
        "kind", [TimerKind.NEXT_RESPONSE, TimerKind.PERIODIC_UPDATE, TimerKind.RESOLUTION]
    )
    def test_every_kind_of_promise(self, ticket: Ticket, agent: User, kind: TimerKind) -> None:
        Timer.objects.filter(ticket=ticket).exclude(pk=clock_of(ticket).pk).delete()
        Timer.objects.update(kind=kind)
        tell_of(ticket, agent, kind=kind)
        words = {
            TimerKind.NEXT_RESPONSE: "Next reply due soon",
            TimerKind.PERIODIC_UPDATE: "Regular update due soon",
            TimerKind.RESOLUTION: "Solution due soon",
        }
        assert words[kind] in mail_to(agent)["Subject"]

    def test_the_readers_own_clock(self, ticket: Ticket, agent: User) -> None:
        quiet(agent, time_zone="Europe/London")
        tell_of(ticket, agent)
        assert "Due: March 2, 2026, 3 a.m. (UTC)" in part(mail_to(agent), "plain")

    def test_what_the_law_requires_is_named(self, ticket: Ticket, agent: User) -> None:
        tell_of(ticket, agent)
        timer = clock_of(ticket)
        timer.policy.name = "UK complaints"
        timer.policy.save()
        Timer.objects.filter(pk=timer.pk).update(is_statutory=True)
        assert "Required by law: UK complaints" in part(mail_to(agent), "plain")

    def test_in_chinese(self, ticket: Ticket, agent: User) -> None:
        quiet(agent, language="zh-hans")
        tell_of(ticket, agent)
        overdue(ticket, TimerKind.FIRST_RESPONSE, shanghai(2, 9, 30))
        assert "首次回复已超时" in mail_to(agent)["Subject"]


class TestSeveral:
    def test_it_works(self, make_ticket: MakeTicket, agent: User) -> None:
        low, high = make_ticket(subject="low one"), make_ticket(subject="high <one>")
        Ticket.objects.filter(pk=high.pk).update(priority=Priority.HIGH)
        for ticket in (low, high):
            tell_of(ticket, agent)
        overdue(low, TimerKind.FIRST_RESPONSE, shanghai(2, 9, 30))
        mail = mail_to(agent)
        text, html = part(mail, "plain"), part(mail, "html")
        assert mail["Subject"] == "2 promises need you"
        assert mail["To"] == "Ann <ann@demo.test>"
        assert mail["From"] == "BTP Wallet <help@btp.test>"
        assert mail["Auto-Submitted"] == "auto-generated"
        assert text.index("high <one>") < text.index("low one")
        assert "First reply due soon · Due March 2, 2026, 11 a.m. (UTC+8)" in text
        assert "First reply overdue · Overdue since March 2, 2026, 9:30 a.m. (UTC+8)" in text
        assert f"http://localhost:8000/admin/tickets/{high.number}/" in text
        assert "http://localhost:8000/admin/queue/?view=due" in text
        assert "high &lt;one&gt;" in html
        assert f'href="http://localhost:8000/admin/tickets/{low.number}/"' in html
        assert "more" not in text

    def test_the_rest_is_counted(
        self, make_ticket: MakeTicket, agent: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(notices, "LISTED", 2)
        for _number in range(5):
            tell_of(make_ticket(), agent)
        mail = mail_to(agent)
        assert mail["Subject"] == "5 promises need you"
        assert "And 3 more: you find them in the queue." in part(mail, "plain")
        assert part(mail, "plain").count("/admin/tickets/") == 2

    def test_what_is_out_of_sight_when_it_leaves_is_not_told(
        self, make_ticket: MakeTicket, agent: User, other_team: Team
    ) -> None:
        stays, goes = make_ticket(subject="stays"), make_ticket(subject="goes")
        for ticket in (stays, goes):
            tell_of(ticket, agent)
        gather()
        Ticket.objects.filter(pk=goes.pk).update(team=other_team)
        text = part(parsed(OutboxMail.objects.filter(to=agent.email).get()), "plain")
        assert "stays" in text
        assert "goes" not in text

    def test_over_several_brands_the_first_ones_name_stands_on_it(
        self, make_ticket: MakeTicket, manager: User, other_brand: Brand
    ) -> None:
        manager.brands.add(other_brand)
        here, there = make_ticket(), make_ticket(brand=other_brand)
        Ticket.objects.filter(pk=there.pk).update(priority=Priority.URGENT)
        for ticket in (here, there):
            tell_of(ticket, manager)
        mail = mail_to(manager)
        assert mail["From"] == "Bobao Wallet <help@bobao.test>"
        assert "BTP Wallet" in part(mail, "plain")

    def test_queries_do_not_grow(
        self, make_ticket: MakeTicket, agent: User, django_assert_max_num_queries: Any
    ) -> None:
        for number in range(12):
            with clock.frozen(shanghai(2, 10) + timedelta(seconds=number)):
                tell_of(make_ticket(), agent)
        with clock.frozen(shanghai(2, 10, 1)):
            gather()
            mail = OutboxMail.objects.filter(to=agent.email).get()
            with django_assert_max_num_queries(8):
                parsed(mail)
