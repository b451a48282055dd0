"""Whether a machine of ours may answer a mail: never two machines that talk for ever."""

from __future__ import annotations

from helpdesk.lib import clock
from tickets.channels.email.knowing import Known
from tickets.choices import Proof
from tickets.queries.correspondence import recent_answers_to
from tickets.rules.mail_noise import may_answer_again


def why_not_answered(known: Known, address: str, *, may_answer: bool = True) -> str:
    """In one word; "" where one may go to the address. ``may_answer`` False: somebody else than the mail decided so."""
    if known.proof != Proof.PROVED:
        return "unproved"
    if not may_answer or not known.noise.may_answer:
        return "automatic"
    now = clock.now()
    return "" if may_answer_again(recent_answers_to(address, now=now), now) else "enough"
