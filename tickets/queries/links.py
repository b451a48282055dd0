"""The addresses by which one case is followed without logging in."""

from __future__ import annotations

from helpdesk.lib.signing import seal, unseal
from tickets.models import Ticket, TrackingLink

#: In a mail to the customer's address; and on the page after filing, to whoever it was that filed.
MAILED, SHOWN = "tracking_link", "tracking_link_shown"


def token_of(link: TrackingLink, *, shown: bool = False) -> str:
    """What the address carries: which row, sealed. Whether the right still holds, the row says."""
    return seal(link.pk, purpose=SHOWN if shown else MAILED)


def tracking_path(link: TrackingLink, brand_slug: str, *, shown: bool = False) -> str:
    """The path that opens the case, below PUBLIC_URL; for mails, and for the page after filing (``shown``)."""
    return f"/{brand_slug}/t/{token_of(link, shown=shown)}/"


def was_mailed(token: str) -> bool:
    """Whether the address was sent to the customer, so that who has it reads their mail."""
    return unseal(token, purpose=MAILED) is not None


def newest_link(ticket: Ticket) -> TrackingLink | None:
    """The newest link of the case that still holds."""
    return TrackingLink.objects.usable().filter(ticket=ticket).order_by("-id").first()


def link_of(token: str) -> TrackingLink | None:
    """The link an address names, usable or not, with its ticket; None for an address that we did not make."""
    pk = unseal(token, purpose=MAILED) or unseal(token, purpose=SHOWN)
    if pk is None:
        return None
    return TrackingLink.objects.select_related("ticket__brand", "ticket__customer").filter(pk=pk).first()
