"""How a verb takes hold of an author's draft. Whoever also needs the ticket's row takes the draft's first."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from accounts.models import User
from accounts.rules.capabilities import Capability
from helpdesk.lib.errors import NotAllowed
from tickets.actors import Actor
from tickets.gateways.storage import private_storage
from tickets.models import Draft, DraftFile, Message, Ticket


def author_of(by: Actor) -> User:
    by.require(Capability.WORK_TICKETS)
    if by.user is None:
        raise NotAllowed
    return by.user


def begin(ticket: Ticket, author: User) -> Draft:
    """The author's draft, its row held; an empty one where there was none."""
    Draft.objects.bulk_create([Draft(author=author, ticket=ticket, version=0)], ignore_conflicts=True)
    return Draft.objects.select_for_update().get(author=author, ticket=ticket)


def held(ticket: Ticket, author: User) -> Draft | None:
    return Draft.objects.select_for_update().filter(author=author, ticket=ticket).first()


def key_of(author: User, origin_key: str) -> str | None:
    """As it stands in the message; None for a form without one."""
    return f"workspace:{author.pk}:{origin_key}" if origin_key else None


def was_sent(author: User, origin_key: str) -> bool:
    key = key_of(author, origin_key)
    return key is not None and Message.objects.filter(origin_key=key).exists()


def remove_stored(rows: Iterable[DraftFile]) -> None:
    """Once the rows are gone for good. What a killed process leaves behind, ``lost_files`` finds."""
    for name in [str(row.file.name) for row in rows]:
        transaction.on_commit(lambda name=name: private_storage().delete(name))  # type: ignore[misc]
