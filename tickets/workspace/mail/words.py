"""Mailboxes, checks and mails in plain words."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpdesk.lib import clock
from tickets.choices import AsideReason, IncomingState, Proof
from tickets.models import IncomingMail, Mailbox
from tickets.rules import fetch_troubles
from tickets.rules.secrets import Kind
from tickets.workspace.background.gauges import span

#: By then a check has come back, or it does not.
CHECK_PATIENCE = timedelta(minutes=5)
#: As ``actions.incoming.claim_one`` writes it.
_DIED = re.compile(r"Its reader died under it (\d+) times\.")

WHY_ASIDE: dict[str, Promise] = {
    AsideReason.BLOCKED: gettext_lazy("The sender is blocked."),
    AsideReason.TOO_MANY: gettext_lazy("This sender wrote more often within an hour than people do."),
    AsideReason.AUTOMATIC: gettext_lazy("A machine wrote it, and it belongs to no ticket."),
    AsideReason.LIST: gettext_lazy("It went to a mailing list, or to many at once."),
    AsideReason.OURSELVES: gettext_lazy("It names an address of our own as its sender."),
    AsideReason.REPORT: gettext_lazy("It reports on the delivery of a mail that is not ours."),
    AsideReason.DISMISSED: gettext_lazy("Somebody said that it is no ticket."),
}
PROOFS: dict[str, Promise] = {
    Proof.PROVED: gettext_lazy("It was proved that the mail is from this address."),
    Proof.FAILED: gettext_lazy("The mail is not from this address: its proof failed."),
    Proof.NOTHING: gettext_lazy("Nobody proved that the mail is from this address."),
}
TONES: dict[str, str] = {
    IncomingState.STORED: "waits",
    IncomingState.DONE: "well",
    IncomingState.SET_ASIDE: "",
    IncomingState.QUARANTINED: "ill",
}


def at(moment: datetime) -> str:
    """The time of day, and the day if it is not today."""
    local = localtime(moment)
    today = local.date() == localtime(clock.now()).date()
    return date_format(local, "H:i" if today else "SHORT_DATETIME_FORMAT")


def why_failing(mailbox: Mailbox) -> str:
    """Since when, and what is wrong; empty where the mailbox works."""
    if mailbox.failing_since is None:
        return ""
    told = {"since": at(mailbox.failing_since), "span": _since(mailbox.failing_since)}
    said = _("Cannot be fetched since %(since)s (%(span)s).") % told
    return f"{said} {fetch_troubles.told(mailbox.last_error)}".strip()


def remark(mailbox: Mailbox) -> str:
    """What the operator should see though the mailbox works."""
    return fetch_troubles.told(mailbox.last_error) if mailbox.failing_since is None else ""


def check(mailbox: Mailbox) -> tuple[str, str]:
    """(how it stands, tone): tone is "well", "ill", "waits", or "" where none was ever made."""
    sent, came = mailbox.check_sent_at, mailbox.check_came_at
    if sent is None:
        return _("Never checked."), ""
    if came is not None and came >= sent:
        return _came_back(mailbox, came - sent)
    passed = clock.now() - sent
    if passed < CHECK_PATIENCE:
        told = {"sent": at(sent), "span": span(passed.total_seconds())}
        return _("A check left at %(sent)s and has not come back yet (%(span)s).") % told, "waits"
    return _("The check of %(sent)s has not come back.") % {"sent": at(sent)}, "ill"


def _came_back(mailbox: Mailbox, length: timedelta) -> tuple[str, str]:
    told = {"sent": at(mailbox.check_sent_at or clock.now()), "span": span(length.total_seconds())}
    if not mailbox.takes_tags:
        return _("The check of %(sent)s came back after %(span)s.") % told, "well"
    if mailbox.check_kept_tag:
        return _("The check of %(sent)s came back after %(span)s, and +tags are kept.") % told, "well"
    said = _(
        "The check of %(sent)s came back after %(span)s, but its +tag was lost: switch off “takes +tags”."
    )
    return said % told, "ill"


def what_to_look_at(mailbox: Mailbox) -> list[str]:
    """In the order in which a check travels."""
    fetched = mailbox.fetching == "imap"
    return [
        _(
            "Did it leave? “Outgoing mail” says what the mail server answered to the purpose “check of the mail path”."
        ),
        _("Does the mail of this address come here? Your mail server must hand it over to that of this desk.")
        if not fetched
        else _(
            "Does it lie in the mailbox? Look there by another program, also among what was taken for spam."
        ),
        _("Is it fetched? See above when this mailbox was looked at last.")
        if fetched
        else _("Does it wait to be read? See above what waits, and “Background work”."),
        _(
            "Does the mail server take name+anything@…? If it refuses such addresses, switch off “takes +tags”."
        ),
    ]


def why(mail: IncomingMail) -> str:
    """Why it is where it is."""
    if mail.state == IncomingState.SET_ASIDE:
        return str(WHY_ASIDE.get(mail.aside_reason, ""))
    return _unread(mail) if mail.state == IncomingState.QUARANTINED else ""


def _unread(mail: IncomingMail) -> str:
    """What the reader stumbled over is told as it was written down; what we say ourselves, in the reader's language."""
    died = _DIED.fullmatch(mail.detail)
    if died:
        return _("Each time it was read, the process that read it ended: %(times)s times.") % {
            "times": died[1]
        }
    return mail.detail or _("No reason was written down.")


def proof(mail: IncomingMail) -> str:
    return str(PROOFS.get(mail.proof, ""))


def _since(moment: datetime) -> str:
    return span((clock.now() - moment).total_seconds())


def secrets(mail: IncomingMail) -> str:
    """Of which kinds the secrets were that its raw copy held; "" for none."""
    known = {kind.value: kind.label for kind in Kind}
    return _(", ").join(str(known[word]) for word in mail.raw_secrets if word in known)
