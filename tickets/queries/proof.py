"""How surely the customer of a case is who they say: what the rules of sensitive acts ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from accounts.choices import VerificationLevel, VerificationMethod
from accounts.models import Brand, Verification
from accounts.queries import verification
from accounts.queries.recent_changes import recent_changes
from accounts.rules.verification import counts
from helpdesk.lib import clock
from helpdesk.lib.signing import seal, unseal
from tickets.choices import Channel, EventKind, MailPurpose, MailState, Proof
from tickets.models import Event, OutboxMail, OutboxText, ProofChallenge, Ticket, TicketProof
from tickets.rules.proof import Void

PURPOSE = "proof"


@dataclass(frozen=True)
class Standing(verification.Standing):
    """``given_here``: the proof was given on this very case. ``void`` says why proofs that hold do not count here; the
    level is then none."""

    given_here: bool = False
    void: Void | None = None


def level_on(ticket: Ticket) -> Standing:
    """The highest level that counts on this case: of what was proved on it, and of what else is proved of its
    customer, if it is sure that they are who wrote it. Anybody can file a case in another's name.

    Three queries by index where there are proofs, else one.
    """
    if ticket.unproved_sender:
        return Standing(VerificationLevel.NONE, None, void=Void.SENDER)
    rows = Verification.objects.filter(customer=ticket.customer_id, withdrawn_at=None).select_related("by")
    proofs, now = list(rows.order_by("-level", "-id")), clock.now()
    holding = [proof for proof in proofs if proof.expires_at is None or proof.expires_at > now]
    if not holding:
        return _run_out(proofs, now)
    changes = recent_changes(ticket.customer)
    believed = [proof for proof in holding if counts(proof.method, proof.at, changes, now)]
    if not believed:
        return Standing(VerificationLevel.NONE, None, void=Void.CONTACT)
    here = set(TicketProof.objects.filter(ticket=ticket).values_list("proof_id", flat=True))
    if not all(proof.pk in here for proof in believed) and not writer_is_known(ticket):
        believed = [proof for proof in believed if proof.pk in here]
        if not believed:
            return Standing(VerificationLevel.NONE, None, void=Void.WRITER)
    best = max(believed, key=lambda proof: _worth(proof, here, now))
    return Standing(VerificationLevel(best.level), best, given_here=best.pk in here)


def _worth(proof: Verification, here: set[int], now: datetime) -> tuple[int, bool, bool, datetime]:
    return proof.level, proof.pk in here, proof.expires_at is None, proof.expires_at or now


def _run_out(proofs: Sequence[Verification], now: datetime) -> Standing:
    ended = [proof for proof in proofs if proof.expires_at is not None]
    last = max(ended, key=lambda proof: (proof.expires_at or now, proof.level), default=None)
    return Standing(VerificationLevel.NONE, last)


def writer_is_known(ticket: Ticket) -> bool:
    """Whether whoever opened the case had logged in, or wrote a mail whose sender was proved. By
    ``event_by_ticket``."""
    if ticket.unproved_sender:
        return False
    opened = Event.objects.filter(ticket=ticket, kind=EventKind.OPENED).order_by("id")
    found = opened.values_list("data", "message__mail_copy__proof").first()
    if found is None:
        return False
    data, proof = found
    return proof == Proof.PROVED if ticket.channel == Channel.EMAIL else data.get("logged_in") is True


def open_challenge(ticket: Ticket) -> ProofChallenge | None:
    """The code that the case waits for. By ``challenge_open``."""
    rows = ProofChallenge.objects.filter(ticket=ticket, passed_at=None, ended_at=None)
    return rows.filter(expires_at__gt=clock.now(), customer=ticket.customer_id).order_by("-id").first()


def token_of(challenge: ProofChallenge) -> str:
    """What the address in the mail carries: which challenge, sealed. It opens a field to type the code into."""
    return seal(challenge.pk, purpose=PURPOSE)


def challenge_of(token: str) -> ProofChallenge | None:
    pk = unseal(token, purpose=PURPOSE)
    if pk is None:
        return None
    rows = ProofChallenge.objects.select_related("ticket__brand", "ticket__customer", "customer")
    return rows.filter(pk=pk).first()


def ticket_numbered(brand: Brand, number: str | None) -> Ticket | None:
    """The case of this number at this brand; by the number's index."""
    if number is None:
        return None
    return Ticket.objects.select_related("brand", "customer").filter(number=number, brand=brand).first()


def came_back(challenge: ProofChallenge) -> bool:
    """A report that a mail could not be delivered quotes the mail: whoever reads reports has read the code."""
    if challenge.by_phone:
        return False
    cause = f"{MailPurpose.CODE}:{challenge.pk}"
    return OutboxMail.objects.filter(cause=cause, bounced_at__isnull=False).exists()


def did_not_leave(challenge: ProofChallenge) -> bool:
    """Whether mail or text with the code was given up. By their causes."""
    cause = f"{MailPurpose.CODE}:{challenge.pk}"
    box = OutboxText if challenge.by_phone else OutboxMail
    return box.objects.filter(cause=cause, state__in=(MailState.FAILED, MailState.BOUNCED)).exists()


def phone_ways() -> Sequence[VerificationMethod]:
    """None where no gateway for text messages is set."""
    return (VerificationMethod.PHONE_CODE,) if settings.SMS_GATEWAY_URL or settings.DEV_TEXTS else ()


def ways_for(ticket: Ticket) -> list[VerificationMethod]:
    """In which ways a code can be sent to the customer."""
    ways = [VerificationMethod.MAIL_CODE] if ticket.customer.email else []
    return [*ways, *(phone_ways() if ticket.customer.phone else ())]
