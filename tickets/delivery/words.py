"""What each mail says. One function for each purpose; ``render`` puts the words on paper. Those to members of staff
stand in ``staff_words``.

Called with the reader's language active. Every mail says who we are, which case it is about, and what to do next.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helpdesk.lib import clock
from tickets.actions.links import issue_link
from tickets.choices import Channel, MailPurpose, TimerKind, TimerState
from tickets.delivery import act_words, staff_words
from tickets.delivery.emergencies import emergency
from tickets.delivery.forwards import forward
from tickets.delivery.letters import Item, Letter, moment, plain_words, shown_subject, words_of
from tickets.delivery.privacy_words import privacy
from tickets.models import MailCopy, OutboxMail, ProofChallenge, Ticket, Timer
from tickets.models.proof import code_key
from tickets.queries.correspondence import who_put_in_copy
from tickets.queries.links import newest_link, tracking_path
from tickets.queries.mailboxes import receiving_mailbox
from tickets.queries.proof import token_of as proof_token
from tickets.queries.removed_secrets import kinds_in
from tickets.queries.support_codes import code_of as support_code_of
from tickets.rules.intake import clean_line
from tickets.rules.proof import code_of as proof_code
from tickets.rules.secrets.words import advice_for

SAID_AT_MOST = 300
NAMED_AT_MOST = 10


def letter_for(mail: OutboxMail) -> Letter:
    if mail.purpose in _OTHER_LETTERS:
        return _OTHER_LETTERS[MailPurpose(mail.purpose)](mail)
    assert mail.ticket is not None
    letter = _LETTERS[MailPurpose(mail.purpose)](mail, mail.ticket)
    return replace(letter, after=(*letter.after, *really_us(mail)))


def really_us(mail: OutboxMail) -> tuple[str, ...]:
    """How to find out that the mail is ours. The address is to be typed: a link could lead to a page that says yes to
    everything."""
    code = support_code_of(mail)
    if not code or mail.ticket is None:
        return ()
    where = f"{settings.PUBLIC_URL.partition('://')[2]}/{mail.ticket.brand.slug}/really-us/"
    said = _(
        "Is this mail really from us? Type %(where)s into your browser by hand and enter this code: %(code)s"
    )
    return (said % {"where": where, "code": code},)


def _receipt(mail: OutboxMail, ticket: Ticket) -> Letter:
    lead = [_("Your case has the number %(number)s.") % {"number": ticket.display_number}]
    if promised := _promised(ticket):
        lead.append(_("We will answer by %(time)s.") % {"time": _moment(promised, ticket)})
    return Letter(
        subject=_subject(ticket),
        heading=_("We have your message"),
        lead=(*lead, *_not_taken(mail)),
        said_title=_("What you told us"),
        said=plain_words(_shortened(mail.message.plain if mail.message else "")),
        button=_("Follow your case"),
        address=_tracking_address(ticket),
        after=(
            _("Whoever has this link can read your case. Please do not pass it on."),
            _never_asked(),
            _("You did not write to us? Then somebody mistyped an address, and you need not do anything."),
        ),
    )


def _reply(mail: OutboxMail, ticket: Ticket) -> Letter:
    return Letter(
        subject=_subject(ticket),
        heading=_("We have answered you"),
        lead=(),
        said=words_of(mail.message),
        button=_("Read and answer"),
        address=_tracking_address(ticket),
        after=(*_by_mail(ticket), *_files(mail), _never_asked()),
    )


def _incomplete(mail: OutboxMail, ticket: Ticket) -> Letter:
    return Letter(
        subject=_subject(ticket),
        heading=_("Part of your mail did not arrive"),
        lead=(_("We have your message. Only this is missing:"), *_not_taken(mail)),
        button=_("Add it to your case"),
        address=_tracking_address(ticket),
        after=(_never_asked(),),
    )


def _not_taken(mail: OutboxMail) -> tuple[str, ...]:
    """What of a customer's mail could not come in, and what to do about it."""
    copy = MailCopy.objects.defer("text", "html").filter(message=mail.message_id).first()
    if copy is None or not (copy.is_cut or copy.withheld):
        return ()
    lines = []
    if copy.is_cut:
        limit = filesizeformat(settings.MAIL_MAX_BYTES)
        lines.append(_("Your mail was larger than %(limit)s: its end was not taken.") % {"limit": limit})
    if copy.withheld:
        names = _(", ").join(f"“{file['name']}”" for file in copy.withheld[:NAMED_AT_MOST])
        lines.append(_("Not taken: %(names)s.") % {"names": names})
    limit = filesizeformat(settings.ATTACHMENT_MAX_MB * 1024 * 1024)
    lines.append(
        _(
            "Add what matters by the link below: pictures, PDF, Word, Excel, text or video, up to %(limit)s each."
        )
        % {"limit": limit}
    )
    return tuple(lines)


