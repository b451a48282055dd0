"""A secret was taken out of what somebody wrote: the case says so, the audit too, and the customer is told what to do.

Called in the transaction that stores the text. Nothing here ever saw the secret: only of which kind it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.core.files import File

from accounts import audit
from accounts.choices import AuditKind
from helpdesk.lib import clock
from tickets import actors
from tickets.actions import attachments
from tickets.actors import Actor
from tickets.choices import ActorKind, Channel, EventKind, Priority, Visibility
from tickets.events import emit
from tickets.models import Category, Event, Message, Ticket
from tickets.queries.categories import by_slug, is_offered
from tickets.queries.removed_secrets import read_kinds
from tickets.rules.secrets import Kind
from tickets.rules.secrets.guard import OPENS_WALLET

GUARD = actors.system("secret-guard")
TAG = "secret-removed"
#: The same advice is not mailed again within this time: who writes ten messages with a code gets one mail.
QUIET = timedelta(hours=1)


def note_removed(
    ticket: Ticket,
    message: Message,
    removed: Sequence[Kind],
    *,
    by: Actor,
    files: Sequence[File[bytes]] = (),
    is_silent: bool = False,
) -> Ticket:
    """Write down that ``message`` held secrets of these kinds, and what was found in the files that came with it; no
    kinds, nothing to write. The case as it is then.

    One event for the text, one for each file; the first of them says whether the customer is told. What a customer
    sent has consequences: they are told by mail (unless ``is_silent``: a machine answers there), the case is tagged,
    and one that may empty a wallet becomes a security incident. The row is held by the caller.
    """
    kinds = [*dict.fromkeys((*removed, *attachments.removed_from(files)))]
    if not kinds:
        return ticket
    of_customer = message.author_kind == ActorKind.CUSTOMER and message.visibility == Visibility.PUBLIC
    is_live = of_customer and message.channel != Channel.IMPORT
    of = ActorKind.CUSTOMER if of_customer else by.kind
    tells = is_live and not is_silent and not _was_told(ticket, kinds)
    if removed:
        _note_text(ticket, message, removed, by=by, of=of, tells=tells)
    attachments.tell(ticket, files, message=message, of=of, tells=tells and not removed)
    return _follow(ticket, kinds) if is_live else ticket


def _note_text(
    ticket: Ticket, message: Message, removed: Sequence[Kind], *, by: Actor, of: ActorKind, tells: bool
) -> None:
    names = [kind.value for kind in dict.fromkeys(removed)]
    emit(
        ticket,
        EventKind.SECRET_REMOVED,
        by=GUARD,
        message=message,
        kinds=names,
        of=of.value,
        tells=tells,
    )
    audit.record(
        AuditKind.SECRET_REMOVED,
        by=by.user if by.kind == ActorKind.STAFF else None,
        brand=ticket.brand,
        ticket=ticket.number,
        customer=ticket.customer,
        way=message.channel,
        kinds=names,
        message=message.pk,
    )


def _was_told(ticket: Ticket, kinds: Sequence[Kind]) -> bool:
    """The mail about a message speaks of all that was in it, its files too."""
    rows = list(
        Event.objects.filter(
            ticket=ticket, kind=EventKind.SECRET_REMOVED, at__gte=clock.now() - QUIET
        ).values_list("message", "data")
    )
    told = {message for message, data in rows if data.get("tells")}
    return set(kinds) <= set(read_kinds(data.get("kinds", []) for message, data in rows if message in told))


def _follow(ticket: Ticket, kinds: Sequence[Kind]) -> Ticket:
    """Tag, category and priority, by the verbs that people use, so that routing and clocks follow."""
    from tickets.actions import tickets  # which calls this

    if TAG not in ticket.tags and len(ticket.tags) < tickets.MAX_TAGS:
        ticket = tickets.set_tags(ticket, tags=[*ticket.tags, TAG], by=GUARD)
    if not OPENS_WALLET & set(kinds):
        return ticket
    incident = _incident_category(ticket)
    if incident is not None:
        ticket = tickets.set_category(ticket, category=incident, by=GUARD)
    if ticket.priority < Priority.URGENT:
        ticket = tickets.set_priority(ticket, priority=Priority.URGENT, by=GUARD)
    return ticket


def _incident_category(ticket: Ticket) -> Category | None:
    """The brand's category for security incidents; None where it has none, or the case is one already."""
    category = by_slug(settings.SECURITY_INCIDENT_CATEGORY)
    if category is None or not category.is_active or not is_offered(category, ticket.brand):
        return None
    here = ticket.category
    if here is not None and any(node.pk == category.pk for node in here.lineage()):
        return None
    return category
