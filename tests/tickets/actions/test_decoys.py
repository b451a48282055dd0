"""Decoys: made like anybody, counted nowhere, mailed never, and an alarm when they are opened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from accounts.choices import AuditKind
from accounts.models import AuditEntry, Brand, Decoy, SecurityAlarm, User
from helpdesk.lib import clock
from helpdesk.lib.errors import Invalid, NotAllowed
from tickets import actors
from tickets.actions import assignment, messages, outbox
from tickets.actions.decoys import make, remove
from tickets.actions.status import close_solved
from tickets.choices import MailPurpose, MailState, Nature, Status
from tickets.delivery.sender import deliver
from tickets.models import Category, Event, Message, Notice, OutboxCall, OutboxMail, Ticket, Timer
from tickets.queries.analytics.scope import CaseScope
from tickets.rules.analytics import Period
from tickets.rules.courtesy import asks, nature_of
from tickets.rules.decoys import ANY_TROUBLE, THANKS, TROUBLES, YOUNGEST, Trouble, fitting

pytestmark = pytest.mark.django_db


@pytest.fixture
def decoy(brand: Brand, officer: User, agent: User) -> Decoy:
    return make(1, brand=brand, domain="customers.btp.test", by=officer)[0]


@pytest.fixture
def desk(agent: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(agent)
    return client


def test_it_works(decoy: Decoy, brand: Brand, agent: User) -> None:
    customer = decoy.customer
    assert customer.email.endswith("@customers.btp.test")
    case = Ticket.objects.get(customer=customer)
    assert case.status == "closed"
    assert case.created_at < clock.now() - timedelta(days=60)
    assert case.messages.count() >= 2
    assert Ticket.objects.visible_to(agent).filter(pk=case.pk).exists()
    assert not OutboxMail.objects.exclude(state=MailState.SENT).exists()
    assert not Notice.objects.exists()
    agent.refresh_from_db()
    assert agent.last_assigned_at is None, "whose turn it is stays as it was"
    assert not OutboxCall.objects.exists()


def test_opening_it_alarms(
    decoy: Decoy, desk: Client, agent: User, officer: User, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    case = Ticket.objects.get(customer=decoy.customer)
    response = desk.get(f"/admin/tickets/{case.number}/")
    assert response.status_code == 200
    assert "decoy" not in response.content.decode().lower()
    entry = AuditEntry.objects.get(kind=AuditKind.DECOY_READ)
    assert (entry.actor, entry.customer, entry.ticket) == (agent, decoy.pk, case.number)
    assert SecurityAlarm.objects.get().entry == entry.pk


def test_a_list_that_happens_to_show_it_alarms_nobody(decoy: Decoy, desk: Client) -> None:
    desk.get("/admin/queue/?view=all&status=any")
    assert not SecurityAlarm.objects.exists()


def test_looking_at_its_cases_alarms(decoy: Decoy, desk: Client) -> None:
    desk.get("/admin/queue/", {"view": "all", "status": "any", "customer": decoy.pk})
    assert SecurityAlarm.objects.count() == 1


def test_no_number_counts_it(decoy: Decoy, ticket: Ticket, lead: User) -> None:
    today = clock.now().date()
    scope = CaseScope(lead, Period(today - timedelta(days=500), today, "UTC"), clock.now())
    assert list(scope.tickets()) == [ticket]


def test_no_mail_goes_to_it(decoy: Decoy) -> None:
    case = Ticket.objects.get(customer=decoy.customer)
    mail = OutboxMail.objects.create(
        cause="reply:1", purpose=MailPurpose.REPLY, ticket=case, to=decoy.customer.email, language="en"
    )
    assert deliver() == 0
    mail.refresh_from_db()
    assert mail.state == MailState.SENT


def test_where_nobody_works_it_would_stand_out(brand: Brand, officer: User) -> None:
    with pytest.raises(Invalid) as refused:
        make(1, brand=brand, domain="a.test", by=officer)
    assert set(refused.value.fields) == {"brand"}


def shape(case: Ticket) -> dict[str, object]:
    """What a rule could tell cases apart by, without reading them."""
    assert case.solved_at is not None
    assert case.closed_at is not None
    events = list(Event.objects.filter(ticket=case).order_by("pk"))
    said = Message.objects.filter(ticket=case)
    return {
        "team": case.team_id,
        "has an assignee": case.assignee_id is not None,
        "category": case.category_id,
        "answers": set(case.fields),
        "signed by": {message.author_name for message in said if message.author_kind == "staff"},
        "written by": {message.author_id is not None for message in said if message.author_kind == "staff"},
        "events": {(event.kind, event.actor_kind, frozenset(event.data)) for event in events},
        "in order": [event.at for event in events] == sorted(event.at for event in events),
        "clocks": set(Timer.objects.filter(ticket=case).values_list("kind", "state", "policy")),
        "mails": set(OutboxMail.objects.filter(ticket=case).values_list("purpose", "state")),
        "closed after": (case.closed_at - case.solved_at).days,
        "link": case.links.count() if hasattr(case, "links") else None,
        "columns": {name for name, value in vars(case).items() if value in (None, "", [])},
        "version": case.version > 3,
    }


@pytest.fixture
def real_case(agent: User, category: Category, make_ticket: Callable[..., Ticket]) -> Ticket:
    """Somebody's case, by the verbs, as the desk has worked it."""
    by, start = actors.staff(agent), clock.now() - timedelta(days=90)
    with clock.frozen(start):
        case = make_ticket(answers={})
    for minutes, act in (
        (7, lambda: assignment.take(case, by=by)),
        (19, lambda: messages.reply(case, body="您好，请稍等。", by=by)),
        (90, lambda: messages.customer_reply(case, body="我在等。", by=actors.customer(case.customer))),
        (95, lambda: messages.note(case, body="已核对。", by=by)),
        (99, lambda: messages.reply(case, body="您好，已处理。", by=by, then=Status.SOLVED)),
    ):
        with clock.frozen(start + timedelta(minutes=minutes)):
            act()
    with clock.frozen(start + timedelta(days=7, hours=3)):
        close_solved()
    for mail in OutboxMail.objects.filter(ticket=case):
        outbox.mark_sent(mail)
    case.refresh_from_db()
    return case


