"""A person who left something in every table and by every way in, and a neighbour who must keep what is theirs."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, SESSION_KEY
from django.core.files.base import ContentFile

from accounts.choices import ContactWay, VerificationLevel, VerificationMethod
from accounts.models import ApiToken, Brand, ContactChange, Customer, LogInSession, User, Verification
from accounts.rules.capabilities import Role
from helpdesk.lib import clock
from helpdesk.models import FailedTask
from knowledgebase.models import Article, ArticleFeedback, Section
from tests.cast import person
from tickets import actors
from tickets.actions.correspondence import put_in_copy
from tickets.actions.messages import note, reply
from tickets.actions.privacy import erasing, requests
from tickets.actions.status import change_status
from tickets.choices import (
    AccountKind,
    ActKind,
    ActState,
    BulkAct,
    MailPurpose,
    MailState,
    MailWay,
    PrivacyKind,
    Proof,
    ScamKind,
    SenderVerdict,
    Situation,
    Status,
)
from tickets.models import (
    Attachment,
    AutomaticAnswer,
    BulkRun,
    DeadAddress,
    Draft,
    DraftFile,
    Emergency,
    IdempotencyKey,
    IncomingMail,
    LegalHold,
    MailCopy,
    OutboxCall,
    OutboxMail,
    OutboxText,
    PrivacyRequest,
    ProofChallenge,
    RoutingRule,
    SavedView,
    ScamCampaign,
    ScamKey,
    ScamReport,
    SenderRule,
    SensitiveAct,
    SupportCall,
    Ticket,
    TicketProof,
    WalletCommand,
    Webhook,
)

NAME, EMAIL, PHONE = "Zebulon Quastel", "zebulon.quastel@planted.example", "+8613912345678"
SECOND = "zq@second.example"
WORDS = "xylophonquark"  # stands in everything that they or we said
PLANTED = (NAME, EMAIL, PHONE, "13912345678", SECOND, WORDS, "quastel", "zebulon")
FILE = f"{WORDS} stands in what they sent\n".encode() * 4


@dataclass(frozen=True)
class Planted:
    customer: Customer
    user: User
    tickets: tuple[Ticket, ...]
    neighbour: Customer
    others: Ticket


@pytest.fixture
def planted(brand: Brand, agent: User, customer: Customer, make_ticket: Callable[..., Ticket]) -> Planted:
    # Files outlive the transactions of tests before; a worker's folder is its own.
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)
    user = person(Role.CUSTOMER, "Zeb")
    User.objects.filter(pk=user.pk).update(email=EMAIL, name=NAME, last_login=clock.now())
    user.refresh_from_db()
    EmailAddress.objects.filter(user=user).update(email=EMAIL)
    EmailAddress.objects.create(user=user, email=SECOND, verified=True)
    who = Customer.objects.create(user=user, name=NAME, email=EMAIL, phone=PHONE, language="en")
    tickets = tuple(_case(make_ticket, who, agent, number) for number in (1, 2))
    others = make_ticket(customer=customer, subject="A neighbour's case", body="The neighbour's own words")
    for ticket in tickets:
        _beside_the_case(ticket, agent, brand)
    _by_mail(tickets[0], others, brand)
    _elsewhere(user, who, agent, brand)
    _for_safety(who, tickets[0], others, agent, brand)
    for ticket in tickets:
        change_status(ticket, to=Status.SOLVED, by=actors.staff(agent))
        change_status(ticket, to=Status.CLOSED, by=actors.system("clock"))
    return Planted(who, user, tickets, customer, others)


def _case(make: Callable[..., Ticket], who: Customer, agent: User, number: int) -> Ticket:
    ticket = make(
        customer=who,
        subject=f"{WORDS} of {NAME} {number}",
        body=f"I am {NAME}, call me at {PHONE}. {WORDS}",
        answers={"amount": {"amount": "500", "currency": "CNY"}, "card_last4": WORDS},
        attachments=[ContentFile(FILE, name=f"{WORDS}.txt")],
        origin_key=f"import:{EMAIL}:{number}",
    )
    reply(ticket, body=f"Dear {NAME}, we look at {WORDS}.", by=actors.staff(agent))
    note(ticket, body=f"{NAME} sounds upset. {WORDS}", by=actors.staff(agent))
    Ticket.objects.filter(pk=ticket.pk).update(tags=["vip", NAME], unproved_sender=EMAIL)
    ticket.refresh_from_db()
    return ticket


def _beside_the_case(ticket: Ticket, agent: User, brand: Brand) -> None:
    put_in_copy(ticket, email="friend-of-zebulon@planted.example", by=actors.staff(agent))
    draft = Draft.objects.create(author=agent, ticket=ticket, body=f"Dear {NAME} {WORDS}", to=EMAIL)
    DraftFile.objects.create(
        draft=draft, file=ContentFile(FILE, name="x"), name=f"{WORDS}.txt", content_type="text/plain", size=9
    )
    webhook = Webhook.objects.create(name=f"hook {ticket.pk}", url="https://hook.example/")
    OutboxCall.objects.create(
        webhook=webhook, ticket=ticket, cause=f"c{ticket.pk}", payload={"who": NAME, "said": WORDS}
    )
    OutboxMail.objects.create(
        cause=f"link:{ticket.pk}", purpose=MailPurpose.LINK, brand=brand, ticket=ticket, to=EMAIL,
        to_name=NAME, language="en", context={"word": WORDS}, internet_message_id=f"<{ticket.pk}@x>",
        state=MailState.SENT, last_error=f"no such box {EMAIL}",
    )  # fmt: skip


def _by_mail(mine: Ticket, others: Ticket, brand: Brand) -> None:
    """A mail on their case, and one on the neighbour's, where they are in copy."""
    agent = actors.staff(person(Role.LEAD, "Lou", brands=[brand]))
    put_in_copy(others, email=EMAIL, by=agent)
    for place, ticket in enumerate((mine, others)):
        raw = f"From: {NAME} <{EMAIL}>\r\nSubject: {WORDS}\r\n\r\n{WORDS}".encode()
        mail = IncomingMail(
            brand=brand, way=MailWay.SMTP, sha256=f"{place}" * 64, size=len(raw), envelope_sender=EMAIL,
            recipients=[brand.email], peer="203.0.113.7", helo="mail.planted.example", state="done",
            internet_message_id=f"<{WORDS}{place}@planted.example>", sender=EMAIL, sender_name=NAME,
            subject=WORDS, detail=EMAIL, ticket=ticket,
        )  # fmt: skip
        mail.raw = raw
        mail.save()
        said = ticket.messages.create(
            author_kind="customer", author_name=NAME, body=f"{WORDS} by mail", channel="email"
        )
        MailCopy.objects.create(
            message=said, incoming=mail, from_name=NAME, from_address=EMAIL, subject=WORDS,
            to=[{"name": NAME, "address": EMAIL}], text=WORDS, html=f"<p>{WORDS}</p>", proof=Proof.PROVED,
            internet_message_id=mail.internet_message_id, withheld=[{"name": WORDS, "size": 1, "reason": "kind"}],
        )  # fmt: skip
    told = others.messages.create(author_kind="customer", author_name="王小明", body="Mine", channel="email")
    MailCopy.objects.create(
        message=told, from_name="王小明", from_address="wang@example.com", subject="Mine", text="Mine",
        cc=[{"name": NAME, "address": EMAIL}], proof=Proof.PROVED,
    )  # fmt: skip


