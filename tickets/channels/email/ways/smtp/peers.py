"""Who may talk to the mail server at all: the relays of MAIL_SERVER_PEERS."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

logger = logging.getLogger(__name__)
LOG_SECONDS = 60.0


def address_of(peername: object) -> str | None:
    """The address in what a socket calls its other end: IPv4 written as such, no zone. None for no IP socket."""
    host = str(peername[0]) if isinstance(peername, tuple) and peername else ""
    try:
        found: IPv4Address | IPv6Address = ip_address(host.partition("%")[0])
    except ValueError:
        return None
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return str(found)


class Peers:
    def __init__(self, networks: Iterable[str]) -> None:
        self._networks = [ip_network(network) for network in networks]
        self._refused = 0
        self._silent_until = 0.0

    def admits(self, address: str | None) -> bool:
        if address is None:
            return False
        one = ip_address(address)
        return any(one.version == network.version and one in network for network in self._networks)

    def note_refusal(self, address: str | None) -> None:
        """Told once a minute at most: whoever scans the net must not fill the log."""
        self._refused += 1
        if time.monotonic() < self._silent_until:
            return
        logger.warning(
            "Refused %s connection(s) from outside MAIL_SERVER_PEERS, the last from %s",
            self._refused,
            address or "somewhere",
        )
        self._refused, self._silent_until = 0, time.monotonic() + LOG_SECONDS
