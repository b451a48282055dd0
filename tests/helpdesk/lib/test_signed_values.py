"""Whoever writes into Redis makes no process of ours run anything."""

from __future__ import annotations

import os
import pickle
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache, caches

from helpdesk.lib.signed_values import Forged, SignedSerializer

VALUES = [
    7,
    -1,
    True,
    None,
    "text 文",
    [1, "a"],
    {"a": (1, 2)},
    {None: 1.5},
    datetime(2026, 1, 2, tzinfo=UTC),
]


class Trap:
    """Unpickled, it would act."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return (os.mkdir, (str(self.path),))


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_what_was_kept_comes_back(value: Any) -> None:
    cache.set("kept", value)
    found = cache.get("kept")
    assert (found, type(found)) == (value, type(value))


def _write(key: str, data: bytes) -> None:
    caches["default"]._cache.get_client().set(cache.make_key(key), data)  # type: ignore[attr-defined]


def test_what_somebody_else_wrote_is_not_opened(tmp_path: Path) -> None:
    trap = pickle.dumps(Trap(tmp_path / "sprung"))
    for data in (trap, b"\0" * 32 + trap, b"", b"x"):
        _write("trap", data)
        assert cache.get("trap", "not there") == "not there"
        assert cache.get_many(["trap"]) == {}
    assert not (tmp_path / "sprung").exists()
    pickle.loads(trap)  # or its silence would prove nothing
    assert (tmp_path / "sprung").exists()


def test_one_changed_byte_or_another_key_is_enough(settings: Any) -> None:
    serializer = SignedSerializer()
    data = serializer.dumps({"a": 1})
    assert isinstance(data, bytes)
    with pytest.raises(Forged):
        serializer.loads(data[:-1] + bytes([data[-1] ^ 1]))
    settings.SECRET_KEY = "another key of fifty characters and more, 0123456789-0123"
    with pytest.raises(Forged):
        serializer.loads(data)
