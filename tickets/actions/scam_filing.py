"""A report of a scam from a page that anybody may use: with a case where there is a picture, or somebody to answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.core.files.base import File
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import audit
from accounts.actions import customers
from accounts.choices import AuditKind
from accounts.models import Customer
from helpdesk.lib.defang import defanged
from tickets import actors
from tickets.actions.scams import DESK, ScamSaid, report
from tickets.actions.tickets import NewTicket, open_ticket
from tickets.choices import Channel, ScamKind
from tickets.models import Category, ScamCampaign, Ticket
from tickets.queries.offered import offered
from tickets.queries.removed_secrets import kinds_at_opening
from tickets.rules.secrets import Kind
from tickets.rules.secrets.guard import guard

TAG = "scam"
#: Where such cases go: the first of these that the brand offers.
CATEGORIES = ("scam-report", "security-incident")


@dataclass(frozen=True)
class Filed:
    """``removed``: of which kinds secrets were taken out of it, in words and files."""

    campaign: ScamCampaign
    ticket: Ticket | None = None
    removed: Sequence[Kind] = ()


@transaction.atomic
def file_report(
    said: ScamSaid, *, customer: Customer | None, files: Sequence[File[bytes]] = (), language: str
) -> Filed:
    """Keep the report. ``customer`` None: nobody to answer to; then only a picture makes a case of it.

    Raises Invalid for files or text that may not come in.
    """
    if customer is None and not files:
        return Filed(report(said, by=DESK), removed=_note_removed(said))
    who = customer or _nobody(said, language)
    ticket = _open(said, who, files, language)
    by = actors.customer(who) if customer is not None else DESK
    campaign = report(replace(said, ticket=ticket, has_picture=bool(files)), by=by)
    return Filed(campaign, ticket, removed=kinds_at_opening(ticket))


def secrets_of(*texts: str) -> tuple[Kind, ...]:
    """What is taken out of what somebody wrote into the form, before any of it is kept; read together, too: a phrase
    may go on in the next field."""
    readings = (*texts, "\n".join(texts))
    return tuple(dict.fromkeys(kind for text in readings for kind in guard(text).kinds))


def _note_removed(said: ScamSaid) -> Sequence[Kind]:
    """No case says so: the audit does, and the page that follows tells whoever sent it."""
    kinds = secrets_of(said.remark, "\n".join(sign.value for sign in said.signs))
    if kinds:
        names = [kind.value for kind in kinds]
        audit.record(AuditKind.SECRET_REMOVED, by=None, brand=said.brand, kinds=names, of="customer")
    return kinds


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
