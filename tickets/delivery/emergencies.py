"""The mail to the owner of an account that somebody reported an emergency for: at once, and with how to undo it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tickets.delivery.letters import Item, Letter, moment
from tickets.models import OutboxMail, Ticket
from tickets.queries.emergencies import of_ticket
from tickets.queries.emergency_words import steps, stop_clock


def emergency(mail: OutboxMail, ticket: Ticket, *, address: str, after: str) -> Letter:
    """To the address on record and no other: whoever reported it gets nothing by mail."""
    found = of_ticket(ticket)
    situations = found.situations if found is not None else []
    stop = stop_clock(ticket.brand, situations, found.money_left_at if found is not None else None)
    at = moment(found.opened_at if found is not None else mail.created_at, ticket.brand.time_zone)
    hotline = ticket.brand.hotline
    title, promise = _frozen(by_hand=found is not None and found.needs_hand)
    return Letter(
        subject=f"[{ticket.display_number}] {title}",
        heading=title,
        lead=(
            _("At %(time)s somebody reported an emergency for your account on our emergency page.")
            % {"time": at},
            promise,
            _("Your case has the number %(number)s.") % {"number": ticket.display_number},
            *((f"{stop.name}: {stop.state}",) if stop is not None else ()),
        ),
        items=tuple(
            Item(title=step.title, address="", lines=(step.text,))
            for step in steps(situations, country=ticket.brand.country)
        ),
        button=_("Open your case"),
        address=address,
        after=(
            _(
                "It was not you, and nothing is wrong? Open the case and tell us so. We make sure who you are, and "
                "lift the freeze."
            ),
            *((_("You can also call us: %(number)s.") % {"number": hotline},) if hotline else ()),
            after,
        ),
    )


def _frozen(*, by_hand: bool) -> tuple[str, str]:
    """Heading, and what it means; a freeze that did not work by itself is not claimed."""
    if by_hand:
        return _("An emergency was reported for your account"), _(
            "Freezing it did not work by itself. The person on call has been alarmed and freezes it by hand. "
            "Until then money may still be moved."
        )
    return _("Your account is being frozen"), _(
        "We freeze first and ask afterwards: nobody can move money out of a frozen account, and none of it is lost."
    )
