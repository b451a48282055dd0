"""Real pictures, for tests: painted anew, these come out byte for byte as they went in."""

from __future__ import annotations

import io
import random

from PIL import Image


def png(width: int = 4, height: int = 3, colour: str = "#1f5eff") -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(made, "PNG", compress_level=6)
    return made.getvalue()


def jpeg(width: int = 16, height: int = 16) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (width, height), "#1f5eff").save(made, "JPEG", quality=88)
    return made.getvalue()


def noise(size: int) -> bytes:
    """A PNG of at least so many bytes, and of few more."""
    side = max(int((size / 3) ** 0.5) + 1, 2)
    made = io.BytesIO()
    pixels = random.Random(size).randbytes(side * side * 3)
    Image.frombytes("RGB", (side, side), pixels).save(made, "PNG", compress_level=6)
    return made.getvalue()


PNG = png()
