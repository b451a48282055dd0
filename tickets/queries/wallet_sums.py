"""What several refunds come to together: who splits a sum must not need fewer people for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db.models import Count, Q, Sum

from helpdesk.lib import clock
from tickets.choices import ActKind, ActState
from tickets.models import SensitiveAct, Ticket
from tickets.rules.wallet import NEEDS, Policy
from tickets.rules.wallet_content import Content, transaction_key
from tickets.rules.wallet_holder import account_key

#: Of these no money came or comes.
_CAME_TO_NOTHING = (ActState.REFUSED, ActState.WITHDRAWN, ActState.EXPIRED, ActState.FAILED)


@dataclass(frozen=True)
class Others:
    """Other refunds of the same transaction, or within the policy's time on the same ticket, to the same customer or on
    the same account, in the same currency."""

    amount: Decimal = Decimal(0)
    count: int = 0


def others_of(
    ticket: Ticket, content: Content, policy: Policy | None, *, but_for: SensitiveAct | None = None
) -> Others:
    """None for what is no refund. Each way by an index of its own: ``act_by_ticket``, that of the customer,
    ``act_by_account``, ``act_by_transaction``. With the customer count all their cases, whatever is merged later."""
    if content.kind != ActKind.REFUND:
        return Others()
    since = clock.now() - (timedelta(hours=policy.hours) if policy else NEEDS[ActKind.REFUND].life)
    lately = Q(requested_at__gte=since)
    account = account_key(content.account, region=ticket.brand.country)
    same = Q(lately, ticket=ticket) | Q(lately, customer=ticket.customer_id) | Q(lately, account_key=account)
    if transaction := transaction_key(content):
        same |= Q(transaction_key=transaction)
    rows = SensitiveAct.objects.filter(
        same, brand=ticket.brand_id, kind=ActKind.REFUND, currency=content.currency
    )
    rows = rows.exclude(state__in=_CAME_TO_NOTHING)
    if but_for is not None and but_for.pk:
        rows = rows.exclude(pk=but_for.pk)
    found = rows.order_by().aggregate(amount=Sum("amount"), count=Count("pk"))
    return Others(found["amount"] or Decimal(0), found["count"])
