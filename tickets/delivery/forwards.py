"""A conversation as it is passed on to somebody outside: our words, what was said before, and the files."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from tickets.choices import FileState
from tickets.delivery.letters import Letter, Words, moment, shown_subject, words_of
from tickets.models import Attachment, Message, OutboxMail, Ticket
from tickets.queries.mailboxes import receiving_mailbox


class FilesWait(Exception):
    """A file that goes along is being checked for viruses: the mail leaves afterwards."""

    def __str__(self) -> str:
        return "A file that goes along is being checked for viruses."


def forward(mail: OutboxMail, ticket: Ticket) -> Letter:
    by = {"name": mail.message.author_name if mail.message else "", "brand": ticket.brand.name}
    return Letter(
        subject=_("Fwd: %(subject)s") % {"subject": f"[{ticket.display_number}] {shown_subject(ticket)}"},
        heading=_("A case is passed on to you"),
        lead=(_("%(name)s of %(brand)s passes this conversation on to you.") % by,),
        said=words_of(mail.message),
        conversation=tuple(_passed_on(mail, ticket)),
        after=(
            *(
                (_("Your answer to this mail goes to %(brand)s; the customer does not see it.") % by,)
                if receiving_mailbox(ticket.brand) is not None
                else ()
            ),
            _("This mail was not meant for you? Please tell us so in an answer, and delete it."),
        ),
    )


def _passed_on(mail: OutboxMail, ticket: Ticket) -> Iterator[Words]:
    """The messages that were chosen, oldest first. What was taken back since is not passed on."""
    chosen = Message.objects.for_customers().filter(ticket=ticket, pk__in=mail.context.get("messages", []))
    sent_along = set(mail.context.get("files", []))
    for message in chosen.prefetch_related("attachments"):
        who = message.signed
        yield Words(
            html=message.html,
            plain=message.plain,
            title=_("%(name)s, %(time)s")
            % {"name": who, "time": moment(message.created_at, ticket.brand.time_zone)},
            files=tuple(
                file.name for file in message.attachments.all() if file.pk in sent_along and file.is_ready
            ),
        )


def files_of(mail: OutboxMail) -> list[Attachment]:
    """What leaves with the mail: the author's own files, and those of the conversation that were chosen; not those of
    a message that was taken back since, nor what is in quarantine. Raises FilesWait while one is being checked.
    """
    own = list(mail.message.attachments.all()) if mail.message else []
    standing = Message.objects.for_customers().filter(ticket=mail.ticket_id)
    chosen = Attachment.objects.filter(message__in=standing, pk__in=mail.context.get("files", []))
    going = [*own, *chosen.order_by("pk")]
    if any(file.state == FileState.WAITING for file in going):
        raise FilesWait
    return [file for file in going if file.is_ready]
