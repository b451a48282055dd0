"""Which addresses are ours, and whose mail arrives at them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from email.utils import parseaddr

from django.conf import settings

from accounts.models import Brand
from accounts.rules.contact import normal_email
from tickets.models import IncomingMail, Mailbox
from tickets.rules.intake import clean_line
from tickets.rules.mail_addresses import untagged


@dataclass(frozen=True)
class Addressed:
    """A mailbox of ours, and the tag by which its sender addressed it ("" for none)."""

    mailbox: Mailbox
    tag: str


class Directory:
    """All mailboxes and addresses of ours, read once for whatever is asked about one mail."""

    def __init__(self) -> None:
        boxes = list(Mailbox.objects.select_related("brand"))
        self._by_id: dict[int | None, Mailbox] = {box.pk: box for box in boxes}
        self._boxes = {normal_email(box.address): box for box in boxes if box.is_active}
        brands = Brand.objects.order_by().values_list("email", flat=True)
        sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
        #: Every address that we write from or receive at.
        self.own = frozenset(
            normal_email(address) for address in [*brands, *(box.address for box in boxes), sender] if address
        )

    def of(self, mail: IncomingMail) -> None:
        """Tell a mail its mailbox and brand, which are known here already."""
        box = self._by_id.get(mail.mailbox_id)
        if box is not None and box.brand_id == mail.brand_id:
            mail.mailbox, mail.brand = box, box.brand

    def addressed(self, addresses: Iterable[str]) -> list[Addressed]:
        """The mailboxes of ours among these addresses, in their order, each once for each tag."""
        found = (_addressed(address, self._boxes) for address in _wanted(addresses))
        return [one for one in found if one is not None]


def addressed(addresses: Iterable[str]) -> list[Addressed]:
    """The same for one question alone, by an index."""
    wanted = _wanted(addresses)
    names = {*wanted, *(untagged(address)[0] for address in wanted)}
    rows = Mailbox.objects.filter(is_active=True, address__in=names).select_related("brand")
    ours = {normal_email(row.address): row for row in rows}
    found = (_addressed(address, ours) for address in wanted)
    return [one for one in found if one is not None]


def _wanted(addresses: Iterable[str]) -> list[str]:
    # What PostgreSQL would not even look for (NUL, half a character) is left out as when the mail is read.
    return list(dict.fromkeys(normal_email(clean_line(address)) for address in addresses))


def _addressed(address: str, ours: dict[str, Mailbox]) -> Addressed | None:
    if address in ours:
        return Addressed(ours[address], "")
    name, tag = untagged(address)
    mailbox = ours.get(name) if tag else None
    return Addressed(mailbox, tag) if mailbox is not None and mailbox.takes_tags else None


def receiving_mailbox(brand: Brand) -> Mailbox | None:
    """Where answers to a brand's mail arrive: its own address, or else the first of its mailboxes."""
    rows = list(Mailbox.objects.filter(brand=brand, is_active=True).order_by("pk"))
    own = normal_email(brand.email)
    return next((row for row in rows if normal_email(row.address) == own), rows[0] if rows else None)


def own_addresses() -> frozenset[str]:
    """Every address that we write from or receive at. Mail from one of them is our own, come back or made up."""
    return Directory().own
