from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection

from accounts.models import AuditEntry, Brand, Team, User
from accounts.rules.capabilities import Role
from helpdesk.lib import clock
from helpdesk.lib.errors import Invalid, NotAllowed
from tests.cast import person
from tests.tickets.actions.test_emergencies import said
from tickets import actors
from tickets.actions import on_call
from tickets.actions.alarming import TakenBySomebody, sweep, take
from tickets.actions.notices import gather
from tickets.actions.on_call import Plan
from tickets.actions.status import change_status
from tickets.choices import EventKind, MailPurpose, NoticeKind, Status
from tickets.models import Event, Notice, OnCall, OutboxCall, OutboxMail, Webhook
from tickets.queries import emergencies as queries

pytestmark = pytest.mark.django_db
EVERY = timedelta(minutes=3)


def told() -> list[str]:
    rows = Notice.objects.filter(kind=NoticeKind.EMERGENCY).select_related("person").order_by("pk")
    return [row.person.display_name for row in rows]


def on_duty(brand: Brand, who: User, by: User) -> OnCall:
    now = clock.now()
    plan = Plan(brand, who, starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=8))
    return on_call.add(plan, by=actors.staff(by))[0]


def test_whoever_is_on_call_hears_first_then_ever_more(brand: Brand, lead: User, manager: User) -> None:
    second = person(Role.LEAD, "Lin", brands=[brand])
    on_duty(brand, second, by=lead)
    start = clock.now()
    said(brand)
    assert told() == ["Lin"]
    for rings, expected in ((1, ["Lin", "Lea"]), (2, ["Lin", "Lea", "Max"])):
        before = len(told())
        with clock.frozen(start + rings * EVERY + timedelta(seconds=1)):
            assert sweep() == 1
            assert sweep() == 0, "one ring at a time"
        assert sorted(told()[before:]) == sorted(expected)
    rings_said = Event.objects.filter(kind=EventKind.ESCALATED).order_by("pk").values_list("data", flat=True)
    assert [data["ring"] for data in rings_said] == [1, 2]


def test_after_a_standstill_it_rings_once_and_wide(brand: Brand, lead: User, manager: User) -> None:
    said(brand)
    with clock.frozen(clock.now() + timedelta(hours=2)):
        assert sweep() == 1
        assert sweep() == 0
    assert sorted(told()) == ["Lea", "Lea", "Max"]


def test_taken_it_falls_silent(brand: Brand, lead: User, manager: User) -> None:
    emergency = said(brand)
    start = clock.now()
    with clock.frozen(start + timedelta(seconds=90)):
        done = take(emergency, by=actors.staff(lead))
    assert (done.taken_by, done.alarm_at) == (lead, None)
    done.ticket.refresh_from_db()
    assert done.ticket.assignee == lead
    with clock.frozen(start + 10 * EVERY):
        assert sweep() == 0
    assert Event.objects.get(kind=EventKind.EMERGENCY_TAKEN).data["seconds"] in range(88, 93)
    assert AuditEntry.objects.get(kind="emergency_taken").actor == lead
    assert queries.ringing_for(lead) == []


def test_taken_by_another_says_who(brand: Brand, lead: User, manager: User) -> None:
    emergency = said(brand)
    take(emergency, by=actors.staff(lead))
    assert take(emergency, by=actors.staff(lead)).taken_by == lead, "again by the same: nothing new"
    with pytest.raises(TakenBySomebody, match="Lea"):
        take(emergency, by=actors.staff(manager))
    assert Event.objects.filter(kind=EventKind.EMERGENCY_TAKEN).count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_takers_one_has_it_and_a_sweep_between_rings_no_more(
    brand: Brand, lead: User, manager: User
) -> None:
    emergency = said(brand)
    together, taken, refused = threading.Barrier(3), [], []

    def run(who: User | None) -> None:
        try:
            together.wait(10)
            if who is None:
                sweep()
            else:
                taken.append(take(emergency, by=actors.staff(who)).taken_by)
        except TakenBySomebody as trouble:
            refused.append(trouble)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(who,)) for who in (lead, manager, None)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert (len(taken), len(refused)) == (1, 1)
    emergency.refresh_from_db()
    assert emergency.taken_by == taken[0]
    assert emergency.alarm_at is None
    assert Event.objects.filter(kind=EventKind.EMERGENCY_TAKEN).count() == 1


def test_a_case_that_is_over_rings_no_more(brand: Brand, lead: User) -> None:
    emergency = said(brand)
    change_status(emergency.ticket, to=Status.SOLVED, by=actors.staff(lead))
    with clock.frozen(clock.now() + EVERY + timedelta(seconds=1)):
        assert sweep() == 0
    emergency.refresh_from_db()
    assert emergency.alarm_at is None


