"""A mail that was read, without what may not be stored: before anything is judged, filed or copied of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tickets.actions.intake import Admission
from tickets.channels.email.kept_ids import kept_id
from tickets.channels.email.reading import Address, ReadMail
from tickets.channels.email.reading.html.markup import read_markup
from tickets.channels.email.reading.html.plain import plain_text
from tickets.rules.secrets import Kind
from tickets.rules.secrets.guard import guard


def without_secrets(mail: ReadMail) -> tuple[ReadMail, tuple[Kind, ...]]:
    """The mail as it may be kept, and which kinds of secrets it held.

    Where a secret is in it, its HTML is not kept at all: tags may stand between any two letters of one, and only what a
    reader sees of it can be judged. Its text says the same.
    """
    entering = Admission()
    subject, text = entering.line(mail.subject), entering.text(mail.text)
    if mail.html:
        entering.text(plain_text(read_markup(mail.html).events))
        entering.text(mail.html)  # what stands in attributes: addresses of links, descriptions of pictures
    kept = replace(
        mail,
        message_id=kept_id(mail.message_id),
        in_reply_to=tuple(map(kept_id, mail.in_reply_to)),
        references=tuple(map(kept_id, mail.references)),
        subject=subject,
        text=text,
        html="" if entering.removed else mail.html,
        senders=_named(mail.senders, entering),
        reply_to=_named(mail.reply_to, entering),
        to=_named(mail.to, entering),
        cc=_named(mail.cc, entering),
    )
    return kept, entering.removed


def _named(people: Sequence[Address], entering: Admission) -> tuple[Address, ...]:
    """An address that holds a secret is no address: it is kept nowhere, and nobody is known by it."""
    return tuple(
        replace(one, name=entering.text(one.name), address="" if _is_secret(one, entering) else one.address)
        for one in people
    )


def _is_secret(one: Address, entering: Admission) -> bool:
    if not guard(one.address).kinds:
        return False
    entering.text(one.address)
    return True
