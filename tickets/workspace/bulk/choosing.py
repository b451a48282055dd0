"""Which tickets somebody chose in the queue, kept while they say what is to become of them."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.core.cache import cache
from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.models import User
from helpdesk.lib.errors import Invalid
from tickets.actions.bulk import MOST
from tickets.actions.bulk_outlook import last_seen
from tickets.models import Ticket
from tickets.models.tickets import TicketQuerySet
from tickets.queries import inbox, search
from tickets.rules import numbers
from tickets.rules.intake import clean_line
from tickets.workspace.address import Address

#: So long what was chosen is kept, counted from when it was last looked at.
SECONDS = 3600


@dataclass(frozen=True)
class Chosen:
    """``seen``: by ticket, the last public message at the time; looked up once something is to be said.

    ``there_are_more``: the view holds more than may be chosen at once.
    """

    token: str
    tickets: list[int]
    there_are_more: bool = False
    seen: Mapping[int, int] = field(default_factory=dict)


def choose(user: User, post: QueryDict) -> Chosen:
    """What the form names: tickets by their numbers, or all that match the view's address. Raises Invalid for none."""
    pks = _matching(user, post.get("address", "")) if "all" in post else _named(user, post.getlist("ticket"))
    if not pks:
        raise Invalid({"ticket": _("Choose at least one case.")})
    return _keep(user, Chosen(secrets.token_urlsafe(12), pks[:MOST], len(pks) > MOST))


def choose_again(user: User, pks: Sequence[int]) -> Chosen | None:
    """Those of them that the person sees; None for none."""
    if not pks:
        return None
    rows = Ticket.objects.visible_to(user).filter(pk__in=pks)
    seen = sorted(rows.values_list("pk", flat=True))
    return _keep(user, Chosen(secrets.token_urlsafe(12), seen)) if seen else None


def recall(user: User, token: str) -> Chosen:
    """Without those that went out of the person's sight since. Raises Invalid when it was too long ago."""
    found: Chosen | None = cache.get(_key(user, clean_line(token)[:40]))
    if found is None:
        raise Invalid({"ticket": _("That was too long ago. Please choose the cases again.")})
    rows = Ticket.objects.visible_to(user).filter(pk__in=found.tickets)
    seen = set(rows.values_list("pk", flat=True))
    return replace(found, tickets=[pk for pk in found.tickets if pk in seen])


def with_seen(user: User, chosen: Chosen) -> Chosen:
    """What the author knows of each conversation: what is there when they are first shown what they would say."""
    if chosen.seen:
        return chosen
    return _keep(user, replace(chosen, seen=last_seen(chosen.tickets)))


def _keep(user: User, chosen: Chosen) -> Chosen:
    cache.set(_key(user, chosen.token), chosen, SECONDS)
    return chosen


def _key(user: User, token: str) -> str:
    return f"bulk-chosen:{user.pk}:{token}"


def _named(user: User, texts: list[str]) -> list[int]:
    """In the order in which they are named; what this person does not see is not there."""
    stored = [number for text in texts[:MOST] if (number := numbers.parse(text))]
    rows = Ticket.objects.visible_to(user).filter(number__in=stored)  # by the unique index on the number
    known = dict(rows.values_list("number", "pk"))
    return [known[number] for number in dict.fromkeys(stored) if number in known]


def _matching(user: User, query: str) -> list[int]:
    """One more than may be chosen tells that there are more. In no order: so the planner takes the filters' index."""
    address = Address.read(QueryDict(query.lstrip("?")[:2000]), user=user)
    rows: TicketQuerySet = inbox.find(user, address.question)
    if address.q:
        rows = search.matching(rows, address.q)
    return sorted(rows.order_by().values_list("pk", flat=True)[: MOST + 1])
