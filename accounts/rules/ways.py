"""By which way somebody came to what they read: from what their browser says of the page before."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

#: What a page of ours is called in the log, by the beginning of its address; the first that fits.
PLACES: Mapping[str, str] = {
    "/admin/queue/": "queue",
    "/admin/tickets/new/": "new ticket",
    "/admin/tickets/": "ticket",
    "/admin/notices/": "notices",
    "/admin/drafts/": "drafts",
    "/admin/analytics/": "analytics",
    "/admin/bulk/": "bulk act",
    "/admin/audit/": "audit log",
    "/admin/mail/": "mail",
    "/admin/privacy/": "privacy",
    "/admin/acts/": "sensitive acts",
    "/admin/emergencies/": "emergencies",
    "/admin/scams/": "scam reports",
    "/admin/team-today/": "team today",
    "/admin/": "desk",
}
#: Links of ours that say so themselves (``?by=next``).
NAMED: Mapping[str, str] = {"next": "take next", "palette": "palette", "customer": "customer's cases"}
BY = "by"


def way_of(*, by: str, page: str, before: str, site: str, host: str) -> str:
    """``page``: the open page that asked for a part of itself ("" for none); ``before``: the page from which this one
    was opened (the Referer); ``site``: Sec-Fetch-Site. What people searched for is not repeated here."""
    if by in NAMED:
        return NAMED[by]
    if page:
        return f"open page: {_place(page)}"
    if not before:
        # Typed, kept as a bookmark, or opened from a mail; programs say nothing at all.
        return "address" if site in ("none", "") else "link"
    if urlsplit(before).netloc != host:
        return "link from elsewhere"
    return _place(before)


def _place(address: str) -> str:
    parts = urlsplit(address)
    name = next((name for start, name in PLACES.items() if parts.path.startswith(start)), "page")
    asked = parse_qs(parts.query)
    if name == "queue":
        if asked.get("q"):
            return "search"
        kept = [f"{key}={asked[key][0][:20]}" for key in ("view", "customer") if asked.get(key)]
        return " ".join(["queue", *kept])
    if name == "ticket":
        return f"ticket {parts.path.removeprefix('/admin/tickets/').partition('/')[0][:12]}"
    return name
