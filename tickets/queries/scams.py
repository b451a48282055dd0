"""Campaigns of scams as the desk, customers and other programs see them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Count, Max, Min, QuerySet

from accounts import access
from accounts.models import Brand, User
from accounts.rules.capabilities import Capability
from helpdesk.lib.defang import defanged
from helpdesk.lib.signing import seal, unseal
from tickets.choices import ScamKind, ScamState
from tickets.models import ScamCampaign, ScamFeed, ScamKey, ScamReport
from tickets.queries.emergencies import brands_of
from tickets.rules.scams import Sign, host_of, is_shared, key_of, text_keys
from tickets.rules.visibility import scope_of

PURPOSE = "scam_feed"
#: What a mail filter may act on.
KNOWN = (ScamState.CONFIRMED, ScamState.PUBLISHED)
MOST_SIGNS = 100
MOST_LISTED = 50_000
_LOOKED_AT = 50


def visible_to(user: User) -> QuerySet[ScamCampaign]:
    """Those that touch one of the person's brands; what was merged is in none."""
    if not access.can(user, Capability.JUDGE_SCAMS):
        return ScamCampaign.objects.none()
    touched = ScamCampaign.brands.through.objects.filter(brand__in=brands_of(user))
    return ScamCampaign.objects.filter(merged_into=None, pk__in=touched.values("scamcampaign_id"))


@dataclass(frozen=True)
class Named:
    """One sign of a campaign, as it is shown, and how often it was reported."""

    kind: ScamKind
    value: str
    count: int
    first: datetime
    last: datetime

    @property
    def shown(self) -> str:
        return defanged(self.value) if self.value else str(self.kind.label)


def signs_of(campaign: ScamCampaign) -> list[Named]:
    """The most often reported first; by ``scam_by_campaign``."""
    rows = (
        ScamReport.objects.filter(campaign=campaign)
        .order_by()
        .values_list("kind", "value")
        .annotate(count=Count("pk"), first=Min("created_at"), last=Max("created_at"))
        .order_by("-count", "-last")[:MOST_SIGNS]
    )
    return [Named(ScamKind(kind), value, count, first, last) for kind, value, count, first, last in rows]


def reports_of(campaign: ScamCampaign, *, limit: int = _LOOKED_AT) -> list[ScamReport]:
    rows = ScamReport.objects.filter(campaign=campaign).select_related(
        "brand", "ticket__brand", "reported_by"
    )
    return list(rows.order_by("-id")[:limit])


def near_to(campaign: ScamCampaign, user: User) -> list[ScamCampaign]:
    """Others that the same signs or nearly the same words point at: for who merges."""
    rows = ScamReport.objects.filter(campaign=campaign).order_by("-id")
    keys: dict[str, None] = {}
    for kind, value, remark in rows.values_list("kind", "value", "remark")[:_LOOKED_AT]:
        if value:
            keys[key_of(Sign(ScamKind(kind), value))] = None
        keys.update(dict.fromkeys(text_keys(remark)))
    others = ScamKey.objects.filter(key__in=list(keys)).exclude(campaign=campaign).values("campaign_id")
    return list(visible_to(user).filter(pk__in=others).order_by("-last_seen")[:10])


def campaign_by(sign: Sign) -> ScamCampaign | None:
    """The campaign that the sign belongs to, by the unique key."""
    found = ScamKey.objects.filter(key=key_of(sign)).select_related("campaign").first()
    return found.campaign if found is not None else None


def published(brand: Brand) -> list[ScamCampaign]:
    """What customers of a brand are warned of, the latest first."""
    rows = ScamCampaign.objects.filter(state=ScamState.PUBLISHED, merged_into=None, brands=brand)
    return list(rows.order_by("-last_seen")[:MOST_SIGNS])


def signs_of_all(campaigns: Sequence[ScamCampaign], *, each: int = 12) -> dict[int, list[str]]:
    """What each campaign goes by, defanged; one query."""
    rows = (
        ScamReport.objects.filter(campaign__in=campaigns)
        .exclude(value="")
        .order_by()
        .values_list("campaign_id", "value")
        .annotate(count=Count("pk"))
        .order_by("campaign_id", "-count")
    )
    found: dict[int, list[str]] = {row.pk: [] for row in campaigns}
    for pk, value, _count in rows[: MOST_SIGNS * MOST_SIGNS]:
        if len(found[pk]) < each:
            found[pk].append(defanged(value))
    return found


@dataclass(frozen=True)
class Listed:
    """One line of the list for other programs. ``block`` is the host, where no innocent pages lie on it."""

    kind: ScamKind
    value: str
    block: str
    campaign: int
    state: str
    reports: int
    first: datetime
    last: datetime


def listed(brand: Brand | None) -> Iterator[Listed]:
    """Known scams of a brand, or of all; each sign once, what is ours never."""
    ours = own_hosts()
    rows = ScamReport.objects.filter(campaign__state__in=KNOWN, campaign__merged_into=None).exclude(value="")
    if brand is not None:
        rows = rows.filter(campaign__brands=brand)
    counted = (
        rows.order_by()
        .values_list("kind", "value", "campaign_id", "campaign__state")
        .annotate(count=Count("pk", distinct=True), first=Min("created_at"), last=Max("created_at"))
        .order_by("campaign_id", "kind", "value")[:MOST_LISTED]
    )
    for kind, value, campaign, state, count, first, last in counted.iterator():
        sign = Sign(ScamKind(kind), value)
        host = host_of(sign)
        if host in ours or any(host.endswith(f".{own}") for own in ours):
            continue
        yield Listed(sign.kind, value, "" if is_shared(host) else host, campaign, state, count, first, last)


def own_hosts() -> frozenset[str]:
    """Hosts that are ours: the site's, the brands', those of their mail addresses."""
    found = {urlsplit(settings.PUBLIC_URL).hostname or ""}
    for host, email in Brand.objects.order_by().values_list("host", "email"):
        found |= {(host or "").partition(":")[0].lower(), email.rpartition("@")[2].lower()}
    return frozenset(found - {""})


def token_of(feed: ScamFeed) -> str:
    return seal(feed.pk, purpose=PURPOSE)


def feed_of(token: str) -> ScamFeed | None:
    """The list that an address names, if it is still switched on."""
    pk = unseal(token, purpose=PURPOSE)
    rows = ScamFeed.objects.select_related("brand").filter(is_active=True)
    return rows.filter(pk=pk).first() if pk is not None else None


def feeds_for(user: User) -> QuerySet[ScamFeed]:
    rows = ScamFeed.objects.select_related("brand", "created_by")
    return rows if scope_of(user).everything else rows.filter(brand__in=brands_of(user))


def count_by_state(rows: QuerySet[ScamCampaign]) -> dict[str, int]:
    return dict(rows.order_by().values_list("state").annotate(Count("pk")))
