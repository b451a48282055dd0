"""docs/events.md describes every kind of event with its data, and nothing else; a whole story emits them all."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile

from accounts.choices import AssignmentMode, VerificationMethod
from accounts.models import Team, User
from accounts.rules.capabilities import Role
from helpdesk.env import BASE_DIR
from helpdesk.lib import clock
from tests.cast import person
from tests.files import PHRASE
from tests.times import shanghai
from tickets import actors
from tickets.actions import (
    alarming,
    due_soon,
    duty,
    escalation,
    macros,
    outbox,
    quarantine,
    scams,
    wallet_sending,
)
from tickets.actions.assignment import move_to_team, take, unwatch, watch
from tickets.actions.bounces import came_back
from tickets.actions.call_backs import called_back
from tickets.actions.correspondence import accept_sender, put_in_copy, remove_participant
from tickets.actions.drafts import Written
from tickets.actions.emergencies import Report, report
from tickets.actions.forwarding import forward
from tickets.actions.linking import link, unlink
from tickets.actions.links import revoke_links, send_link
from tickets.actions.merging import merge, unmerge
from tickets.actions.messages import customer_reply, follow_up, judge, note, reply
from tickets.actions.privacy.erasing import erase_case
from tickets.actions.proving import send_code, try_code
from tickets.actions.splitting import split_off
from tickets.actions.status import change_status
from tickets.actions.support_codes import announce_call
from tickets.actions.taking_back import take_back
from tickets.actions.tickets import mark_complaint, set_category, set_priority, set_tags
from tickets.actions.verifying import verify, withdraw
from tickets.actions.wallet import edit_act, freeze_now, request_act
from tickets.actions.wallet import withdraw as withdraw_act
from tickets.actions.wallet_approving import approve, expire, refuse
from tickets.choices import (
    AccountKind,
    ActKind,
    EventKind,
    LinkKind,
    Nature,
    Priority,
    ScamKind,
    Situation,
    Status,
)
from tickets.models import Category, Event, Macro, RoutingRule, SensitiveAct, SlaPolicy, SlaTarget, Ticket
from tickets.models.proof import code_key
from tickets.queries.timeline import Names, sentence
from tickets.rules.emergencies import Account
from tickets.rules.proof import code_of
from tickets.rules.scams import Sign

ROW = re.compile(r"^\| `(\w+)` \| .+? \|(.*)\|$", re.MULTILINE)


def documented() -> dict[str, tuple[set[str], set[str]]]:
    """Kind to (all its keys, those that may be null or missing)."""
    text = (BASE_DIR / "docs" / "events.md").read_text(encoding="utf-8")
    found = {}
    for kind, cell in ROW.findall(text):
        cell = re.sub(r"\([^)]*\)", "", cell)
        keys = re.findall(r"`(\w+)`(\??)", cell)
        found[kind] = ({key for key, _mark in keys}, {key for key, mark in keys if mark})
    return found


def test_every_kind_is_described_and_none_besides() -> None:
    assert list(documented()) == [kind.value for kind in EventKind]


@pytest.fixture
def other_category(policy: SlaPolicy) -> Category:
    only_solutions = SlaPolicy.objects.create(name="Only solutions")
    SlaTarget.objects.create(policy=only_solutions, kind="resolution", minutes=60)
    made = Category.objects.create(slug="other", name_zh="其他", name_en="Other")
    only_solutions.categories.add(made)
    return made


def first_week(
    ticket: Ticket, agent: User, lead: User, other_team: Team, category: Category, other: Category
) -> None:
    by, them = actors.staff(agent), actors.customer(ticket.customer)
    take(ticket, by=by)
    set_tags(ticket, tags=["a"], by=by)
    set_category(ticket, category=other, by=by)
    set_category(ticket, category=category, by=by)
    watch(ticket, user=lead, by=by)
    unwatch(ticket, user=lead, by=by)
    note(ticket, body="look", by=by)
    macros.apply(ticket, Macro.objects.create(name_zh="急", name_en="Late", add_tags=["late"]), by=by)
    with clock.frozen(shanghai(2, 10, 45)):
        due_soon.remind()
    with clock.frozen(shanghai(2, 13)):
        escalation.sweep()
    reply(ticket, body="sorry", by=by, then=Status.PENDING)
    said = customer_reply(ticket, body="It has still not arrived.", by=them)
    judge(said, nature=Nature.THANKS, by=by)
    mark_complaint(ticket, is_complaint=True, by=by)
    set_priority(ticket, priority=Priority.LOW, by=by)
    change_status(ticket, to=Status.SOLVED, by=by)
    other_ticket = follow_up(ticket, body="more", by=them).ticket
    merge(follow_up(ticket, body="more still", by=them).ticket, into=other_ticket, by=by)
    revoke_links(ticket, by=by)
    send_link(ticket, by=actors.system("portal"))
    move_to_team(ticket, team=other_team, by=by)


def people_by_mail(ticket: Ticket, agent: User, settings: Any) -> None:
    by = actors.staff(agent)
    accept_sender(ticket, by=by)
    put_in_copy(ticket, email="zhao@example.com", by=by)
    remove_participant(ticket, email="zhao@example.com", by=by)
    settings.MAIL_UNDO_SECONDS = 10
    take_back(reply(ticket, body="Not yet.", by=by), by=by)
    take_back(forward(ticket, Written(body="Yours?", to="desk@bank.example"), by=by), by=by)


def routed_and_handed_back(make_ticket: Callable[..., Ticket], agent: User) -> None:
    RoutingRule.objects.create(name="Late money", words="到账", team=agent.teams.get(), tags=["late"])
    agent.teams.update(assignment=AssignmentMode.ROUND_ROBIN)
    category = Category.objects.get(slug="withdrawal")
    assert make_ticket(category=category).assignee is not None
    duty.go_off_duty(agent, by=actors.staff(agent))


def who_it_is(ticket: Ticket, agent: User) -> None:
    by, them = actors.staff(agent), actors.customer(ticket.customer)
    code = code_of(code_key(), send_code(ticket, way=VerificationMethod.MAIL_CODE, by=by).nonce)
    try_code(ticket, f"{(int(code) + 1) % 10**6:06}", by=them)
    try_code(ticket, code, by=them)
    withdraw(ticket, verify(ticket, method=VerificationMethod.DOCUMENT, by=by), by=by)
    announce_call(ticket, by=by)


def cases_part_and_meet(ticket: Ticket, agent: User, lead: User) -> None:
    by, them = actors.staff(agent), actors.customer(ticket.customer)
    said = customer_reply(ticket, body="And my card is locked, too. What now?", by=them)
    other = split_off(said, by=by)
    link(other, ticket, kind=LinkKind.CAUSED_BY, by=by)
    unlink(other, ticket, by=by)
    note(ticket, body=f"@{lead.display_name} please look", by=by)
    merge(other, into=ticket, by=by)
    unmerge(other, by=by)


def secrets_and_viruses(ticket: Ticket, officer: User, settings: Any) -> None:
    them = actors.customer(ticket.customer)
    words = ContentFile(PHRASE.encode(), name="words.txt")
    customer_reply(ticket, body=f"My words are: {PHRASE}", by=them, files=[words])
    settings.CLAMAV_URL = "tcp://127.0.0.1:1"
    said = customer_reply(ticket, body="Look at this.", by=them, files=[ContentFile(b"x", name="a.txt")])
    file = said.attachments.get()
    quarantine.put_in_quarantine(file, "Eicar-Test-Signature")
    file.refresh_from_db()
    quarantine.release(file, reason="A test file.", by=actors.staff(officer))


def an_emergency(ticket: Ticket, lead: User) -> None:
    by = actors.staff(lead)
    account = Account(AccountKind.PHONE, "+8613800138000")
    said = Report(ticket.brand, account, [Situation.INTRUDER], "en", call_back="+8613900139000")
    emergency = report(said)
    with clock.frozen(clock.now() + timedelta(minutes=10)):
        alarming.sweep()
    alarming.take(emergency, by=by)
    called_back(emergency, reached=True, by=by)
    scams.report(scams.ScamSaid(ticket.brand, [Sign(ScamKind.LINK, "http://evil.com")], ticket=ticket), by=by)


def sensitive_acts(make_ticket: Callable[..., Ticket], agent: User, lead: User) -> None:
    """One of each ending."""
    ticket, by = make_ticket(), actors.staff(agent)
    somebody = person(Role.LEAD, "Vera", brands=[ticket.brand])
    verify(ticket, method=VerificationMethod.DOCUMENT, by=actors.staff(somebody))

    def asked(account: str) -> SensitiveAct:
        answers = {"account": account, "reason_code": "owner_again"}
        return request_act(ticket, kind=ActKind.UNFREEZE, answers=answers, by=by)

    def carried_out(act: SensitiveAct, *, is_done: bool) -> None:
        approve(act, content_hash=act.content_hash, by=actors.staff(lead))
        wallet_sending.finish(act, is_done=is_done, answer={"reference": "R-1", "code": "account_closed"})

    changed = {"account": "BTP-2", "reason_code": "no_fraud_found"}
    first = asked("BTP-1")
    carried_out(edit_act(first, answers=changed, seen=first.content_hash, by=by), is_done=True)
    carried_out(asked("BTP-3"), is_done=False)
    refuse(asked("BTP-4"), reason="No.", by=actors.staff(lead))
    withdraw_act(asked("BTP-5"), by=by)
    unfreeze = asked("BTP-6")
    freeze_now(ticket, account=unfreeze.account, by=by, reason="Not them")
    with clock.frozen(clock.now() - timedelta(days=9)):
        asked("BTP-7")
    expire()


def test_acts_carry_what_is_described(make_ticket: Callable[..., Ticket], agent: User, lead: User) -> None:
    sensitive_acts(make_ticket, agent, lead)
    described, seen = documented(), set()
    for event in Event.objects.filter(kind__startswith="act_"):
        keys, optional = described[event.kind]
        assert keys - optional <= set(event.data) <= keys, event.kind
        assert sentence(event, Names()), "and it can be said in words"
        seen.add(event.kind)
    assert seen == {kind.value for kind in EventKind if kind.value.startswith("act_")}


def test_emergencies_carry_what_is_described(ticket: Ticket, lead: User) -> None:
    an_emergency(ticket, lead)
    kinds = {
        *(EventKind.EMERGENCY_OPENED, EventKind.EMERGENCY_TAKEN, EventKind.CALL_BACK_ASKED),
        *(EventKind.CALLED_BACK, EventKind.SCAM_REPORTED, EventKind.ESCALATED),
    }
    described, seen = documented(), set()
    for event in Event.objects.filter(kind__in=kinds):
        keys, optional = described[event.kind]
        assert keys - optional <= set(event.data) <= keys, event.kind
        assert sentence(event, Names()), "and it can be said in words"
        seen.add(event.kind)
    assert seen == kinds


def test_events_carry_what_is_described(
    make_ticket: Callable[..., Ticket],
    agent: User,
    lead: User,
    officer: User,
    other_team: Team,
    category: Category,
    other_category: Category,
    settings: Any,
) -> None:
    with clock.frozen(shanghai(2, 10)):
        first_week(make_ticket(), agent, lead, other_team, category, other_category)
    with clock.frozen(shanghai(2, 10) + timedelta(days=1)):
        sent, refused, *_others = outbox.claim()
    outbox.mark_sent(sent, again=True)
    came_back(sent, recipient=sent.to, reason="5.1.1 unknown", hard=False, permanent=True)
    outbox.mark_failed(refused, error="550 no", permanent=True)
    people_by_mail(make_ticket(unproved_sender="li@example.com"), agent, settings)
    cases_part_and_meet(make_ticket(), agent, lead)
    who_it_is(make_ticket(logged_in=True), agent)
    routed_and_handed_back(make_ticket, agent)
    an_emergency(make_ticket(), lead)
    sensitive_acts(make_ticket, agent, lead)
    secrets_and_viruses(make_ticket(), officer, settings)
    erase_case(make_ticket(), cause={"rule": 1})

    described = documented()
    seen = set()
    for event in Event.objects.order_by("pk"):
        keys, optional = described[event.kind]
        assert keys - optional <= set(event.data) <= keys, event.kind
        assert all(event.data[key] is not None for key in keys - optional), event.kind
        assert sentence(event, Names()), "and it can be said in words"
        seen.add(event.kind)
    assert seen == {kind.value for kind in EventKind}