def test_no_rule_tells_them_from_others(
    real_case: Ticket, brand: Brand, officer: User, agent: User, category: Category
) -> None:
    made = make(6, brand=brand, domain="a.test", by=officer)
    cases = list(Ticket.objects.filter(customer__in=[decoy.pk for decoy in made]))
    theirs, real = [shape(case) for case in cases], shape(real_case)
    for one in theirs:
        for same in (
            "team",
            "has an assignee",
            "category",
            "signed by",
            "written by",
            "closed after",
            "clocks",
            "version",
        ):
            assert one[same] == real[same], same
        assert one["in order"]
        # Whatever kinds of rows they have, others have too; a note, a question or thanks not each.
        for within in ("events", "mails"):
            extra = one[within] - real[within]  # type: ignore[operator]
            assert not extra, (within, extra)
    first = [(case.first_response_at or case.created_at) - case.created_at for case in cases]
    to_solve = [(case.solved_at or case.created_at) - case.created_at for case in cases]
    to_close = [(case.closed_at or case.created_at) - (case.solved_at or case.created_at) for case in cases]
    for spans in (first, to_solve, to_close):
        assert len(set(spans)) == len(spans)
        assert all(span.microseconds for span in spans)
    oldest = (clock.now() - real_case.created_at).days
    assert all(YOUNGEST <= (clock.now() - case.created_at).days <= oldest for case in cases)
    assert all(Event.objects.filter(ticket=case).count() >= 8 for case in cases)


@pytest.mark.parametrize(
    ("names", "subject"),
    [
        (("recharge", "充值没到账", "Recharge"), "充值一直没到账"),
        (("kyc", "实名认证", "Identity"), "实名认证没有通过"),
        (("unbinding", "换绑", "Unbinding"), "换手机号"),
        (("feedback", "建议", "Feedback"), None),
    ],
)
def test_the_trouble_fits_the_category(names: tuple[str, ...], subject: str | None) -> None:
    assert [found.subject for found in fitting(names)][:1] == ([subject] if subject else [])


@pytest.mark.parametrize("trouble", [*TROUBLES, ANY_TROUBLE], ids=lambda trouble: trouble.names[:1])
def test_what_is_said_moves_the_case_as_it_should(trouble: Trouble) -> None:
    """Thanks for an answer that asks something would open the case again."""
    assert not asks(trouble.answer)
    assert nature_of(trouble.detail, names=[]) == Nature.SUBSTANCE
    assert {nature_of(thanks, names=[]) for thanks in THANKS} == {Nature.THANKS}


def test_taken_away(decoy: Decoy, officer: User, desk: Client) -> None:
    case = Ticket.objects.get(customer=decoy.customer)
    remove(decoy, by=officer)
    changes = AuditEntry.objects.filter(kind=AuditKind.CONFIGURED, data__what="decoy").order_by("pk")
    assert [row.data["change"] for row in changes] == ["made", "removed"]
    assert Ticket.objects.filter(pk=case.pk).exists()


@pytest.mark.parametrize(
    ("count", "domain", "field"), [(0, "a.test", "count"), (51, "a.test", "count"), (1, "nonsense", "domain")]
)
def test_nonsense(brand: Brand, officer: User, count: int, domain: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        make(count, brand=brand, domain=domain, by=officer)
    assert set(refused.value.fields) == {field}


def test_only_who_watches_makes_them(brand: Brand, lead: User) -> None:
    with pytest.raises(NotAllowed):
        make(1, brand=brand, domain="a.test", by=lead)


def test_the_command(brand: Brand, agent: User) -> None:
    call_command("make_decoys", "--brand", "btp", "--count", "2", "--domain", "a.test")
    assert Decoy.objects.count() == 2
    with pytest.raises(CommandError):
        call_command("make_decoys", "--brand", "none", "--domain", "a.test")
