"""Which brand is this about?"""

from __future__ import annotations

from collections.abc import Sequence

from accounts.models import Brand
from helpdesk.lib.rows import columns, fetch


def active() -> list[Brand]:
    """Every brand that serves customers, in the order they are shown."""
    return list(Brand.objects.filter(is_active=True))


def named(slug: str) -> Brand | None:
    """The active brand of that short name."""
    sql = f"SELECT {columns(Brand, 'b')} FROM accounts_brand b WHERE b.slug = %s AND b.is_active"  # noqa: S608 - names only
    return next((brand for (brand,) in fetch([Brand], sql, [slug])), None)


def pick(brands: Sequence[Brand], *, slug: str = "", host: str = "", remembered: str = "") -> Brand | None:
    """The brand that the address names, else whose host this is, else where the reader was last, else the only one."""
    by_slug = {brand.slug: brand for brand in brands}
    by_host = {brand.host.lower(): brand for brand in brands if brand.host}
    if slug in by_slug:
        return by_slug[slug]
    found = by_host.get(host.lower()) or by_slug.get(remembered)
    return found or (brands[0] if len(brands) == 1 else None)
