"""Whether whoever wrote gets an automatic answer: never two machines that talk for ever."""

from __future__ import annotations

from accounts.models import Customer
from helpdesk.lib import clock
from tickets.channels.email.knowing import Known
from tickets.choices import Proof
from tickets.models import AutomaticAnswer
from tickets.queries.correspondence import recent_answers_to
from tickets.rules.mail_addresses import untagged
from tickets.rules.mail_noise import may_answer_again


def why_no_receipt(known: Known, customer: Customer, *, may_answer: bool) -> str:
    """In one word; empty: the customer gets one. ``may_answer`` False: somebody else than the mail decided so."""
    if known.proof != Proof.PROVED:
        return "unproved"
    if not may_answer or not known.noise.may_answer:
        return "automatic"
    now = clock.now()
    return "" if may_answer_again(recent_answers_to(_without_tag(customer), now=now), now) else "enough"


def note_receipt(customer: Customer) -> None:
    if customer.email:
        AutomaticAnswer.objects.create(email=_without_tag(customer), at=clock.now())


def _without_tag(customer: Customer) -> str:
    """Other desks write from an address of its own for each case, all of them read by one robot."""
    return untagged(customer.email)[0]
