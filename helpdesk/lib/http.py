"""Who asks, and how often."""

from __future__ import annotations

import hashlib
import ipaddress
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from helpdesk.lib import clock


def client_ip(request: HttpRequest) -> str:
    """The asker's address, by household: what limits are counted by."""
    return _one_household(outer_address(request))


def outer_address(request: HttpRequest) -> str:
    """The asker's address: as the outermost proxy of ours saw it, since what stands left of it anybody can write."""
    proxies = settings.TRUSTED_PROXIES
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    return hops[-proxies] if proxies and len(hops) >= proxies else str(request.META.get("REMOTE_ADDR", ""))


def address_of(request: HttpRequest) -> str | None:
    """The same for a table's column; None where it is not known."""
    address = client_ip(request)
    return address if address != "unknown" else None


def _one_household(address: str) -> str:
    """An IPv6 customer owns a whole /64: counting single addresses would count nothing."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if parsed.version == 6 and parsed.ipv4_mapped:
        # How a server that listens for both kinds writes IPv4: all of them lie in one /64.
        parsed = parsed.ipv4_mapped
    if parsed.version == 4:
        return str(parsed)
    return str(ipaddress.ip_network(f"{parsed}/64", strict=False).network_address)


@dataclass(frozen=True)
class Limit:
    """At most ``times`` in ``seconds``, counted in windows that begin by the clock."""

    name: str
    times: int
    seconds: int

    def spend(self, who: str) -> bool:
        """Count one more for ``who``; False when that is too many."""
        key = self._key(who)
        cache.add(key, 0, timeout=self.seconds)
        try:
            return int(cache.incr(key)) <= self.times
        except ValueError:
            # The window ended between the two commands, or the cache is away.
            return True

    def wait(self) -> int:
        """Seconds until the present window ends."""
        return self.seconds - int(clock.now().timestamp()) % self.seconds

    def is_spent(self, who: str) -> bool:
        """Whether the next one would be too many; counts nothing."""
        return int(cache.get(self._key(who)) or 0) >= self.times

    def _key(self, who: str) -> str:
        window = int(clock.now().timestamp()) // self.seconds
        return f"limit:{self.name}:{window}:{hashlib.sha256(who.encode()).hexdigest()[:32]}"


def spend(request: HttpRequest, limit: Limit, *, who: str = "") -> bool:
    """Count one more; False when it is too many. By ``who``, else by the person, else by network address."""
    if limit.spend(who or asker(request)):
        return True
    request.retry_after = limit.wait()  # type: ignore[attr-defined]
    return False


def asker(request: HttpRequest) -> str:
    user = getattr(request, "user", None)
    return f"user {user.pk}" if user is not None and user.is_authenticated else client_ip(request)
