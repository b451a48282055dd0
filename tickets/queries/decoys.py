"""What the finished cases of real people look like, so that a decoy's looks the same."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from accounts.models import Brand, Decoy
from tickets.choices import MailState, Status
from tickets.models import OutboxMail, Ticket
from tickets.models.tickets import TicketQuerySet

#: So many of the newest are looked at.
LATELY = 200


@dataclass(frozen=True)
class Manner:
    """How the other finished cases of the brand look: cases from another system, say, have no mails of ours."""

    mails: bool = True
    #: Parts of seconds.
    fractions: bool = True

    def at(self, moment: datetime) -> datetime:
        return moment if self.fractions else moment.replace(microsecond=0)


def _finished(brand: Brand) -> TicketQuerySet:
    """Cases of real people, the newest first. By ``ticket_brand_opened``."""
    rows = Ticket.objects.filter(brand=brand, status=Status.CLOSED)
    return rows.exclude(customer__in=Decoy.objects.values("customer")).order_by("-created_at")


def manner_of(brand: Brand) -> Manner:
    seen = dict(_finished(brand).values_list("pk", "created_at")[:LATELY])
    if not seen:
        return Manner()
    mails = OutboxMail.objects.filter(ticket__in=seen, state=MailState.SENT).exists()
    return Manner(mails, any(at.microsecond for at in seen.values()))


def usual_tags(ticket: Ticket) -> list[str]:
    """What at least a third of such cases carry."""
    rows = _finished(ticket.brand).filter(category=ticket.category)
    seen = list(rows.values_list("tags", flat=True)[:LATELY])
    counted = Counter(tag for tags in seen for tag in tags)
    usual = {tag for tag, count in counted.items() if count > 1 and 3 * count >= len(seen)}
    return [*ticket.tags, *sorted(usual - set(ticket.tags))] if usual else []
