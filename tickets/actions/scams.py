"""Reports of scams: kept, put with what belongs together, judged. Nothing of what was reported is ever fetched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.choices import AuditKind
from accounts.models import Brand
from accounts.rules.capabilities import Capability
from helpdesk.lib import clock
from helpdesk.lib.defang import defanged
from helpdesk.lib.errors import Conflict, DomainError, Invalid
from tickets.actions import intake
from tickets.actors import Actor, system
from tickets.choices import EventKind, ScamKind, ScamState
from tickets.events import emit
from tickets.models import ScamCampaign, ScamKey, ScamReport, Ticket
from tickets.queries import scams as queries
from tickets.rules.scams import Sign, is_ours, keys_of

DESK = system("scams")
MAX_REMARK = 1000
MAX_TITLE = 200
MAX_ADVICE = 300
_TRIES = 4


class OursIsNoScam(DomainError):
    code = "scam_is_ours"
    status = 409
    message = _(
        "“%(value)s” is an address of ours. Take such reports for harmless, or move them to another campaign."
    )


@dataclass(frozen=True)
class ScamSaid:
    """What somebody reported. ``signs`` may be empty where there is a picture or words; ``origin_key`` names the one
    act of sending.
    """

    brand: Brand
    signs: Sequence[Sign] = ()
    remark: str = ""
    lost_money: bool = False
    has_picture: bool = False
    ticket: Ticket | None = None
    origin_key: str | None = None


def report(said: ScamSaid, *, by: Actor) -> ScamCampaign:
    """Keep a report, and put it where it belongs. The same form again is the same report.

    Raises Invalid where nothing was named.
    """
    try:
        with transaction.atomic():
            return _report(said, by)
    except IntegrityError:
        # The same form twice in one moment.
        known = _sent_before(said)
        if known is None:
            raise
        return known


def _sent_before(said: ScamSaid) -> ScamCampaign | None:
    if said.origin_key is None:
        return None
    row = ScamReport.objects.filter(origin_key=said.origin_key).select_related("campaign").first()
    return row.campaign if row is not None else None


def _report(said: ScamSaid, by: Actor) -> ScamCampaign:
    known = _sent_before(said)
    if known is not None:
        return known
    remark = intake.admit_full_text(said.remark, limit=MAX_REMARK)
    signs = list(dict.fromkeys(said.signs)) or (
        [Sign(ScamKind.PICTURE, "")] if said.has_picture or remark else []
    )
    if not signs:
        raise Invalid({"what": _("Give us the link, number or address, or a picture of it.")})
    campaign = _campaign(signs, remark)
    now = clock.now()
    ScamReport.objects.bulk_create(
        ScamReport(
            campaign=campaign,
            brand=said.brand,
            ticket=said.ticket,
            kind=sign.kind,
            value=sign.value,
            remark=remark if place == 0 else "",
            lost_money=said.lost_money and place == 0,
            reported_by=by.user,
            created_at=now,
            origin_key=f"{said.origin_key}:{place}" if said.origin_key and place else said.origin_key,
        )
        for place, sign in enumerate(signs)
    )
    ScamCampaign.objects.filter(pk=campaign.pk).update(count=F("count") + 1, last_seen=now)
    campaign.brands.add(said.brand)
    _announce(said, campaign, signs, by)
    campaign.refresh_from_db()
    return campaign


def _announce(said: ScamSaid, campaign: ScamCampaign, signs: Sequence[Sign], by: Actor) -> None:
    shown = [defanged(sign.value) for sign in signs if sign.value]
    if said.ticket is not None:
        value = ", ".join(shown) or str(ScamKind.PICTURE.value)
        emit(said.ticket, EventKind.SCAM_REPORTED, by=by, value=value, campaign=campaign.pk)
    audit.record(
        AuditKind.SCAM_REPORTED,
        by=by.user,
        brand=said.brand,
        ticket=said.ticket.number if said.ticket else "",
        campaign=campaign.pk,
        signs=shown[:12],
    )


def _campaign(signs: Sequence[Sign], remark: str) -> ScamCampaign:
    """The campaign to which the surest sign belongs, else a new one; its row held. Two at once with the same new sign
    meet at the unique key: one makes the campaign, the other finds it.
    """
    keys = keys_of(signs, remark)
    for _try in range(_TRIES):
        known = _known(keys)
        try:
            with transaction.atomic():
                campaign = known or ScamCampaign.objects.create(title=_title(signs, remark))
                rows = [ScamKey(key=key, campaign=campaign) for key in sorted(keys)]
                # A sign that another campaign has stays there: whoever judges sees that they are near.
                ScamKey.objects.bulk_create(rows, ignore_conflicts=known is not None)
        except IntegrityError:
            continue
        held = _held(campaign.pk)
        if held.merged_into_id is None:
            return held
    raise Conflict


def _known(keys: Sequence[str]) -> ScamCampaign | None:
    rows = {row.key: row.campaign for row in ScamKey.objects.filter(key__in=keys).select_related("campaign")}
    return next((rows[key] for key in keys if key in rows), None)


def _held(pk: int) -> ScamCampaign:
    return ScamCampaign.objects.select_for_update(no_key=True).get(pk=pk)


def _title(signs: Sequence[Sign], remark: str) -> str:
    named = next((sign.value for sign in signs if sign.value), "")
    return (defanged(named) or defanged(remark[:60]) or str(ScamKind.PICTURE.label))[:MAX_TITLE]


@dataclass(frozen=True)
class Judgement:
    """``advice`` by language ("zh", "en"): what customers read of it."""

    state: ScamState
    title: str = ""
    advice: Mapping[str, str] | None = None


@transaction.atomic
def judge(campaign: ScamCampaign, judgement: Judgement, *, by: Actor) -> ScamCampaign:
    """Say what it is: a scam, one that customers are warned of, or none. Raises OursIsNoScam or Conflict."""
    campaign = _mine(campaign, by)
    before, state = campaign.state, judgement.state
    if state in queries.KNOWN:
        _refuse_ours(campaign)
    campaign.state = state
    if title := intake.admit_full_text(judgement.title, limit=MAX_TITLE):
        campaign.title = defanged(title)
    if judgement.advice is not None:
        campaign.advice_zh = defanged(
            intake.admit_full_text(judgement.advice.get("zh", ""), limit=MAX_ADVICE)
        )
        campaign.advice_en = defanged(
            intake.admit_full_text(judgement.advice.get("en", ""), limit=MAX_ADVICE)
        )
    campaign.judged_by, campaign.judged_at = by.user, clock.now()
    campaign.save()
    # Not what it is called: that may be what somebody who reported it wrote, and this log is never emptied.
    said: dict[str, Any] = {"campaign": campaign.pk, "from": before, "to": state.value}
    audit.record(AuditKind.SCAM_JUDGED, by=by.user, **said)
    return campaign


def _mine(campaign: ScamCampaign, by: Actor) -> ScamCampaign:
    by.require(Capability.JUDGE_SCAMS)
    held = _held(campaign.pk)
    if held.merged_into_id is not None:
        raise Conflict
    return held


def _refuse_ours(campaign: ScamCampaign) -> None:
    """Nobody may have the desk warn of its own pages, or a mail filter block them."""
    own = queries.own_hosts()
    for row in queries.signs_of(campaign):
        if row.value and is_ours(Sign(row.kind, row.value), own):
            raise OursIsNoScam(OursIsNoScam.message % {"value": row.shown})


@transaction.atomic
def merge(campaign: ScamCampaign, into: ScamCampaign, *, by: Actor) -> ScamCampaign:
    """They are one: reports and signs go over, and what comes later finds ``into``. Raises Invalid or Conflict."""
    if campaign.pk == into.pk:
        raise Invalid({"into": _("Choose another campaign.")})
    # In one order, whoever merges which into which at the same time.
    held = {
        row.pk: row for row in (_mine(one, by) for one in sorted((campaign, into), key=lambda row: row.pk))
    }
    source, target = held[campaign.pk], held[into.pk]
    ScamKey.objects.filter(campaign=source).update(campaign=target)
    ScamReport.objects.filter(campaign=source).update(campaign=target)
    target.brands.add(*source.brands.all())
    target.count += source.count
    target.first_seen = min(target.first_seen, source.first_seen)
    target.last_seen = max(target.last_seen, source.last_seen)
    target.save(update_fields=["count", "first_seen", "last_seen"])
    source.merged_into, source.count = target, 0
    source.save(update_fields=["merged_into", "count"])
    ScamCampaign.objects.filter(merged_into=source).update(merged_into=target)
    audit.record(AuditKind.SCAM_JUDGED, by=by.user, campaign=source.pk, merged_into=target.pk)
    return target
