"""Sensitive acts: what is known of them, and what they need."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import timedelta

from django.db.models import Prefetch, Q, QuerySet
from django.shortcuts import get_object_or_404

from accounts.access import roles_that_can
from accounts.choices import VerificationLevel
from accounts.models import Brand, User
from accounts.queries.contact_changes import last_changer
from accounts.queries.customers import people_of
from accounts.rules.capabilities import Capability
from accounts.rules.verification import BY_CODE
from helpdesk.lib import clock
from tickets.choices import OPEN_ACT_STATES, ActKind, ActState, EventKind, MailState
from tickets.models import ActApproval, ActPolicy, Event, SensitiveAct, Ticket, WalletCommand, WalletCore
from tickets.queries.proof import Standing as Known
from tickets.queries.proof import level_on
from tickets.queries.ticket_page import seen
from tickets.rules import visibility
from tickets.rules.wallet import Policy, Threshold, terms
from tickets.rules.wallet_holder import account_key
from tickets.rules.wallet_states import Standing

#: So long after a freeze was carried out, asking again is taken for the same. Later it is sent anew: somebody may have
#: unfrozen the account at the wallet meanwhile, and a needless freeze does no harm.
FREEZE_STANDS = timedelta(hours=1)
ACT_EVENTS = [kind for kind in EventKind if kind.value.startswith("act_")]


def policy_of(brand: Brand, kind: ActKind) -> Policy | None:
    """What the brand asks beyond the table."""
    row = ActPolicy.objects.filter(brand=brand, kind=kind).prefetch_related("thresholds").first()
    if row is None:
        return None
    thresholds = [Threshold(one.currency, one.amount, one.approvals) for one in row.thresholds.all()]
    return Policy(VerificationLevel(row.level), row.approvals, row.hours, thresholds)


def level_for(ticket: Ticket) -> VerificationLevel:
    """How surely the ticket's customer is known now; not at all while nobody knows who wrote it."""
    return level_on(ticket).level


def voucher_of(known: Known) -> User | None:
    """Whose word the level rests on; nobody's where a code proved it, whoever had it sent."""
    if known.proof is None or known.level == VerificationLevel.NONE or known.proof.method in BY_CODE:
        return None
    return known.proof.by


def needed_level(ticket: Ticket, kind: ActKind) -> VerificationLevel:
    return terms(kind, policy_of(ticket.brand, kind)).level


def standing_of(act: SensitiveAct) -> Standing:
    approvers = act.approvals.filter(content_hash=act.content_hash).values_list("approver_id", flat=True)
    voucher = voucher_of(level_on(act.ticket))
    return Standing(
        state=ActState(act.state),
        content_hash=act.content_hash,
        requester=act.requested_by_id,
        last_contact_changer=last_changer(act.customer_id),
        approvers=frozenset(approvers),
        voucher=voucher.pk if voucher is not None else None,
        owners=people_of(act.customer),
    )


def running(brand: Brand, kind: ActKind, account: str) -> SensitiveAct | None:
    """The act of this kind on this account of which something may still come; there is one at most, however the
    account is written. By ``one_open_act_of_a_kind_per_account``, which holds only open ones."""
    return on_account(brand, account).filter(kind=kind, state__in=OPEN_ACT_STATES).first()


def on_account(brand: Brand, account: str) -> QuerySet[SensitiveAct]:
    """All acts on the account, however it is written; by ``act_by_account``."""
    key = account_key(account, region=brand.country)
    return SensitiveAct.objects.filter(brand=brand, account_key=key)


def standing_freeze(brand: Brand, account: str) -> SensitiveAct | None:
    """A freeze that is on its way, or was carried out just now and not undone since. By ``act_by_account``."""
    if (going := running(brand, ActKind.FREEZE, account)) is not None:
        return going
    done = on_account(brand, account).filter(
        kind__in=[ActKind.FREEZE, ActKind.UNFREEZE],
        state__in=[ActState.DONE, ActState.SENDING, ActState.UNKNOWN],
    )
    last = done.order_by("-id").first()
    is_fresh = last is not None and last.ended_at is not None and last.ended_at > clock.now() - FREEZE_STANDS
    return last if last is not None and is_fresh and last.kind == ActKind.FREEZE else None


