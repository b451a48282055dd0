"""The demo as a whole: steady for a seed, legal, a desk with something on it, and harmless to ask for twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from accounts.choices import Tier
from accounts.models import Brand, Customer, User
from helpdesk import demo_logins
from helpdesk.lib import clock
from knowledgebase.models import ArticleTranslation
from tickets.actions import escalation, status
from tickets.actions.timers import run_of
from tickets.choices import ACTIVE_STATUSES, ActorKind, EventKind, Nature, Status, TimerKind, TimerState
from tickets.demo import load
from tickets.demo.desk import Desk
from tickets.demo.life import CLOSING_MINUTE
from tickets.demo.story import Story
from tickets.models import Event, Message, OutboxMail, SlaPolicy, Ticket, TicketProof, TicketSearch, Timer
from tickets.queries.calendars import hours_of
from tickets.queries.clocks import explained
from tickets.rules import sla
from tickets.rules.lifecycle import TRANSITIONS

WEDNESDAY = datetime(2026, 3, 11, 6, 30, tzinfo=UTC)
COUNT = 260


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker) -> Iterator[None]:  # type: ignore[no-untyped-def]
    """Loaded once for all tests here, and taken away after."""
    from django.db import connection, transaction

    with django_db_blocker.unblock(), transaction.atomic():
        with clock.frozen(WEDNESDAY):
            call_command("load_demo", seed=3, tickets=COUNT, days=20, bare=True, decoys=0, verbosity=0)
        yield
        transaction.set_rollback(True)
    assert connection.in_atomic_block is False


pytestmark = pytest.mark.django_db


def told() -> list[Story]:
    return list(load.stories(Desk.read(), seed=3, tickets=COUNT, days=20, now=WEDNESDAY))


def test_it_works(demo: None) -> None:
    assert Ticket.objects.count() == TicketSearch.objects.count() == COUNT
    assert set(Brand.objects.values_list("slug", flat=True)) == {"btp", "bitai", "bobao"}
    assert ArticleTranslation.objects.filter(document=None).count() == 0
    assert set(Ticket.objects.values_list("language", flat=True)) == {"zh-hans", "en"}
    assert OutboxMail.objects.count() == 0
    assert not Message.objects.filter(body__contains="{").exists()


def test_some_customers_are_known(demo: None) -> None:
    proofs = TicketProof.objects.select_related("proof", "ticket")
    assert {row.proof.level for row in proofs} == {10, 20, 30}
    assert all(row.ticket.customer_id == row.proof.customer_id for row in proofs)


def test_the_logins_log_in(demo: None) -> None:
    from allauth.account.models import EmailAddress

    for email in demo_logins.EMAILS.values():
        assert User.objects.get(email=email).check_password(demo_logins.PASSWORD)
        assert EmailAddress.objects.get(email=email).verified
    others = User.objects.exclude(email__in=demo_logins.EMAILS.values())
    assert not any(user.has_usable_password() for user in others)


def test_the_demo_customer_and_agent_find_their_cases(demo: None) -> None:
    customer = Customer.objects.get(user__email=demo_logins.EMAILS["customer"])
    own = Ticket.objects.filter(customer=customer).values_list("status", flat=True)
    assert sorted(own) == ["closed", "new", "pending", "solved"]
    mine = Ticket.objects.active().filter(assignee__email=demo_logins.EMAILS["agent"])
    assert 10 <= mine.count() <= 20


def test_the_same_seed_tells_the_same_stories(demo: None) -> None:
    assert told() == told()
    other = load.stories(Desk.read(), seed=4, tickets=COUNT, days=20, now=WEDNESDAY)
    assert [story.number for story in other] != [story.number for story in told()]


def test_rows_are_those_of_the_stories(demo: None) -> None:
    stories = {story.number: story for story in told()}
    for ticket in Ticket.objects.prefetch_related("messages"):
        story = stories[ticket.number]
        assert ticket.created_at == story.opened_at
        said = ticket.messages.exclude(author_kind=ActorKind.SYSTEM)
        assert said.count() == 1 + sum(bool(moment.text) for moment in story.moments)


def test_every_case_is_in_a_legal_state(demo: None) -> None:
    changes = Event.objects.filter(kind=EventKind.STATUS_CHANGED)
    for data, actor in changes.values_list("data", "actor_kind"):
        assert actor in TRANSITIONS[Status(data["from"]), Status(data["to"])]
    for ticket in Ticket.objects.prefetch_related("timers"):
        running = [timer for timer in ticket.timers.all() if timer.state == TimerState.RUNNING]
        assert ticket.due_at == min((timer.due_at for timer in running if timer.due_at), default=None)
        assert ticket.is_breached == any(timer.breached_at for timer in ticket.timers.all())
        assert (ticket.status in ACTIVE_STATUSES) == (ticket.solved_at is None)
        assert ticket.updated_at <= WEDNESDAY
        if ticket.status not in ACTIVE_STATUSES:
            assert not running
        assert not any(ticket.status in timer.pauses_on for timer in running)
        assert not any(timer.pauses_on for timer in ticket.timers.all() if timer.is_statutory)


def test_due_times_are_those_of_the_rule(demo: None) -> None:
    running = Timer.objects.filter(state=TimerState.RUNNING).select_related("calendar")
    with clock.frozen(WEDNESDAY):
        assert running.count() > 20
        for timer in running:
            assert timer.due_at == (timer.breached_at or sla.due_at(hours_of(timer), run_of(timer)))
            assert timer.check_at is None or timer.check_at > WEDNESDAY


def test_every_clock_was_started_once_and_tells_its_story(demo: None) -> None:
    told: dict[int, list[Event]] = {}
    for event in Event.objects.filter(data__has_key="timer_id").order_by("id"):
        told.setdefault(event.data["timer_id"], []).append(event)
    for timer in Timer.objects.all():
        own = told.pop(timer.pk)
        assert [event.kind for event in own].count(EventKind.TIMER_STARTED) == 1
        assert own[0].kind == EventKind.TIMER_STARTED
        assert {(event.ticket_id, event.data["timer"]) for event in own} == {(timer.ticket_id, timer.kind)}
        last = [event for event in own if "used_seconds" in event.data][-1]
        assert last.data["used_seconds"] == timer.used_seconds
        assert last.data["target_seconds"] == timer.target_seconds
        assert last.data["calendar"] == timer.calendar_id
    assert not told


def test_the_working_of_every_clock_comes_out(demo: None) -> None:
    """What the page tells of a due time, line by line, leads to the due time that is stored."""
    with clock.frozen(WEDNESDAY):
        for ticket in Ticket.objects.select_related("brand").prefetch_related("timers__calendar"):
            found = explained(ticket, list(ticket.timers.all()))
            assert len(found) == ticket.timers.count()
            for each in found:
                assert each.explanation.agrees, (ticket.number, each.timer.kind, each.timer.state)


def test_complaints_are_held_to_the_law_of_their_brand(demo: None) -> None:
    laws = {
        brand.slug: set(SlaPolicy.objects.filter(is_active=True, is_statutory=True, brands=brand))
        for brand in Brand.objects.all()
    }
    assert {slug: len(found) for slug, found in laws.items()} == {"btp": 1, "bitai": 2, "bobao": 1}
    for ticket in Ticket.objects.select_related("brand").prefetch_related("timers__policy"):
        statutory = {timer.policy for timer in ticket.timers.all() if timer.is_statutory}
        assert statutory == (laws[ticket.brand.slug] if ticket.is_complaint else set())
    assert Ticket.objects.filter(is_complaint=True).exclude(category__is_complaint=True).exists()
    assert not Ticket.objects.filter(is_complaint=True, category__slug="feedback").exists()


def test_the_desk_of_today_shows_what_clocks_do(demo: None) -> None:
    going = Timer.objects.filter(ticket__in=Ticket.objects.active())
    running, paused = going.filter(state=TimerState.RUNNING), going.filter(state=TimerState.PAUSED)
    soon = (WEDNESDAY, WEDNESDAY + timedelta(hours=4))
    assert set(running.values_list("kind", flat=True)) == set(TimerKind.values)
    assert running.filter(due_at__range=soon).count() >= 3
    assert running.filter(kind=TimerKind.NEXT_RESPONSE, due_at__range=soon).exists()
    assert running.filter(kind=TimerKind.PERIODIC_UPDATE, due_at__range=soon).exists()
    assert running.filter(is_statutory=True, ticket__status=Status.PENDING).exists()
    assert running.filter(breached_at__isnull=False, ticket__events__kind=EventKind.ESCALATED).exists()
    assert set(paused.values_list("ticket__status", flat=True)) == {Status.PENDING, Status.ON_HOLD}
    broken = Ticket.objects.active().filter(is_breached=True).count()
    assert 0.05 < broken / Ticket.objects.active().count() < 0.5


def test_promises_are_mostly_kept_and_broken_for_many_reasons(demo: None) -> None:
    done = Timer.objects.filter(state=TimerState.DONE)
    assert 0.03 < done.filter(breached_at__isnull=False).count() / done.count() < 0.15
    broken = Timer.objects.filter(breached_at__isnull=False)
    assert not broken.filter(breach_cause="").exists()
    assert broken.values("breach_cause").distinct().count() >= 5
    assert set(Customer.objects.values_list("tier", flat=True)) == set(Tier.values)
    assert Timer.objects.filter(policy__tiers__contains=[Tier.VIP]).exists()


def test_mere_thanks_change_nothing(demo: None) -> None:
    thanks = Message.objects.filter(nature=Nature.THANKS)
    assert thanks.exists()
    for message in thanks.select_related("ticket"):
        assert not Event.objects.filter(
            ticket=message.ticket, kind=EventKind.STATUS_CHANGED, message=message
        ).exists()


def test_people_work_only_where_they_serve(demo: None) -> None:
    for ticket in Ticket.objects.exclude(assignee=None).select_related("assignee"):
        assert ticket.assignee is not None
        assert ticket.brand_id in ticket.assignee.brand_ids
        assert ticket.team_id in ticket.assignee.team_ids


def test_the_first_sweep_and_closing_find_nothing_left(demo: None) -> None:
    with clock.frozen(WEDNESDAY):
        assert escalation.sweep() == 0
    with clock.frozen(WEDNESDAY.replace(minute=CLOSING_MINUTE)):
        assert status.close_solved() == 0
    assert not Timer.objects.filter(check_at__lte=WEDNESDAY).exists()


def test_withdrawals_rise(demo: None) -> None:
    def share(since: int, until: int) -> float:
        rows = Ticket.objects.filter(
            created_at__gte=WEDNESDAY - timedelta(days=since),
            created_at__lt=WEDNESDAY - timedelta(days=until),
        )
        return rows.filter(category__slug="withdrawal").count() / rows.count()

    assert share(7, 0) > share(20, 14)


def test_asked_for_again_it_changes_nothing(demo: None) -> None:
    before = (Ticket.objects.count(), Event.objects.count(), User.objects.count())
    call_command("load_demo", if_empty=True, verbosity=0)
    assert (Ticket.objects.count(), Event.objects.count(), User.objects.count()) == before
    with pytest.raises(CommandError, match="empty database"):
        call_command("load_demo", verbosity=0)


@override_settings(PRODUCTION=True)
def test_production_refuses_it() -> None:
    before = Brand.objects.count()
    with pytest.raises(CommandError, match="production"):
        call_command("load_demo", verbosity=0)
    assert Brand.objects.count() == before
