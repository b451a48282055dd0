"""Takes in one mail: reads it, says what it is, does what follows. The raw bytes are kept whatever happens, without the
secrets in them.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import Error, connection, transaction

from helpdesk.lib import clock, faults, sealed
from helpdesk.lib.deadline import TookTooLong, deadline
from helpdesk.lib.single_flight import key_of
from tickets.actions import incoming, mail_checks
from tickets.channels.email import reporting
from tickets.channels.email.filing import HOUR, Filing
from tickets.channels.email.guarding import guard_raw
from tickets.channels.email.knowing import Known, asks_again, know
from tickets.choices import AsideReason, IncomingState, MailOutcome, Nature, Proof, SenderVerdict
from tickets.models import IncomingMail, Mailbox, Ticket
from tickets.queries.correspondence import earlier_copy, recent_mails_of
from tickets.queries.mailboxes import Directory
from tickets.queries.sender_rules import fitting, verdict_of
from tickets.queries.standing import Standing
from tickets.rules.intake import clean_line
from tickets.rules.mail_noise import Noise, too_many

logger = logging.getLogger(__name__)
#: Reading one mail takes milliseconds; what takes so long is put into quarantine.
SECONDS = 60
#: A statement that took too long, and memory that did not suffice: the server is busy, or the mail is made so.
_PERHAPS_ITS_FAULT = frozenset({"57014", "53200"})
_ASIDE = {
    Noise.AUTO_REPLY: AsideReason.AUTOMATIC,
    Noise.AUTO_GENERATED: AsideReason.AUTOMATIC,
    Noise.NULL_SENDER: AsideReason.AUTOMATIC,
    Noise.REPORT: AsideReason.REPORT,
    Noise.LIST: AsideReason.LIST,
    Noise.BULK: AsideReason.LIST,
    Noise.OURSELVES: AsideReason.OURSELVES,
}


#: What is noted in the row of a mail, by the names of its columns.
Read = dict[str, Any]


def take(mail: IncomingMail, directory: Directory | None = None) -> None:
    """Never raises but for trouble with the database. What passes by itself (that, or a full disk) lets the mail wait,
    and no attempt is counted. ``directory`` is one that whoever reads many mails has at hand.
    """
    _take(mail, directory)
    guard_raw(mail)


def _take(mail: IncomingMail, directory: Directory | None) -> None:
    known: Known | None = None
    try:
        with deadline(SECONDS):
            raw = mail.raw
            if raw is None:
                incoming.quarantine(mail, why="Its raw bytes are gone.")
                return
            known = know(mail, raw, directory)
            if asks_again(known):
                # After one minute, two, four, eight.
                pause = max(clock.now() - mail.received_at, timedelta(minutes=1))
                incoming.try_later(mail, pause=pause)
                return
            with transaction.atomic():
                _settle_for_soon()
                _act(known)
    except sealed.Unreadable:
        incoming.quarantine(mail, why="No key of MAIL_KEYS opens it.")
    except TookTooLong:
        incoming.quarantine(mail, why=f"It took longer than {SECONDS} s.", **_what_was_read(known))
    except Exception as problem:
        if faults.passes(problem):
            _wait(mail, problem)
        else:
            # Whatever a mail brings about is about this mail: the next one is read all the same.
            logger.error("Incoming mail %s could not be taken in\n%s", mail.pk, faults.steps(problem))
            incoming.quarantine(mail, why=faults.kind_and_place(problem), **_what_was_read(known))


def _wait(mail: IncomingMail, problem: Exception) -> None:
    logger.warning("Incoming mail %s waits: %s", mail.pk, faults.kind_and_place(problem))
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()
    with suppress(Error):  # then its claim runs out
        incoming.try_later(mail, counts=faults.sqlstate(problem) in _PERHAPS_ITS_FAULT)
    if isinstance(problem, Error):
        raise problem


def _settle_for_soon() -> None:
    """The commit need not wait for the disk. If the machine loses power, all of this is undone together and the mail is
    read again; and nothing leaves that is not on the disk, for who sends it commits first, and waits for all before.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")


def _act(known: Known) -> None:
    held = IncomingMail.objects.select_for_update(of=("self",)).filter(pk=known.mail.pk).order_by()
    if held.values_list("state", flat=True).get() != IncomingState.STORED:
        return  # another reader, whose claim had run out meanwhile, was faster
    _one_at_a_time(known.sender)
    read = _what_was_read(known)
    if (earlier := _earlier_copy(known)) is not None:
        incoming.settle(known.mail, MailOutcome.DUPLICATE, ticket_id=earlier.ticket_id, **read)
        return
    read["fingerprint"] = known.fingerprint or None
    if (token := _check_of(known)) is not None:
        assert known.mail.mailbox is not None
        mail_checks.came(known.mail.mailbox, kept_tag=token in known.tags)
        incoming.settle(known.mail, MailOutcome.CHECK, **read)
        return
    if known.bounce is not None:
        _report(known, read)
        return
    _letter(known, read)


