"""A report of a scam from a page that anybody may use: with a case where there is a picture, or somebody to answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.core.files.base import File
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.actions import customers
from accounts.models import Customer
from helpdesk.lib.defang import defanged
from tickets import actors
from tickets.actions.scams import DESK, ScamSaid, report
from tickets.actions.tickets import NewTicket, open_ticket
from tickets.choices import Channel, ScamKind
from tickets.models import Category, ScamCampaign, Ticket
from tickets.queries.offered import offered

TAG = "scam"
#: Where such cases go: the first of these that the brand offers.
CATEGORIES = ("scam-report", "security-incident")


@dataclass(frozen=True)
class Filed:
    campaign: ScamCampaign
    ticket: Ticket | None = None


@transaction.atomic
def file_report(
    said: ScamSaid, *, customer: Customer | None, files: Sequence[File[bytes]] = (), language: str
) -> Filed:
    """Keep the report. ``customer`` None: nobody to answer to; then only a picture makes a case of it.

    Raises Invalid for files or text that may not come in.
    """
    if customer is None and not files:
        return Filed(report(said, by=DESK))
    who = customer or _nobody(said, language)
    ticket = _open(said, who, files, language)
    by = actors.customer(who) if customer is not None else DESK
    return Filed(report(replace(said, ticket=ticket, has_picture=bool(files)), by=by), ticket)


def _nobody(said: ScamSaid, language: str) -> Customer:
    """Stands for all who left no address: nothing is ever sent there."""
    return customers.find_or_create(
        email=f"{said.brand.slug}.scam-reports@account.invalid", language=language
    )


def _open(said: ScamSaid, customer: Customer, files: Sequence[File[bytes]], language: str) -> Ticket:
    named = next((sign.value for sign in said.signs if sign.value), "")
    with translation.override(language):
        what = defanged(named) or str(ScamKind.PICTURE.label)
        subject = _("Scam reported: %(what)s") % {"what": what}
        lines = [said.remark.strip() or subject, *(sign.value for sign in said.signs if sign.value)]
    new = NewTicket(
        brand=said.brand,
        customer=customer,
        category=_category(said),
        subject=subject,
        body="\n".join(lines),
        attachments=files,
        channel=Channel.WEB,
        language=language,
        tags=[TAG],
        origin_key=f"scam:{customer.pk}:{said.origin_key}" if said.origin_key else None,
    )
    return open_ticket(new, by=actors.customer(customer))


def _category(said: ScamSaid) -> Category | None:
    found = {row.slug: row for row in offered(said.brand)}
    return next((found[slug] for slug in CATEGORIES if slug in found), None)