def _elsewhere(user: User, who: Customer, agent: User, brand: Brand) -> None:
    DeadAddress.objects.create(email=SECOND, reason=f"{SECOND} unknown")
    AutomaticAnswer.objects.create(email=EMAIL)
    SenderRule.objects.create(pattern=EMAIL, verdict=SenderVerdict.ALLOW, note=NAME)
    SavedView.objects.create(owner=agent, name=f"All of {NAME}", q=EMAIL, conditions={"q": [NAME]})
    BulkRun.objects.create(requested_by=agent, act=BulkAct.REPLY, data={"body": f"Dear {NAME}"})
    RoutingRule.objects.create(name=f"For {NAME}", words=f"{NAME}\nother", senders=EMAIL)
    IdempotencyKey.objects.create(user=agent, key=f"case-{EMAIL}", fingerprint="f")
    now = clock.now()
    FailedTask.objects.create(
        fingerprint="p", name="tickets.x", args=[EMAIL], kwargs={"who": NAME}, error=f"no {NAME}",
        first_failed_at=now, last_failed_at=now,
    )  # fmt: skip
    Verification.objects.create(
        customer=who, level=VerificationLevel.DOCUMENT, method=f"passport of {NAME}", by=agent
    )
    ApiToken.objects.create(user=user, name=f"{NAME}'s", digest="d" * 64, hint="hd_x", scopes=[])
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": WORDS})
    section = Section.objects.create(brand=brand, slug="s", name_zh="s", name_en="s")
    article = Article.objects.create(section=section, slug="a")
    ArticleFeedback.objects.create(
        article=article, language="en", reader="r", helpful=True, comment=f"I am {NAME}"
    )
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[0]
    session["typed"] = WORDS
    session.save()