def _earlier_copy(known: Known) -> IncomingMail | None:
    """The same message, come before; None: this row is now known as that message.

    Not where it could not be proved who wrote it (it came round by a forwarder, say) and now can: then it belongs
    elsewhere.
    """
    fingerprint = known.fingerprint
    if not fingerprint:
        return None
    earlier = earlier_copy(known.mail, fingerprint)
    if earlier is not None:
        if earlier.proof == Proof.PROVED or known.proof != Proof.PROVED:
            return earlier
        IncomingMail.objects.filter(pk=earlier.pk).update(fingerprint=None)
    return None


def _check_of(known: Known) -> str | None:
    """The token of the mailbox's last check, where this mail is that check come back."""
    if known.mail.mailbox_id is None or known.sender not in known.directory.own:
        return None
    # Asked anew: the check may be younger than the directory.
    token = Mailbox.objects.values_list("check_token", flat=True).get(pk=known.mail.mailbox_id)
    return token if token and (token in known.tags or token in known.read.subject) else None


def _one_at_a_time(sender: str) -> None:
    """Mails of one sender are acted upon one after the other: their counts hold, and nobody becomes two customers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key_of(f"mail of {sender}")])


def _what_was_read(known: Known | None) -> Read:
    if known is None:
        return {}
    read = known.read
    return {
        "internet_message_id": read.message_id[:400],
        "sender": known.sender,
        "sender_name": clean_line(known.from_.name)[:200],
        "subject": clean_line(read.subject)[:300],
        "proof": known.proof,
        "proof_reason": known.verdict.reason[:200],
    }


def _report(known: Known, read: Read) -> None:
    """What became of a mail of ours."""
    assert known.bounce is not None
    mail = reporting.apply(known.bounce)
    if mail is not None:
        incoming.settle(known.mail, MailOutcome.REPORT, ticket_id=mail.ticket_id, **read)
    else:
        incoming.set_aside(known.mail, AsideReason.REPORT, **read)


def _letter(known: Known, read: Read) -> None:
    allowed = verdict_of(known.sender, known.brand)
    if allowed == SenderVerdict.BLOCK:
        # Whoever finds the mail in the box sees which rule put it there.
        read["detail"] = fitting(known.sender, known.brand)[0].pattern
        incoming.set_aside(known.mail, AsideReason.BLOCKED, **read)
        return
    # Whoever makes up a welcome address is not.
    is_welcome = allowed == SenderVerdict.ALLOW and known.proof != Proof.FAILED
    has_no_limit = is_welcome and known.proof == Proof.PROVED
    filing = Filing(known)
    if not has_no_limit and (_too_many(known) or filing.is_too_much()):
        incoming.set_aside(known.mail, AsideReason.TOO_MANY, **read)
        return
    kind = known.noise.kind
    if kind is None or (is_welcome and kind in (Noise.LIST, Noise.BULK, Noise.AUTO_GENERATED)):
        outcome, ticket = filing.file()
        incoming.settle(known.mail, outcome, ticket_id=ticket.pk, **read)
        return
    _noise(filing, kind, read)


def _too_many(known: Known) -> bool:
    now = clock.now()
    recent = recent_mails_of(known.sender, known.proof, since=now - HOUR, but=known.mail)
    return too_many(recent, now, limit=settings.MAIL_RATE_PER_SENDER, window=HOUR)


def _noise(filing: Filing, kind: Noise, read: Read) -> None:
    """An automatic answer to a case is logged there and moves nothing; the rest goes to the box."""
    mail = filing.known.mail
    read["detail"] = filing.known.noise.reason[:500]
    if kind in (Noise.AUTO_REPLY, Noise.AUTO_GENERATED, Noise.NULL_SENDER):
        found, who = filing.place
        # That a colleague is away is nothing to the customer, who reads the case.
        if found is not None and who != Standing.COLLEAGUE:
            outcome, ticket = filing.file(nature=Nature.AUTOMATIC, may_answer=False)
            incoming.settle(mail, outcome, ticket_id=ticket.pk, **read)
            return
    incoming.set_aside(mail, _ASIDE[kind], **read)


def rescued(known: Known) -> Ticket:
    """Somebody said that it is a ticket after all; called with its row held."""
    outcome, ticket = Filing(known).file(may_answer=False)
    incoming.settle(known.mail, outcome, ticket_id=ticket.pk, aside_reason="")
    return ticket
