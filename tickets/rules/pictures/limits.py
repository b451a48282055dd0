"""How large a picture may be once it is unpacked: a few kilobytes can hold a picture that fills all memory."""

from __future__ import annotations

from enum import StrEnum

#: Of one picture. The largest that common phones take by themselves have some 50 million.
MAX_PIXELS = 64_000_000
#: Four bytes each, and two or three copies while it is painted.
LARGE = 16_000_000
#: Of all frames of an animation together, and how many they may be.
MAX_ANIMATED_PIXELS = 100_000_000
MAX_FRAMES = 400
#: No longer side than that: JPEG and WebP know none.
MAX_SIDE = 16_000


class Trouble(StrEnum):
    DAMAGED = "damaged"
    TOO_MANY_PIXELS = "too_many_pixels"


class BadPicture(Exception):
    """It cannot be painted anew, and is not taken."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


def check_size(size: tuple[int, int]) -> None:
    """Raises BadPicture. Asked before a single pixel is unpacked."""
    width, height = size
    if width < 1 or height < 1:
        raise BadPicture(Trouble.DAMAGED)
    if width * height > MAX_PIXELS or max(size) > MAX_SIDE:
        raise BadPicture(Trouble.TOO_MANY_PIXELS)


def frames_that_fit(size: tuple[int, int], frames: int) -> bool:
    """Whether an animation may stay one."""
    return frames <= MAX_FRAMES and size[0] * size[1] * frames <= MAX_ANIMATED_PIXELS


def is_large(size: tuple[int, int]) -> bool:
    """Whether several at once would fill the memory."""
    return size[0] * size[1] > LARGE
