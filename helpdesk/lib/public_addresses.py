"""Which addresses lie out in the world. What lies elsewhere is never called on somebody's say-so."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

#: By the registries of special addresses (RFC 6890 and what followed), written out: what Python itself calls global
#: differs between its versions. The last is no reserved one: a cloud answers there to its own machines.
_NOT_PUBLIC_4 = [
    ip_network(block)
    for block in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15"),
        *("198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "168.63.129.16/32"),
    )
]
#: All that is given out to the world. IPv4 in other clothes (mapped, NAT64), local and multicast lie outside of it.
_PUBLIC_6 = ip_network("2000::/3")
#: Within it: protocols of their own (Teredo among them), documentation, and 6to4, which carries any IPv4 address.
_NOT_PUBLIC_6 = [ip_network(block) for block in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")]


def is_public(address: str) -> bool:
    """Whether the address, as a resolver gives it, is one of the open internet. What is no address is not."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return _is_public_4(parsed) if isinstance(parsed, IPv4Address) else _is_public_6(parsed)


def _is_public_4(address: IPv4Address) -> bool:
    return not any(address in block for block in _NOT_PUBLIC_4)


def _is_public_6(address: IPv6Address) -> bool:
    if address.scope_id is not None or address not in _PUBLIC_6:
        return False
    return not any(address in block for block in _NOT_PUBLIC_6)
