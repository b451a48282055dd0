"""Tests talk to this machine alone; what tries to leave it fails there and then, and says where it wanted to go."""

import ipaddress
import socket
from typing import Any

_connect = socket.socket.connect


def _near(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _guarded(self: socket.socket, address: Any) -> None:
    if self.family in (socket.AF_INET, socket.AF_INET6) and not _near(address[0]):
        raise RuntimeError(f"a test tried to reach {address[0]}:{address[1]}; tests stay on this machine")
    _connect(self, address)


def stay_on_this_machine() -> None:
    socket.socket.connect = _guarded  # type: ignore[assignment, method-assign]
