from __future__ import annotations

import pytest

from accounts.rules.devices import device_of

CASES = [
    ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", ("Firefox", "Windows")),
    ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0", ("Edge", "Windows")),
    ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605 Version/18 Safari/605", ("Safari", "macOS")),
    ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) CriOS/130.0 Safari/604.1", ("Chrome", "iPhone")),
    ("Mozilla/5.0 (Linux; Android 14) Chrome/120 Mobile Safari MicroMessenger/8.0", ("WeChat", "Android")),
    ("Mozilla/5.0 (Phone; OpenHarmony 5.0; HarmonyOS) ArkWeb/4 HuaweiBrowser/5", ("Huawei Browser", "HarmonyOS")),
    ("Mozilla/5.0 (X11; Linux x86_64) Chrome/130.0 Safari/537.36", ("Chrome", "Linux")),
    ("curl/8.5", ("", "")),
    ("", ("", "")),
]  # fmt: skip


@pytest.mark.parametrize(("agent", "device"), CASES)
def test_it_works(agent: str, device: tuple[str, str]) -> None:
    assert device_of(agent) == device
