"""How the verbs of sensitive acts take hold of one, write it back, and tell of it."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.choices import AuditKind, VerificationLevel
from accounts.models import Brand
from helpdesk.lib import clock
from helpdesk.lib.errors import Conflict, Invalid
from helpdesk.lib.single_flight import key_of
from helpdesk.lib.wakeup import wake
from tickets.actors import Actor
from tickets.choices import ActKind, ActReason, ActState, EventKind, MailState, NoticeKind
from tickets.events import emit, tell
from tickets.models import Event, SensitiveAct, Ticket, WalletCommand
from tickets.queries import wallet as queries
from tickets.queries.wallet_holder import tie_of
from tickets.rules.wallet_content import Belongs, Content, fingerprint, transaction_key, written_amount
from tickets.rules.wallet_holder import REFUSED, account_key
from tickets.rules.wallet_words import masked

SEND_TASK = "tickets.carry_out_acts"


class ProofMissing(Conflict):
    """The customer is not known surely enough for it."""

    code = "proof_missing"


def lock(act: SensitiveAct) -> SensitiveAct:
    """The act as it is now, its row held until the transaction ends; others wait here."""
    SensitiveAct.objects.select_for_update(no_key=True).only("pk").get(pk=act.pk)
    rows = SensitiveAct.objects.select_related("brand", "customer", "ticket__brand", "ticket__customer")
    return rows.select_related("requested_by", "ticket__team").get(pk=act.pk)


def write(act: SensitiveAct, **changes: Any) -> None:
    """Set the fields and save just these, with the version counted up."""
    for name, value in changes.items():
        setattr(act, name, value)
    act.version += 1
    act.save(update_fields=[*changes, "version"])


def content_of(act: SensitiveAct) -> Content:
    return Content(
        kind=ActKind(act.kind),
        account=act.account,
        reason_code=ActReason(act.reason_code),
        reason=act.reason,
        amount=act.amount,
        currency=act.currency,
        details=act.details,
    )


def belongs(act: SensitiveAct) -> Belongs:
    customer = act.customer
    return Belongs(
        key=str(act.key),
        brand=act.brand.slug,
        ticket=act.ticket.number,
        customer=act.customer_id,
        revision=act.revision,
        email=customer.email,
        phone=customer.phone,
    )


def is_as_asked(act: SensitiveAct) -> bool:
    """Whether the fingerprint is still that of what would be done: with other contact data the holder is another."""
    return act.content_hash == fingerprint(content_of(act), belongs(act))


def holder_problem(ticket: Ticket, content: Content) -> Invalid | None:
    """Whether the account is another customer's than the ticket's. A freeze asks nobody."""
    if content.kind == ActKind.FREEZE:
        return None
    words = REFUSED.get(tie_of(ticket, content.account))
    return Invalid({"account": words}) if words is not None else None


def hold(brand: Brand, content: Content, *, customer: int) -> None:
    """Until the transaction ends nobody else asks for, changes or approves anything on this account, in whatever
    spelling, or pays back the same transaction or anything to this customer. Taken before any row."""
    names = {f"act on {brand.pk} {account_key(content.account, region=brand.country)}"}
    if content.kind == ActKind.REFUND:
        names |= {f"refund of {brand.pk} {transaction_key(content)}", f"refund to {brand.pk} {customer}"}
    with connection.cursor() as cursor:
        for key in sorted(key_of(name) for name in names):
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])


def proof_problem(act: SensitiveAct, needed: VerificationLevel) -> ProofMissing | None:
    """Whether the customer is, at this moment, known less surely than the act needs."""
    has = queries.level_for(act.ticket)
    return None if has >= needed else proof_missing(needed, has)


def proof_missing(needed: VerificationLevel, has: VerificationLevel) -> ProofMissing:
    words = _("This needs “%(needed)s”; the customer is “%(has)s” now. Verify the customer first.")
    return ProofMissing(words % {"needed": needed.label, "has": has.label}, needed=needed.name.lower())


def announce(act: SensitiveAct, kind: EventKind, *, by: Actor, **data: Any) -> Event:
    """On the ticket's timeline and in the audit log, both in the caller's transaction."""
    event = emit(act.ticket, kind, by=by, **_named(act), **data)
    record(act, AuditKind(kind.value), by=by, **data)
    return event


def _named(act: SensitiveAct) -> dict[str, Any]:
    """Which act, and what is to be done: enough to know it by, too little to use the account."""
    amount = {"amount": written_amount(act.amount), "currency": act.currency} if act.amount else {}
    return {"act": str(act.key), "what": act.kind, "account": masked(act.account), **amount}


def record(act: SensitiveAct, kind: AuditKind, *, by: Actor, **data: Any) -> None:
    audit.record(
        kind,
        by=by.user,
        brand=act.brand,
        ticket=act.ticket.number,
        customer=act.customer,
        **_named(act),
        fingerprint=act.content_hash,
        **({} if by.user else {"as": by.kind.value, "name": by.name}),
        **data,
    )


def end(act: SensitiveAct, state: ActState, *, by: Actor, ending: str = "") -> None:
    """With it ends its command, if there is one: nothing is sent any more."""
    write(act, state=state, ended_at=clock.now(), ended_by=by.user, ending=ending[:500])
    WalletCommand.objects.filter(act=act).update(state=MailState.SENT, last_error="")


def tell_requester(act: SensitiveAct, event: Event) -> None:
    """Whoever asked hears what became of it, unless they did it themselves."""
    person = act.requested_by
    if person is not None and person.is_staff and person.is_active and person.pk != event.actor_id:
        tell([(event, person)], urgent=False, kind=NoticeKind.ACT_DECIDED)


def tell_approvers(act: SensitiveAct, event: Event) -> None:
    people = queries.approvers_for(act)
    tell([(event, person) for person in people], urgent=False, kind=NoticeKind.TO_APPROVE)


def hand_over(act: SensitiveAct) -> None:
    """It is approved: written down to be carried out, in the caller's transaction."""
    WalletCommand.objects.create(act=act, created_at=clock.now(), available_at=clock.now())
    wake(SEND_TASK)
