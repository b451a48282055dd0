"""Unpacking a picture with the one decoder that its content asks for, and packing its pixels again."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from threading import Lock
from typing import Any

from PIL import Image, ImageOps, ImageSequence
from pillow_heif import register_heif_opener

from tickets.rules.pictures.limits import BadPicture, Trouble, check_size, frames_that_fit, is_large

# Of a HEIC file the picture alone: no thumbnails, no depth map.
register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)

#: By the type that was found in the content: the decoder that may touch it. No other is asked.
_DECODERS: Mapping[str, str] = {
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "image/gif": "GIF",
    "image/webp": "WEBP",
    "image/heic": "HEIF",
}
KINDS = frozenset(_DECODERS)
#: A large picture takes half a gigabyte while it is painted: in one process, the next one waits.
_ONE_AT_A_TIME = Lock()
#: Hardly told from what was sent, and not larger.
_QUALITY = 88
#: Milliseconds. Some programs write 0 for "as fast as you can"; browsers show that so.
_NO_DURATION = 100


@dataclass(frozen=True)
class Painted:
    content: bytes
    content_type: str
    #: Set where an animation became one picture.
    is_flattened: bool = False


def repaint(content: bytes, content_type: str) -> Painted:
    """``content_type`` is one of KINDS, found in the content. Raises BadPicture."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of broken metadata, which goes anyway
            with Image.open(io.BytesIO(content), formats=[_DECODERS[content_type]]) as picture:
                check_size(picture.size)
                with _ONE_AT_A_TIME if is_large(picture.size) else nullcontext():
                    return _PAINTERS[content_type](picture)
    except BadPicture:
        raise
    except Image.DecompressionBombError as problem:
        raise BadPicture(Trouble.TOO_MANY_PIXELS) from problem
    except Exception as problem:
        # Decoders meet whatever somebody wrote into a file with nearly every kind of exception.
        raise BadPicture(Trouble.DAMAGED) from problem


def _pixels(picture: Image.Image) -> Image.Image:
    """Nothing but the pixels, upright, in red, green, blue and perhaps how much shines through."""
    picture.load()
    ImageOps.exif_transpose(picture, in_place=True)
    if picture.mode.startswith("I"):  # of 65,536 greys every 256th
        picture = picture.convert("I").point(lambda grey: grey * (1 / 256)).convert("L")
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    if mode == "RGB" and picture.mode in ("L", "1"):
        mode = "L"
    return _bare(picture if picture.mode == mode else picture.convert(mode))


def _bare(picture: Image.Image) -> Image.Image:
    """A picture that was never opened from a file has nothing else about it."""
    bare = Image.new(picture.mode, picture.size)
    bare.paste(picture, (0, 0))
    return bare


def _png(picture: Image.Image) -> Painted:
    flattened = getattr(picture, "is_animated", False)
    # Of many pixels, packing them well would take longer than anybody waits.
    level = 1 if is_large(picture.size) else 6
    return Painted(_packed(_pixels(picture), "PNG", compress_level=level), "image/png", flattened)


def _jpeg(picture: Image.Image) -> Painted:
    pixels = _pixels(picture)
    if pixels.mode == "RGBA":  # of a HEIC; JPEG knows no transparency
        ground = Image.new("RGB", pixels.size, "white")
        ground.paste(pixels, (0, 0), pixels)
        pixels = ground
    return Painted(_packed(pixels, "JPEG", quality=_QUALITY), "image/jpeg")


def _gif(picture: Image.Image) -> Painted:
    # A frame is painted over the one before only where it is not transparent: 2 takes the old one away first.
    return _moving(picture, "GIF", "image/gif", disposal=2, optimize=False)


def _webp(picture: Image.Image) -> Painted:
    return _moving(picture, "WEBP", "image/webp", quality=_QUALITY, method=3)


def _moving(picture: Image.Image, name: str, content_type: str, **options: Any) -> Painted:
    frames = _frame_count(picture)
    if frames < 2:
        return Painted(_packed(_pixels(picture), name, **options), content_type)
    if not frames_that_fit(picture.size, frames):
        picture.seek(0)
        return Painted(_packed(_pixels(picture), name, **options), content_type, is_flattened=True)
    loop = picture.info.get("loop")
    durations: list[int] = []
    first, *others = _frames(picture, durations)
    options |= {"save_all": True, "append_images": others, "duration": durations}
    if isinstance(loop, int) and 0 <= loop < 65536:
        options["loop"] = loop
    return Painted(_packed(first, name, **options), content_type)


def _frame_count(picture: Image.Image) -> int:
    count = getattr(picture, "n_frames", 1)
    return count if isinstance(count, int) else 1


def _frames(picture: Image.Image, durations: list[int]) -> Iterator[Image.Image]:
    """Each as it is seen; how long it is seen is added to ``durations``."""
    for frame in ImageSequence.Iterator(picture):
        check_size(frame.size)
        frame.load()
        durations.append(_duration(frame.info.get("duration")))
        yield _bare(frame.convert("RGBA"))


def _duration(said: object) -> int:
    return min(int(said), 60_000) if isinstance(said, int | float) and said > 0 else _NO_DURATION


def _packed(picture: Image.Image, name: str, **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, name, **options)
    return out.getvalue()


_PAINTERS: Mapping[str, Callable[[Image.Image], Painted]] = {
    "image/png": _png,
    "image/jpeg": _jpeg,
    "image/gif": _gif,
    "image/webp": _webp,
    "image/heic": _jpeg,
}
