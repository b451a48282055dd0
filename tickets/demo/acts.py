"""The demo's sensitive acts, a few in each state, made by the verbs themselves; and the wallets that carry them out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings

from accounts.choices import VerificationMethod
from accounts.models import Brand, User
from helpdesk.demo_logins import EMAILS
from helpdesk.lib import clock
from tickets import actors
from tickets.actions import wallet_sending as sending
from tickets.actions.verifying import verify
from tickets.actions.wallet import request_act, withdraw
from tickets.actions.wallet_approving import approve, ran_out, refuse
from tickets.actions.wallet_rows import lock
from tickets.choices import ActKind, MailPurpose, NoticeKind
from tickets.demo.desk import Desk
from tickets.gateways.wallet_core.sandbox import sandbox_key_id, sandbox_secret
from tickets.models import ActPolicy, ActThreshold, Notice, OutboxMail, SensitiveAct, Ticket, WalletCore

#: The wallet of the brand that the demo's own agent serves first.
BRAND = "btp"
#: From so much on a refund takes so many.
REFUNDS = ((0, 1), (2_000, 2), (50_000, 3))


@dataclass(frozen=True)
class Plan:
    kind: ActKind
    category: str
    answers: Mapping[str, Any]
    hours_ago: float
    ends: Callable[[SensitiveAct, User], object] = field(default=lambda act, by: None)
    method: VerificationMethod | None = VerificationMethod.DOCUMENT


def _approve(act: SensitiveAct, by: User) -> SensitiveAct:
    return approve(act, content_hash=act.content_hash, by=actors.staff(by))


def _done(act: SensitiveAct, by: User) -> None:
    _carried_out(_approve(act, by), by)


def _carried_out(act: SensitiveAct, by: User) -> None:
    _answered(act, is_done=True, code="")


def _failed(act: SensitiveAct, by: User) -> None:
    _answered(_approve(act, by), is_done=False, code="account_closed")


def _answered(act: SensitiveAct, *, is_done: bool, code: str) -> None:
    """As the wallet had answered a minute later."""
    with clock.frozen(clock.now() + timedelta(minutes=1)):
        [command] = sending.claim()
        sending.begin(command)
        answer = {"reference": f"SBX-{str(act.key)[:8].upper()}", "code": code}
        sending.finish(act, is_done=is_done, answer=answer)


def _refused(act: SensitiveAct, by: User) -> None:
    refuse(
        act, reason="证件照片与本人不符，请重新核实身份。The photo is of another person.", by=actors.staff(by)
    )


def _withdrawn(act: SensitiveAct, by: User) -> None:
    assert act.requested_by is not None
    withdraw(act, by=actors.staff(act.requested_by))


def _ran_out(act: SensitiveAct, by: User) -> None:
    with clock.frozen(act.expires_at):
        ran_out(lock(act), why="not_decided")


def _money(amount: str) -> dict[str, Any]:
    return {
        "amount": {"amount": amount, "currency": "CNY"},
        "transaction": f"TX2026{amount.replace('.', '')}8842",
        "reason_code": "charged_twice",
        "reason": "同一笔订单扣款两次，流水已核对。The same order was charged twice.",
    }


K = ActKind
PLANS = (
    Plan(K.FREEZE, "emergency-freeze", {"reason_code": "stolen_phone"}, 30, _carried_out, None),
    Plan(
        K.UNFREEZE,
        "emergency-freeze",
        {"reason_code": "owner_again", "reason": "本人到柜台，证件已核对。"},
        6,
    ),
    Plan(
        K.UNFREEZE,
        "unfreeze",
        {"reason_code": "no_fraud_found", "reason": "风控复核，无异常交易。"},
        50,
        _done,
    ),
    Plan(
        K.UNFREEZE,
        "freeze",
        {"reason_code": "owner_again", "reason": "Says they found the phone."},
        20,
        _refused,
    ),
    Plan(K.REFUND, "refund", _money("128.00"), 5),
    Plan(K.REFUND, "refund", _money("6800.00"), 3),
    Plan(K.REFUND, "refund", _money("59.90"), 80, _done),
    Plan(K.REFUND, "refund", _money("310.00"), 100, _ran_out),
    Plan(K.UNBIND_CARD, "unbinding", {"last4": "4417", "reason_code": "new_card"}, 26, _done),
    Plan(K.UNBIND_PHONE, "unbinding", {"last4": "0862", "reason_code": "new_number"}, 4, _withdrawn),
    Plan(K.RESET_SECOND_FACTOR, "login", {"factor": "app", "reason_code": "new_device"}, 70, _failed),
    Plan(
        K.RAISE_LIMIT,
        "fees-limits",
        {**_money("200000"), "limit": "daily", "reason_code": "higher_need", "reason": "收入证明已上传。"},
        8,
    ),
)


def build(desk: Desk, now: datetime) -> int:
    """How many acts. What the wallets did then was mailed then: no mail of it waits."""
    for brand in desk.brands.values():
        _wallet(brand)
    made, used = 0, set[int]()
    for place, plan in enumerate(PLANS):
        ticket = _ticket(desk, plan, used)
        if ticket is not None:
            used.add(ticket.pk)
            with clock.frozen(now - timedelta(hours=plan.hours_ago)):
                _tell(desk, plan, ticket, place)
            made += 1
    OutboxMail.objects.filter(purpose=MailPurpose.ACT).delete()
    Notice.objects.filter(kind__in=[NoticeKind.TO_APPROVE, NoticeKind.ACT_DECIDED]).update(by_mail=False)
    return made


def _wallet(brand: Brand) -> None:
    policy = ActPolicy.objects.create(brand=brand, kind=ActKind.REFUND, approvals=1, hours=72)
    ActThreshold.objects.bulk_create(
        ActThreshold(policy=policy, currency="CNY", amount=Decimal(amount), approvals=approvals)
        for amount, approvals in REFUNDS
    )
    if settings.WALLET_SANDBOX_PORT:
        core = WalletCore(
            brand=brand,
            url=f"http://127.0.0.1:{settings.WALLET_SANDBOX_PORT}",
            key_id=sandbox_key_id(brand.slug),
        )
        core.set_secret(sandbox_secret(core.key_id))
        core.save()


def _ticket(desk: Desk, plan: Plan, used: set[int]) -> Ticket | None:
    """The newest open case of this kind whose customer has an address and nobody else's act."""
    rows = Ticket.objects.active().filter(brand__slug=BRAND, category__slug=plan.category, unproved_sender="")
    rows = (
        rows.exclude(pk__in=used)
        .exclude(customer__email="")
        .exclude(customer__user__email=EMAILS["customer"])
    )
    return rows.select_related("brand", "customer", "category", "team").order_by("-id").first()


def _tell(desk: Desk, plan: Plan, ticket: Ticket, place: int) -> None:
    lead, manager = desk.staff[EMAILS["lead"]], desk.staff[EMAILS["manager"]]
    if plan.method is not None:
        verify(ticket, method=plan.method, by=actors.staff(manager))
    answers = {"account": f"BTP-100{23400 + place}", **plan.answers}
    asked = request_act(ticket, kind=plan.kind, answers=answers, by=actors.staff(_asker(desk, ticket)))
    plan.ends(asked, lead)


def _asker(desk: Desk, ticket: Ticket) -> User:
    """The demo's own agent where they see the case, else one of its team."""
    agent = desk.staff[EMAILS["agent"]]
    workers = [agent, *(desk.staff[email] for email in desk.workers(BRAND, ticket.category.slug))]  # type: ignore[union-attr]
    team = ticket.team_id
    return next(
        (one for one in workers if team is None or team in one.team_ids), desk.staff[EMAILS["manager"]]
    )