def freezes_since(act: SensitiveAct) -> QuerySet[SensitiveAct]:
    """Freezes of its account that somebody wanted after it was approved, and did not take back."""
    wanted = Q(requested_at__gt=act.approved_at) | Q(asked_again_at__gt=act.approved_at)
    rows = on_account(act.brand, act.account).filter(wanted, kind=ActKind.FREEZE)
    return rows.exclude(state__in=[ActState.REFUSED, ActState.WITHDRAWN])


def freeze_to_repeat(brand: Brand, account: str) -> SensitiveAct | None:
    """A freeze that the last unfreeze, approved before it was wanted, may have undone: none left since that was done.
    None while one is on its way, too: it leaves after it yet, or this is asked again at its end."""
    acts = on_account(brand, account)
    undone = acts.filter(kind=ActKind.UNFREEZE, state=ActState.DONE).order_by("-ended_at").first()
    if undone is None or running(brand, ActKind.FREEZE, account) is not None:
        return None
    if acts.filter(kind=ActKind.FREEZE, command__sent_at__gt=undone.ended_at).exists():
        return None
    return freezes_since(undone).select_related("ticket__brand").order_by("-id").first()


def approvers_for(act: SensitiveAct) -> list[User]:
    """Whom the rules let approve it: the right, the brand and team, and neither asker, last changer, voucher nor
    customer."""
    standing = standing_of(act)
    barred = {standing.requester, standing.last_contact_changer, standing.voucher, *standing.owners}
    people = User.objects.filter(role__in=roles_that_can(Capability.APPROVE_ACTS), is_active=True)
    rows = people.filter(brands=act.brand_id).prefetch_related("brands", "teams").order_by("pk")
    return [user for user in rows if user.pk not in barred and visibility.may_see(user, act.ticket)]


def of_ticket(ticket: Ticket, *, limit: int = 20) -> list[SensitiveAct]:
    """Newest first, by ``act_by_ticket``."""
    return list(SensitiveAct.objects.filter(ticket=ticket).order_by("-id")[:limit])


def act_or_404(user: User, key: uuid.UUID) -> SensitiveAct:
    """One on a ticket that the person sees, with all that its page shows."""
    act = get_object_or_404(shown().filter(ticket__in=Ticket.objects.visible_to(user)), key=key)
    seen(act.ticket)
    return act


def history_of(act: SensitiveAct) -> list[Event]:
    """What happened to it, oldest first; of its ticket's events, by ``event_by_ticket``."""
    rows = Event.objects.filter(ticket=act.ticket_id, kind__in=ACT_EVENTS, data__act=str(act.key))
    return list(rows.order_by("id"))


def account_on(ticket: Ticket) -> str:
    """Which account it is most likely about: that of the newest act, else what the customer wrote into the form."""
    rows = SensitiveAct.objects.filter(ticket=ticket).order_by("-id")
    known = rows.values_list("account", flat=True).first()
    return known or str((ticket.fields or {}).get("account") or "")[:64]


def shown() -> QuerySet[SensitiveAct]:
    """With what a page shows of each: two queries for any number."""
    approvals = ActApproval.objects.select_related("approver")
    rows = SensitiveAct.objects.select_related(
        "brand", "customer", "ticket__brand", "ticket__customer", "requested_by", "ended_by", "command"
    )
    return rows.prefetch_related(Prefetch("approvals", approvals))


def active_core(brand: int) -> WalletCore | None:
    return WalletCore.objects.filter(brand_id=brand, is_active=True).first()


def act_of_core(core: WalletCore, key: object) -> SensitiveAct | None:
    """The act of the core's brand that is named so; what is no key names none."""
    try:
        named = uuid.UUID(key) if isinstance(key, str) else None
    except ValueError:
        named = None
    return SensitiveAct.objects.filter(key=named, brand=core.brand_id).first() if named else None


def due_commands(*, but_for: Collection[int] = ()) -> QuerySet[WalletCommand]:
    """Commands whose time has come, and those that a silent sender has held for too long; oldest first. By
    ``walletcommand_due``; ``but_for``: not of these brands."""
    waiting = WalletCommand.objects.filter(state__in=[MailState.QUEUED, MailState.SENDING])
    rows = waiting.filter(available_at__lte=clock.now()).order_by("available_at", "id")
    return rows.exclude(act__brand__in=but_for) if but_for else rows


def expired_requests() -> QuerySet[SensitiveAct]:
    """What nobody decided in time, by ``act_expiring``."""
    rows = SensitiveAct.objects.filter(state=ActState.REQUESTED, expires_at__lte=clock.now())
    return rows.order_by("expires_at")
