"""Which addresses are ours, and whose mail arrives at them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from email.utils import parseaddr

from django.conf import settings

from accounts.models import Brand
from accounts.rules.contact import normal_email
from tickets.models import Mailbox
from tickets.rules.intake import clean_line
from tickets.rules.mail_addresses import untagged


@dataclass(frozen=True)
class Addressed:
    """A mailbox of ours, and the tag by which its sender addressed it ("" for none)."""

    mailbox: Mailbox
    tag: str


def addressed(addresses: Iterable[str]) -> list[Addressed]:
    """The mailboxes of ours among these addresses, in their order, each once for each tag."""
    # What PostgreSQL would not even look for (NUL, half a character) is left out as when the mail is read.
    wanted = [normal_email(clean_line(address)) for address in addresses]
    plain = {address: untagged(address) for address in wanted}
    names = {*wanted, *(name for name, _tag in plain.values())}
    rows = Mailbox.objects.filter(is_active=True, address__in=names).select_related("brand")
    ours = {normal_email(row.address): row for row in rows}
    found = [_addressed(address, *plain[address], ours) for address in dict.fromkeys(wanted)]
    return [one for one in found if one is not None]


def _addressed(address: str, name: str, tag: str, ours: dict[str, Mailbox]) -> Addressed | None:
    if address in ours:
        return Addressed(ours[address], "")
    mailbox = ours.get(name) if tag else None
    return Addressed(mailbox, tag) if mailbox is not None and mailbox.takes_tags else None


def receiving_mailbox(brand: Brand) -> Mailbox | None:
    """Where answers to a brand's mail arrive: its own address, or else the first of its mailboxes."""
    rows = list(Mailbox.objects.filter(brand=brand, is_active=True).order_by("pk"))
    own = normal_email(brand.email)
    return next((row for row in rows if normal_email(row.address) == own), rows[0] if rows else None)


def own_addresses() -> frozenset[str]:
    """Every address that we write from or receive at. Mail from one of them is our own, come back or made up."""
    brands = Brand.objects.values_list("email", flat=True)
    boxes = Mailbox.objects.values_list("address", flat=True)
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    return frozenset(normal_email(address) for address in [*brands, *boxes, sender] if address)
