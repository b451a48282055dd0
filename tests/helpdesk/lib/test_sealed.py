from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from helpdesk.lib import sealed

OLD, NEW = "old-key-0123456789abcdefghijklmno", "new-key-0123456789abcdefghijklmno"


@given(some.binary(max_size=300))
def test_it_works(plain: bytes) -> None:
    kept = sealed.seal(plain, purpose="test")
    assert sealed.unseal(kept, purpose="test") == plain
    assert len(plain) < 8 or plain not in kept


def test_the_same_bytes_look_different_each_time() -> None:
    assert sealed.seal(b"x", purpose="test") != sealed.seal(b"x", purpose="test")


def test_an_old_key_still_opens_and_a_new_one_seals(settings: Any) -> None:
    settings.MAIL_KEYS = [OLD]
    kept = sealed.seal(b"secret", purpose="test")
    settings.MAIL_KEYS = [NEW, OLD]
    assert sealed.unseal(kept, purpose="test") == b"secret"
    newer = sealed.seal(b"secret", purpose="test")
    settings.MAIL_KEYS = [NEW]
    assert sealed.unseal(newer, purpose="test") == b"secret"
    with pytest.raises(sealed.Unreadable):
        sealed.unseal(kept, purpose="test")


def test_it_opens_for_its_purpose_only() -> None:
    with pytest.raises(sealed.Unreadable):
        sealed.unseal(sealed.seal(b"secret", purpose="test"), purpose="another")


@pytest.mark.parametrize("place", [0, 1, 6, 20, -1])
def test_whatever_was_changed_does_not_open(place: int) -> None:
    kept = bytearray(sealed.seal(b"secret", purpose="test"))
    kept[place] ^= 1
    with pytest.raises(sealed.Unreadable):
        sealed.unseal(bytes(kept), purpose="test")


@pytest.mark.parametrize("kept", [b"", b"\x01", b"\x01" + b"a" * 10])
def test_what_is_too_short_does_not_open(kept: bytes) -> None:
    with pytest.raises(sealed.Unreadable):
        sealed.unseal(kept, purpose="test")
