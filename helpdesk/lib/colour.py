"""A brand's colour, made readable wherever it is used (WCAG 2.2: 4.5 to 1)."""

from __future__ import annotations

from functools import lru_cache

WHITE, BLACK = (255, 255, 255), (0, 0, 0)
ENOUGH = 4.5
_STEPS = 20

Rgb = tuple[int, int, int]


def parse(colour: str) -> Rgb:
    """``#1f5eff`` as three numbers."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def written(rgb: Rgb) -> str:
    return "#{:02x}{:02x}{:02x}".format(*rgb)


def luminance(rgb: Rgb) -> float:
    parts = [part / 255 for part in rgb]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Rgb, other: Rgb) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@lru_cache(maxsize=256)
def readable(colour: str, background: str) -> str:
    """The nearest shade of ``colour`` that can be read on ``background``: darker on light, lighter on dark."""
    rgb, ground = parse(colour), parse(background)
    goal = BLACK if contrast(ground, BLACK) > contrast(ground, WHITE) else WHITE
    for step in range(_STEPS + 1):
        shade = _mixed(rgb, goal, step / _STEPS)
        if contrast(shade, ground) >= ENOUGH:
            return written(shade)
    return written(goal)


def ink_on(colour: str, dark: str = "#0b1020") -> str:
    """White or a dark ink, whichever reads better on ``colour``."""
    rgb = parse(colour)
    return "#ffffff" if contrast(rgb, WHITE) >= contrast(rgb, parse(dark)) else dark


def _mixed(rgb: Rgb, goal: Rgb, share: float) -> Rgb:
    red, green, blue = (round(part + (end - part) * share) for part, end in zip(rgb, goal, strict=True))
    return red, green, blue
