from __future__ import annotations

from typing import Any

from helpdesk.lib.signing import sign, unsign


def test_it_comes_back() -> None:
    assert unsign(sign("7", purpose="x"), purpose="x") == "7"


def test_not_for_another_purpose_nor_changed() -> None:
    signed = sign("7", purpose="x")
    assert unsign(signed, purpose="y") is None
    assert unsign("8" + signed[1:], purpose="x") is None
    assert unsign("", purpose="x") is None


def test_a_new_key_breaks_no_link_that_was_mailed(settings: Any) -> None:
    signed = sign("7", purpose="x")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "n" * 50
    assert unsign(signed, purpose="x") == "7"