def _copy(mail: OutboxMail, ticket: Ticket) -> Letter:
    """To somebody in copy: our words and nothing that opens the case."""
    is_solved = mail.context.get("of") == MailPurpose.SOLVED
    words = words_of(mail.message)
    by = {"name": who_put_in_copy(ticket, mail.to)}
    return Letter(
        subject=_subject(ticket),
        heading=_("We believe this case is solved") if is_solved else _("Copy of our answer"),
        lead=(
            _("You were put in copy of this case by %(name)s.") % by,
            *(
                ()
                if mail.message
                else (_("We have marked it as solved. There is nothing more for you to do."),)
            ),
        ),
        said=words,
        after=(
            _("What you answer to this mail is added to the case; whoever opened it can read it."),
            _("You do not want to be in copy? Tell us so in an answer."),
            _never_asked(),
        ),
    )


def _check(mail: OutboxMail) -> Letter:
    by = {"name": mail.context.get("by", "")}
    if token := mail.context.get("token"):
        return Letter(
            subject=f"{_('Check of the mail path')} {token}",
            heading=_("Check of the mail path"),
            lead=(
                _(
                    "This mail was sent to find out whether mail to this address arrives. %(name)s asked for it."
                )
                % by,
                _("It is taken note of and goes no further. Nobody needs to do anything."),
            ),
        )
    return Letter(
        subject=_("A mail to try out"),
        heading=_("It works"),
        lead=(
            _(
                "This mail was sent to find out whether mail leaves, and what it looks like. %(name)s asked for it."
            )
            % by,
            _("Nobody needs to do anything."),
        ),
    )


def _solved(mail: OutboxMail, ticket: Ticket) -> Letter:
    words = words_of(mail.message)
    until = (ticket.solved_at or mail.created_at) + timedelta(days=settings.REOPEN_DAYS)
    return Letter(
        subject=_subject(ticket),
        heading=_("We believe your case is solved"),
        lead=()
        if mail.message
        else (_("We have marked it as solved. There is nothing more for you to do."),),
        said=words,
        button=_("Open your case"),
        address=_tracking_address(ticket),
        after=(
            *_files(mail),
            _still_wrong(ticket) % {"time": _moment(until, ticket)},
            _never_asked(),
        ),
    )


def _link(mail: OutboxMail, ticket: Ticket) -> Letter:
    link = newest_link(ticket) or issue_link(ticket)
    return Letter(
        subject=_subject(ticket),
        heading=_("Your link"),
        lead=(
            _("With this link you can follow case %(number)s until %(time)s.")
            % {"number": ticket.display_number, "time": _moment(link.expires_at, ticket)},
        ),
        button=_("Follow your case"),
        address=_tracking_address(ticket),
        after=(
            _("Whoever has this link can read your case. Please do not pass it on."),
            _("You did not ask for it? Nobody but you has received it, and you need not do anything."),
        ),
    )


def _secret(mail: OutboxMail, ticket: Ticket) -> Letter:
    """What to do now about what they sent. Nothing to open and nothing to answer: whoever writes such a mail falsely
    wants a click.
    """
    kinds = kinds_in(mail.message) if mail.message else []
    return Letter(
        subject=_subject(ticket),
        heading=_("You sent us a secret: please act now"),
        lead=(
            _(
                "In your message to us there was something that only you may know. We have removed it and kept no copy."
            ),
            _("We cannot know who saw it on the way. Please do this now:"),
        ),
        items=tuple(Item(advice.title, "", advice.steps) for advice in advice_for(kinds)),
        after=(
            _("This mail asks you for nothing. Do not answer it with the secret."),
            _never_asked(),
        ),
    )


def _code(mail: OutboxMail, ticket: Ticket) -> Letter:
    """The code is made here, at the moment of sending. ValueError for one that has run out: it is not sent late."""
    challenge = ProofChallenge.objects.filter(pk=mail.context.get("challenge"), ticket=ticket).first()
    if challenge is None or not challenge.is_open:
        raise ValueError("The code has run out.")
    return Letter(
        subject=_subject(ticket),
        heading=_("Your code"),
        lead=(
            _("With this code you show that this address is yours. It holds for ten minutes and works once."),
        ),
        facts=((_("Your code"), proof_code(code_key(), challenge.nonce)),),
        button=_("Type in the code"),
        address=f"{settings.PUBLIC_URL}/{ticket.brand.slug}/proof/{proof_token(challenge)}/",
        after=(
            _("Type it on our pages and tell it to nobody: our agents never ask for a code."),
            _("Somebody called you and asks for this code? Hang up: that is not us."),
            _("You are not talking to us? Then do nothing, and tell nobody the code."),
        ),
    )


