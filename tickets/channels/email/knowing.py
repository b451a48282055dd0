"""What is known of a mail before anything is done about it: read, judged, nothing written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from django.conf import settings

from accounts.models import Brand
from accounts.rules.contact import normal_email
from helpdesk.lib import clock
from helpdesk.lib.keyed_hash import keyed_hash
from helpdesk.lib.mail_heads import head_fields, head_size
from tickets.channels.email.bounces import Bounce, read_bounce
from tickets.channels.email.reading import Address, ReadMail, read
from tickets.channels.email.without_secrets import without_secrets
from tickets.choices import Proof, RawState
from tickets.gateways.mail_proof import check_senders
from tickets.models import IncomingMail
from tickets.queries.correspondence import came_by_server, known_addresses
from tickets.queries.mailboxes import Directory
from tickets.rules.mail_addresses import untagged
from tickets.rules.mail_noise import Noisiness, noisiness
from tickets.rules.mail_senders import Verdict, verdict
from tickets.rules.secrets import Kind

#: Where servers write to whom a mail was really delivered.
_DELIVERED_TO = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To")
#: So long a mail waits for name servers that do not answer; then it is taken in as not proved.
ASKED_FOR = timedelta(minutes=10)
#: Bytes. No honest head is longer; what stands in one is believed by nobody.
MAX_HEAD = 1_000_000
#: The authserv-id under which our own findings are read; not a name that a stranger's header could carry here.
_OURS = "checked-by-this-desk.invalid"


@dataclass(frozen=True)
class Known:
    mail: IncomingMail
    raw: bytes
    #: Without the secrets that it held; ``removed`` says of which kinds they were.
    read: ReadMail
    verdict: Verdict
    noise: Noisiness
    bounce: Bounce | None
    directory: Directory
    removed: tuple[Kind, ...] = ()

    @property
    def fingerprint(self) -> str:
        """Of the message, whichever way it came; keyed, as it is made from all of the text."""
        plain = self.read.fingerprint
        return keyed_hash(plain, purpose="incoming.message") if plain else ""

    @property
    def brand(self) -> Brand:
        return self.mail.brand

    @cached_property
    def from_(self) -> Address:
        """The one sender; an empty one where the mail names none, or several."""
        return self.read.senders[0] if len(self.read.senders) == 1 else Address("", "")

    @cached_property
    def sender(self) -> str:
        return normal_email(self.from_.address)[:320]

    @property
    def proof(self) -> Proof:
        return Proof(self.verdict.proof)

    @property
    def addresses(self) -> list[str]:
        """To whom it was sent, by envelope and headers."""
        return _addresses(self.mail, self.read)

    @cached_property
    def tags(self) -> list[str]:
        """The +tags by which it was sent to mailboxes of its brand."""
        return [
            one.tag
            for one in self.directory.addressed(self.addresses)
            if one.tag and one.mailbox.brand_id == self.mail.brand_id
        ]

    @property
    def references(self) -> list[str]:
        """Message-IDs that it answers, the newest first."""
        return list(dict.fromkeys([*reversed(self.read.in_reply_to), *reversed(self.read.references)]))

    @cached_property
    def others(self) -> list[Address]:
        """Who else got it, as far as the mail shows: not ourselves, not the sender.

        Nobody where it does not name us: they do not know that we read it (a blind copy), or it was never meant for
        us and somebody passed it on, signature and all. Nor where there are two such fields: one of them may have been
        added on the way.
        """
        if any(len(self.read.headers.all(name)) > 1 for name in ("To", "Cc")):
            return []
        seen: dict[str, Address] = {}
        for person in (*self.read.to, *self.read.cc):
            email = normal_email(person.address)
            if email and email != self.sender:
                seen.setdefault(email, person)
        plain = {normal_email(one.mailbox.address) for one in self.directory.addressed(seen)}
        others = [who for email, who in seen.items() if not self._is_ours(email, plain)]
        return others if len(others) < len(seen) else []

    def _is_ours(self, email: str, plain: set[str]) -> bool:
        return email in self.directory.own or untagged(email)[0] in plain


def know(mail: IncomingMail, raw: bytes, directory: Directory | None = None) -> Known:
    """Everything that reading and judging tell. Reaches the network where senders are checked here."""
    seen, removed = without_secrets(read(raw))
    directory = directory or Directory()
    directory.of(mail)
    sender = seen.senders[0].address if len(seen.senders) == 1 else ""
    noise = noisiness(
        seen.headers.pairs,
        envelope_sender=mail.envelope_sender,
        subject=seen.subject,
        from_address=sender,
        own_addresses=directory.own,
    )
    return Known(mail, raw, seen, _verdict(mail, raw, sender), noise, read_bounce(raw), directory, removed)


def asks_again(known: Known) -> bool:
    """Whether nobody could be asked who wrote it, and one who is asked in a while may say."""
    age = clock.now() - known.mail.received_at
    return known.verdict.reason == "temperror" and _is_checked_here(known.mail) and age < ASKED_FOR


def _is_checked_here(mail: IncomingMail) -> bool:
    return settings.MAIL_CHECK_SENDERS and came_by_server(mail)


def _verdict(mail: IncomingMail, raw: bytes, sender: str) -> Verdict:
    if mail.raw_state == RawState.REWRITTEN and mail.proof:
        # What its sender signed is not there any more; it was looked at when it came.
        return Verdict(Proof(mail.proof), mail.proof_reason)
    if head_size(raw) > MAX_HEAD:
        return Verdict(Proof.NOTHING, "unreadable results")
    # As they came: decoded, a comma in a name would make two senders of one.
    headers = head_fields(raw)
    if _is_checked_here(mail):
        found = check_senders(
            raw,
            envelope_sender=mail.envelope_sender or "",
            peer=mail.peer or "",
            helo=mail.helo,
            authserv_id=_OURS,
        )
        senders = [field for field in headers if field[0].lower() == "from"]
        return verdict([("Authentication-Results", found), *senders], from_address=sender, authserv_id=_OURS)
    trusted = (mail.mailbox.authserv_id if mail.mailbox else "") or settings.MAIL_AUTHSERV_ID
    return verdict(headers, from_address=sender, authserv_id=trusted)


def _addresses(mail: IncomingMail, seen: ReadMail) -> list[str]:
    written = [value for name in _DELIVERED_TO for value in seen.headers.all(name)]
    people = [person.address for person in (*seen.to, *seen.cc)]
    return known_addresses([*mail.recipients, *(value.strip(" <>") for value in written), *people])
