"""The emergency page: freeze first, verify after.

Whoever reports proves nothing, so what they set off is what harms nobody for long: a freeze, which the owner is told of
at once and which an agent can have lifted, and an alarm. They learn nothing by it, not even whether there is such an
account.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts import audit
from accounts.actions import customers
from accounts.choices import AuditKind
from accounts.models import Brand, Customer
from helpdesk.lib import clock
from helpdesk.lib.errors import Invalid
from helpdesk.lib.inserting import insert
from helpdesk.lib.zones import zone_or_default
from tickets.actions import alarming, call_backs, wallet
from tickets.actions.emergency_promise import policy_for
from tickets.actions.tickets import NewTicket, open_ticket
from tickets.actors import system
from tickets.choices import AccountKind, ActReason, Channel, EventKind, Freeze, Priority, Situation
from tickets.events import emit
from tickets.models import Category, Emergency, Ticket
from tickets.queries import emergencies as queries
from tickets.queries.offered import emergency as red_door
from tickets.queries.offered import offered
from tickets.rules.alarms import Circle
from tickets.rules.emergencies import Account, masked, secrets_in
from tickets.rules.secrets.words import in_words
from tickets.rules.wallet_holder import account_key

logger = logging.getLogger(__name__)
LANE = system("emergency")
TAG = "emergency"
HOUR = timedelta(hours=1)
#: Where cases of each kind go, before the category with the red door.
_INCIDENT = "security-incident"
_REASONS = {
    Situation.PHONE_STOLEN: ActReason.STOLEN_PHONE,
    Situation.INTRUDER: ActReason.STOLEN_ACCOUNT,
    Situation.MONEY_GONE: ActReason.STRANGE_PAYMENTS,
    Situation.GAVE_AWAY: ActReason.SECRET_EXPOSED,
}


@dataclass(frozen=True)
class Report:
    """What somebody said on the page. ``call_back`` is a number as ``rules.emergencies.read_phone`` gives it, or empty;
    ``origin_key`` names the one act of sending.
    """

    brand: Brand
    account: Account
    situations: Sequence[Situation]
    language: str
    money_left_at: datetime | None = None
    call_back: str = ""
    call_back_at: datetime | None = None
    origin_key: str | None = None


@transaction.atomic
def report(said: Report) -> Emergency:
    """Open the ticket, freeze, alarm, tell the owner: all in one transaction, none of it by the network.

    The same for an account that nobody has, step by step. The same form again gives the emergency that is there.
    Raises Invalid where a secret was taken for an account: nothing of it is written down.
    """
    if kinds := secrets_in(said.account.value):
        raise Invalid({"account": in_words(kinds)})
    customer = _customer(said)
    ticket = _open(said, customer)
    known = queries.of_ticket(ticket)
    if known is not None:
        return known
    emergency = _write(said, ticket, customer)
    told = queries.to_alarm(emergency, Circle.ON_CALL)
    event = emit(
        ticket,
        EventKind.EMERGENCY_OPENED,
        by=LANE,
        situations=[situation.value for situation in said.situations],
        account=emergency.masked_account,
        told=[person.display_name for person in told.people],
    )
    _freeze(said, emergency)
    alarming.ring(emergency, event, number=0)
    if emergency.call_back_phone:
        emit(ticket, EventKind.CALL_BACK_ASKED, by=LANE, differs=emergency.call_back_differs)
    audit.record(
        AuditKind.EMERGENCY_OPENED,
        by=None,
        brand=said.brand,
        ticket=ticket.number,
        customer=customer,
        situations=[situation.value for situation in said.situations],
        freeze=emergency.freeze,
    )
    return emergency


def _customer(said: Report) -> Customer:
    """Whose account it may be. Only what is on record with us is ever written to: never the number for the call."""
    kind, value = said.account.kind, said.account.value
    if kind == AccountKind.EMAIL:
        return customers.find_or_create(email=value, language=said.language)
    if kind == AccountKind.PHONE:
        return customers.find_or_create(phone=value, language=said.language)
    # The wallet's own number says nothing to us. Somebody stands for its owner until an agent knows better.
    stand_in = f"{said.brand.slug}.{value.lower()}@account.invalid"
    return customers.find_or_create(email=stand_in, name=value, language=said.language)


def _open(said: Report, customer: Customer) -> Ticket:
    with translation.override(said.language):
        subject = _("Emergency: %(what)s") % {"what": said.situations[0].label}
        body = _words(said)
    new = NewTicket(
        brand=said.brand,
        customer=customer,
        category=_category(said),
        subject=subject,
        body=body,
        channel=Channel.WEB,
        language=said.language,
        priority=Priority.URGENT,
        tags=[TAG],
        origin_key=f"emergency:{customer.pk}:{said.origin_key}" if said.origin_key else None,
        no_receipt=TAG,
        policy=policy_for(said.brand),
    )
    return open_ticket(new, by=LANE)


def _words(said: Report) -> str:
    lines = [
        _("Reported on the emergency page. Nobody has proved yet who wrote this."),
        _("Account: %(account)s") % {"account": masked(said.account.value, said.account.kind)},
        *(f"- {situation.label}" for situation in said.situations),
    ]
    if said.money_left_at:
        local = localtime(said.money_left_at, zone_or_default(said.brand.time_zone))
        lines.append(_("Money left at: %(time)s") % {"time": date_format(local, "SHORT_DATETIME_FORMAT")})
    if said.call_back:
        lines.append(_("They ask to be called back."))
    return "\n".join(lines)


def _category(said: Report) -> Category | None:
    categories = offered(said.brand)
    red = red_door(categories)
    if set(said.situations) == {Situation.PHONE_STOLEN} and red is not None:
        return red
    return next((row for row in categories if row.slug == _INCIDENT), red)


def _write(said: Report, ticket: Ticket, customer: Customer) -> Emergency:
    emergency = Emergency(
        ticket=ticket,
        brand=said.brand,
        account_kind=said.account.kind,
        account=said.account.value,
        account_key=account_key(said.account.value, region=said.brand.country),
        situations=[situation.value for situation in said.situations],
        money_left_at=said.money_left_at,
        opened_at=clock.now(),
        call_back_phone=said.call_back,
        call_back_at=said.call_back_at if said.call_back else None,
        call_back_differs=call_backs.differs(said.account, customer, said.call_back),
    )
    return insert(emergency)


def _freeze(said: Report, emergency: Emergency) -> None:
    """By the wallet's own verb. What goes wrong with it stops neither ticket nor alarm: a person freezes then."""
    if queries.froze_lately(said.brand, since=HOUR) > settings.EMERGENCY_FREEZES_PER_HOUR:
        # So many in an hour are no customers in distress: somebody freezes strangers' accounts. People decide.
        emergency.freeze = Freeze.WAITING
    else:
        emergency.freeze = Freeze.ASKED
        try:
            with transaction.atomic():
                emergency.act = wallet.freeze_now(
                    emergency.ticket,
                    account=said.account.value,
                    by=LANE,
                    reason=str(_("Reported on the emergency page")),
                    code=_REASONS[said.situations[0]],
                )
        except Exception:
            logger.exception("The account of emergency %s could not be frozen by itself", emergency.pk)
            emergency.freeze = Freeze.FAILED
    emergency.save(update_fields=["freeze", "act"])