def _act(mail: OutboxMail, ticket: Ticket) -> Letter:
    """What was done to their account. Whom it surprises must learn how to stop it."""
    act = act_words.act_of(mail)
    return Letter(
        subject=_subject(ticket),
        heading=act_words.heading(act),
        lead=act_words.lead(act),
        facts=act_words.facts(act),
        items=act_words.to_stop_it(act),
        button=_("Open your case"),
        address=_tracking_address(ticket),
        after=(*act_words.not_wanted(ticket.brand), _never_asked()),
    )


def _still_wrong(ticket: Ticket) -> str:
    if receiving_mailbox(ticket.brand) is not None:
        return _(
            "Is something still wrong? Answer this mail, or open the case by the link, by %(time)s: it goes on where "
            "it stopped. After that, what you write opens a new case that follows this one."
        )
    return _(
        "Is something still wrong? Open the case by the link and write to us by %(time)s: it goes on where "
        "it stopped. After that, what you write opens a new case that follows this one."
    )


def _by_mail(ticket: Ticket) -> tuple[str, ...]:
    """Where answers by mail arrive, it is said."""
    if receiving_mailbox(ticket.brand) is None:
        return ()
    return (_("You may simply answer this mail."),)


_LETTERS: Mapping[MailPurpose, Callable[[OutboxMail, Ticket], Letter]] = {
    MailPurpose.RECEIPT: _receipt,
    MailPurpose.INCOMPLETE: _incomplete,
    MailPurpose.REPLY: _reply,
    MailPurpose.SOLVED: _solved,
    MailPurpose.LINK: _link,
    MailPurpose.COPY: _copy,
    MailPurpose.FORWARD: forward,
    MailPurpose.SECRET: _secret,
    MailPurpose.EMERGENCY: lambda mail, ticket: emergency(
        mail, ticket, address=_tracking_address(ticket), after=_never_asked()
    ),
    MailPurpose.ACT: _act,
    MailPurpose.CODE: _code,
}
#: To people outside: what they answer belongs to the case.
OUTSIDE = frozenset(_LETTERS)
_OTHER_LETTERS: Mapping[MailPurpose, Callable[[OutboxMail], Letter]] = {
    MailPurpose.ESCALATION: staff_words.escalation,
    MailPurpose.DIGEST: staff_words.digest,
    MailPurpose.NOTICE: staff_words.notice,
    MailPurpose.CHECK: _check,
    MailPurpose.PRIVACY: privacy,
}


def _subject(ticket: Ticket) -> str:
    """The same for every mail of a case: mail programs keep them together. They pass over the "Re: " in answer to a
    mail, which tells those that look at subjects alone where it belongs.
    """
    subject = f"[{ticket.display_number}] {shown_subject(ticket)}"
    return f"Re: {subject}" if ticket.channel == Channel.EMAIL else subject


def _never_asked() -> str:
    return _(
        "We never ask for a password, payment password, one-time code, card security code, recovery phrase or "
        "private key, neither here nor on the phone. Whoever asks for them in our name is a fraudster."
    )


def _files(mail: OutboxMail) -> tuple[str, ...]:
    count = mail.message.attachments.count() if mail.message else 0
    if not count:
        return ()
    words = ngettext(
        "%(count)s file belongs to this answer. You find it in your case.",
        "%(count)s files belong to this answer. You find them in your case.",
        count,
    )
    return (words % {"count": count},)


def _shortened(text: str) -> str:
    text = clean_line(text)
    return text if len(text) <= SAID_AT_MOST else f"{text[:SAID_AT_MOST].rstrip()}…"


def _promised(ticket: Ticket) -> datetime | None:
    """When the first reply is due; a promise that is broken already is not given."""
    first_reply = Timer.objects.filter(ticket=ticket, kind=TimerKind.FIRST_RESPONSE, state=TimerState.RUNNING)
    return first_reply.filter(due_at__gt=clock.now()).values_list("due_at", flat=True).first()


def _moment(at: datetime, ticket: Ticket) -> str:
    return moment(at, ticket.brand.time_zone)


def _tracking_address(ticket: Ticket) -> str:
    """The newest link that holds. It goes to the owner's own address, so where none is left a fresh one is right."""
    link = newest_link(ticket) or issue_link(ticket)
    return f"{settings.PUBLIC_URL}{tracking_path(link, ticket.brand.slug)}"