def test_one_that_cannot_ring_keeps_no_other_silent(
    brand: Brand, lead: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tickets.actions import alarming

    first, second = said(brand), said(brand, "+8613700137000")
    ring = alarming._ring_again

    def broken(pk: int) -> bool:
        if pk == first.pk:
            raise RuntimeError("gone wrong")
        return ring(pk)

    monkeypatch.setattr(alarming, "_ring_again", broken)
    with clock.frozen(clock.now() + EVERY + timedelta(seconds=1)):
        assert sweep() == 1
    second.refresh_from_db()
    assert second.alarm_round == 1


def test_broken_off_in_the_middle_of_a_ring_nothing_is_lost_and_nothing_said_twice(
    brand: Brand, lead: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tickets.actions import alarming

    emergency, before = said(brand), Notice.objects.count()

    def killed(*args: object, **kwargs: object) -> None:
        raise SystemExit("the worker is gone")

    with clock.frozen(clock.now() + EVERY + timedelta(seconds=1)):
        with monkeypatch.context() as gone:
            gone.setattr(alarming, "call_all", killed)
            with pytest.raises(SystemExit):
                sweep()
        assert not Event.objects.filter(kind=EventKind.ESCALATED).exists()
        assert Notice.objects.count() == before
        assert sweep() == 1
    emergency.refresh_from_db()
    assert emergency.alarm_round == 1


def test_the_mail_goes_whatever_the_hour_and_not_once_taken(brand: Brand, lead: User, manager: User) -> None:
    emergency = said(brand)
    gather()
    mails = OutboxMail.objects.filter(purpose=MailPurpose.NOTICE, ticket=emergency.ticket)
    assert [mail.to for mail in mails] == [lead.email]
    with clock.frozen(clock.now() + EVERY + timedelta(seconds=1)):
        sweep()
        take(emergency, by=actors.staff(lead))
        gather()
    assert mails.count() == 1


def test_webhooks_of_emergencies_are_called_at_each_ring(
    brand: Brand, other_brand: Brand, lead: User
) -> None:
    pager = Webhook.objects.create(name="Pager", url="https://pager.example.com/x", for_emergencies=True)
    elsewhere = Webhook.objects.create(name="Other", url="https://other.example.com", for_emergencies=True)
    elsewhere.brands.add(other_brand)
    Webhook.objects.create(name="Sales", url="https://sales.example.com")
    said(brand)
    with clock.frozen(clock.now() + EVERY + timedelta(seconds=1)):
        sweep()
    calls = list(OutboxCall.objects.order_by("pk"))
    assert [call.webhook for call in calls] == [pager, pager]
    assert [call.payload["data"]["ring"] for call in calls] == [0, 1]
    assert "13800138000" not in str(calls[0].payload)


def test_nobody_in_the_plan_alarms_every_lead(brand: Brand, lead: User, other_brand: Brand) -> None:
    person(Role.LEAD, "Far", brands=[other_brand])
    said(brand)
    assert told() == ["Lea"]


def test_nobody_at_all_alarms_the_administrators(brand: Brand, administrator: User) -> None:
    said(brand)
    assert told() == ["Ada"]


def test_an_agent_does_not_take_it(brand: Brand, agent: User, lead: User) -> None:
    with pytest.raises(NotAllowed):
        take(said(brand), by=actors.staff(agent))
    assert queries.queue(agent) == []
    assert len(queries.queue(lead)) == 1


def test_the_plan_is_written_by_its_leads(
    brand: Brand, other_brand: Brand, team: Team, lead: User, agent: User
) -> None:
    import datetime

    night = {"weekdays": [0, 6], "opens": datetime.time(22), "closes": datetime.time(8)}
    rows = on_call.add(Plan(brand, lead, **night), by=actors.staff(lead))  # type: ignore[arg-type]
    assert [row.weekday for row in rows] == [0, 6]
    wrong = {
        "person": Plan(brand, agent, **night),  # type: ignore[arg-type]
        "opens": Plan(brand, lead, weekdays=[0]),
        "weekdays": Plan(brand, lead, weekdays=[9], opens=datetime.time(1), closes=datetime.time(2)),
        "starts_at": Plan(brand, lead),
        "brand": Plan(other_brand, lead, **night),  # type: ignore[arg-type]
    }
    for field, plan in wrong.items():
        with pytest.raises(Invalid) as refused:
            on_call.add(plan, by=actors.staff(lead))
        assert field in refused.value.fields
    with pytest.raises(NotAllowed):
        on_call.remove(rows[0], by=actors.staff(agent))
    on_call.remove(rows[0], by=actors.staff(lead))
    assert OnCall.objects.count() == 1