def _for_safety(who: Customer, mine: Ticket, others: Ticket, agent: User, brand: Brand) -> None:
    """What guards them knows them too: an act that ended, codes, calls, an emergency, a fraud that they reported."""
    now = clock.now()
    _act_that_ended(who, mine, brand)
    ContactChange.objects.create(customer=who, way=ContactWay.STAFF, by=agent)
    proof = Verification.objects.create(customer=who, level=1, method=WORDS, note=f"Called {NAME}", by=agent)
    TicketProof.objects.create(ticket=mine, proof=proof)
    challenge = ProofChallenge.objects.create(
        ticket=mine, customer=who, way=VerificationMethod.PHONE_CODE, nonce=WORDS, contact=WORDS, asked_by=agent,
        expires_at=now,
    )  # fmt: skip
    OutboxText.objects.create(
        cause="c", challenge=challenge, to=PHONE, language="en", last_error=f"no such number {PHONE}"
    )
    SupportCall.objects.create(
        ticket=mine, customer=who, by=agent, nonce="n", digest="d", expires_at=now + timedelta(minutes=9)
    )
    assert who.user is not None
    LogInSession.objects.create(user=who.user, key="k", address="203.0.113.7", agent=WORDS)
    for ticket, kind, account in ((mine, AccountKind.EMAIL, EMAIL), (others, AccountKind.PHONE, PHONE)):
        Emergency.objects.create(
            ticket=ticket, brand=brand, account_kind=kind, account=account, account_key=account, call_back_phone=PHONE,
            situations=[Situation.INTRUDER],
        )  # fmt: skip
    campaign = ScamCampaign.objects.create(title=f"Somebody calls himself {NAME}")
    ScamKey.objects.create(key=f"email:{EMAIL}", campaign=campaign)
    ScamReport.objects.create(
        campaign=campaign, brand=brand, ticket=mine, kind=ScamKind.EMAIL, value=f"not-{NAME}@fraud.example",
        remark=f"{WORDS}, says {NAME}", origin_key=f"scam:{EMAIL}",
    )  # fmt: skip
    LegalHold.objects.create(customer=who, reason=f"{NAME} {WORDS}", set_by=agent, lifted_at=now)
    Attachment.objects.filter(message__ticket=mine).update(finding=WORDS)


def _act_that_ended(who: Customer, mine: Ticket, brand: Brand) -> None:
    """What was done to the account is kept as evidence; beside it stands nobody's name."""
    act = SensitiveAct.objects.create(
        ticket=mine, brand=brand, customer=who, kind=ActKind.FREEZE, account="BTP-1", reason_code="stolen",
        content_hash="a" * 64, needed_level=0, needed_approvals=0, requester_kind="customer", requester_name=NAME,
        expires_at=clock.now() + timedelta(hours=1), state=ActState.APPROVED,
    )  # fmt: skip
    WalletCommand.objects.create(act=act, state=MailState.SENT, last_error=f"no answer for {WORDS}")
    SensitiveAct.objects.filter(pk=act.pk).update(
        state=ActState.FAILED, ended_at=clock.now(), ending=f"refused: {NAME} is frozen"
    )


@pytest.fixture
def run_out() -> Callable[..., int]:
    """Work everything off, as the worker does; how many batches it took."""

    def run(most: int = 2_000) -> int:
        for count in range(most):
            if not erasing.work():
                return count
        raise AssertionError("It never ends.")

    return run


@pytest.fixture
def ask_erasure(brand: Brand, officer: User) -> Callable[..., PrivacyRequest]:
    def ask(customer: Customer, **values: Any) -> PrivacyRequest:
        return requests.ask(
            customer,
            kind=PrivacyKind.ERASE,
            brand=brand,
            language="en",
            **{"by": actors.staff(officer), **values},
        )

    return ask
