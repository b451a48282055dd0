"""Where a network address is, by a file in the MaxMind format, written here byte by byte."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from pytest_django import Settings

from accounts.queries.places import place_of

SHANGHAI = {
    "city": {"names": {"en": "Shanghai", "zh-CN": "上海"}},
    "country": {"names": {"en": "China", "zh-CN": "中国"}},
}


def encoded(value: Any) -> bytes:
    """Maps, lists, strings and numbers of the format's data section."""
    if isinstance(value, dict):
        inner = b"".join(encoded(name) + encoded(what) for name, what in value.items())
        return bytes([7 << 5 | len(value)]) + inner
    if isinstance(value, list):
        return bytes([len(value), 11 - 7]) + b"".join(encoded(what) for what in value)
    if isinstance(value, tuple):  # a number, in so many bytes: 2, 4 or 8
        number, size = int(value[0]), int(value[1])
        kind: bytes = {2: bytes([5 << 5 | 2]), 4: bytes([6 << 5 | 4]), 8: bytes([8, 9 - 7])}[size]
        return kind + number.to_bytes(size)
    text = str(value).encode()
    assert len(text) < 29
    return bytes([2 << 5 | len(text)]) + text


def database(address: str, told: dict[str, Any]) -> bytes:
    """A tree that knows one IPv4 address: a node for each bit, 24 bits to each side."""
    bits, nodes = f"{int(ipaddress.ip_address(address)):032b}", 32
    tree = b""
    for place, bit in enumerate(bits):
        onward = place + 1 if place < nodes - 1 else nodes + 16
        sides = [nodes, onward] if bit == "1" else [onward, nodes]
        tree += b"".join(side.to_bytes(3) for side in sides)
    about = {
        "node_count": (nodes, 4), "record_size": (24, 2), "ip_version": (4, 2), "database_type": "City",
        "description": {"en": "for a test"}, "languages": ["en", "zh-CN"], "build_epoch": (0, 8),
        "binary_format_major_version": (2, 2), "binary_format_minor_version": (0, 2),
    }  # fmt: skip
    return tree + bytes(16) + encoded(told) + b"\xab\xcd\xefMaxMind.com" + encoded(about)


@pytest.fixture
def with_file(tmp_path: Path, settings: Settings) -> None:
    path = tmp_path / "city.mmdb"
    path.write_bytes(database("180.160.1.2", SHANGHAI))
    settings.GEOIP_DATABASE = str(path)


@pytest.mark.usefixtures("with_file")
def test_it_works() -> None:
    with translation.override("en"):
        assert place_of("180.160.1.2") == "Shanghai, China"
    with translation.override("zh-hans"):
        assert place_of("180.160.1.2").startswith("上海")
    assert place_of("180.160.1.3") == ""


def test_within_the_house() -> None:
    with translation.override("en"):
        assert place_of("10.1.2.3") == place_of("127.0.0.1") == "in the house’s own network"
    assert place_of(None) == ""


def test_without_a_file(tmp_path: Path, settings: Settings) -> None:
    for path in ("", str(tmp_path / "none.mmdb"), __file__):
        settings.GEOIP_DATABASE = path
        assert place_of("180.160.1.2") == ""


@pytest.mark.usefixtures("with_file")
def test_the_other_kind_of_address() -> None:
    """A file for IPv4 alone is asked for IPv6."""
    with translation.override("en"):
        assert place_of("2001:db8::1") in ("", "in the house’s own network")
    assert place_of("2400:da00::1") == ""
