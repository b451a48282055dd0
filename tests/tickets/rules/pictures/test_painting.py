"""Pictures are painted anew: what is seen stays, all else goes, and what would fill the memory is not unpacked."""

from __future__ import annotations

import contextlib
import io
import struct
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from tests.pictures import jpeg, png
from tickets.rules.pictures import BadPicture, Trouble, repaint
from tickets.rules.pictures.limits import MAX_FRAMES

GPS = b"GPS-48.8584N"
POLYGLOT = b"<script>alert(1)</script>PK\x03\x04 zip behind the picture"


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def square(mode: str = "RGB", colour: object = "#336699") -> Image.Image:
    return Image.new(mode, (20, 10), colour)  # type: ignore[arg-type]


def with_exif() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010E] = GPS.decode()  # ImageDescription
    exif[0x0112] = 6  # to be turned by a quarter
    exif.get_ifd(0x8825)[1] = "N"
    return exif


def noted() -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", GPS.decode())
    info.add_itxt("XML:com.adobe.xmp", GPS.decode())
    return info


MADE: list[tuple[str, str, Callable[[], bytes]]] = [
    ("image/jpeg", "image/jpeg", lambda: saved(square(), "JPEG", exif=with_exif(), comment=GPS)),
    ("image/png", "image/png", lambda: saved(square(), "PNG", pnginfo=noted(), exif=with_exif())),
    ("image/webp", "image/webp", lambda: saved(square(), "WEBP", exif=with_exif(), xmp=GPS)),
    ("image/gif", "image/gif", lambda: saved(square(), "GIF", comment=GPS)),
    ("image/heic", "image/jpeg", lambda: saved(square(), "HEIF", exif=with_exif(), xmp=GPS)),
]


@pytest.mark.parametrize(("given", "kept", "make"), MADE, ids=[row[0] for row in MADE])
def test_nothing_but_the_pixels_is_kept(given: str, kept: str, make: Callable[[], bytes]) -> None:
    sent = make() + POLYGLOT
    assert GPS in sent
    painted = repaint(sent, given)
    assert painted.content_type == kept
    assert GPS not in painted.content
    assert b"<script>" not in painted.content
    seen = Image.open(io.BytesIO(painted.content))
    assert not seen.getexif()
    assert not {"exif", "xmp", "comment", "icc_profile", "Comment"} & set(seen.info)
    assert seen.convert("RGB").getpixel((5, 5)) == pytest.approx((0x33, 0x66, 0x99), abs=6)


def test_it_is_turned_as_its_camera_had_noted() -> None:
    painted = repaint(saved(square(), "JPEG", exif=with_exif()), "image/jpeg")
    assert Image.open(io.BytesIO(painted.content)).size == (10, 20)


def test_painted_again_it_is_the_same() -> None:
    assert repaint(png(), "image/png").content == png()
    once = repaint(jpeg(), "image/jpeg").content
    assert repaint(once, "image/jpeg").content_type == "image/jpeg"


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png(mode: str) -> None:
    painted = repaint(saved(Image.new(mode, (7, 5)), "PNG"), "image/png")
    assert Image.open(io.BytesIO(painted.content)).size == (7, 5)


def test_what_shines_through_still_does() -> None:
    painted = repaint(saved(Image.new("RGBA", (4, 4), (255, 0, 0, 128)), "PNG"), "image/png")
    assert Image.open(io.BytesIO(painted.content)).getpixel((1, 1)) == (255, 0, 0, 128)


@pytest.mark.parametrize("kind", ["GIF", "WEBP"])
def test_an_animation_moves_on(kind: str) -> None:
    frames = [square(colour=colour) for colour in ("red", "green", "blue")]
    sent = saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=[50, 60, 70], loop=3)
    painted = repaint(sent, f"image/{kind.lower()}")
    seen = Image.open(io.BytesIO(painted.content))
    assert (seen.n_frames, painted.is_flattened) == (3, False)  # type: ignore[attr-defined]
    assert seen.info.get("loop") == 3


def test_too_long_an_animation_stands_still() -> None:
    # Equal ones would be made one.
    frames = [Image.new("RGB", (2, 2), (number % 256, number // 256, 0)) for number in range(MAX_FRAMES + 1)]
    sent = saved(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=20)
    painted = repaint(sent, "image/gif")
    assert painted.is_flattened
    assert getattr(Image.open(io.BytesIO(painted.content)), "n_frames", 1) == 1


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_that_says(width: int, height: int, data: bytes = b"") -> bytes:
    """A few bytes that claim to be a picture of any size."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    packed = chunk(b"IDAT", zlib.compress(data))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + packed + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "size", [(100_000, 100_000), (8_001, 8_000), (20_000, 1), (1, 65_000), (2**31 - 1, 2**31 - 1)]
)
def test_a_bomb_is_told_by_what_it_says_of_itself(size: tuple[int, int]) -> None:
    with pytest.raises(BadPicture) as refused:
        repaint(png_that_says(*size), "image/png")
    assert refused.value.trouble == Trouble.TOO_MANY_PIXELS


def test_a_gif_whose_frame_is_a_bomb() -> None:
    small = bytearray(saved(Image.new("P", (2, 2)), "GIF"))
    place = small.index(b"\x2c")
    small[place + 5 : place + 9] = struct.pack("<HH", 65_535, 65_535)
    with pytest.raises(BadPicture):
        repaint(bytes(small), "image/gif")


HOSTILE = {
    "cut off": (saved(Image.effect_noise((80, 80), 90), "PNG")[:2_000], "image/png"),
    "cut off jpeg": (saved(Image.effect_noise((200, 200), 90).convert("RGB"), "JPEG")[:900], "image/jpeg"),
    "a head alone": (b"\x89PNG\r\n\x1a\n" + b"\0" * 64, "image/png"),
    "another kind inside": (saved(square(), "GIF"), "image/png"),
    "postscript": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "image/jpeg"),
    "no rows": (png_that_says(0, 5), "image/png"),
    "empty heic": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 40, "image/heic"),
    "nothing": (b"", "image/webp"),
}


@pytest.mark.parametrize(("content", "kind"), HOSTILE.values(), ids=HOSTILE)
def test_what_is_no_picture_is_not_taken(content: bytes, kind: str) -> None:
    with pytest.raises(BadPicture):
        repaint(content, kind)


@settings(deadline=None)
@given(st.binary(max_size=60), st.integers(0, 400), st.sampled_from(list(MADE)))
def test_any_damage_is_a_picture_or_a_refusal(
    put: bytes, at: int, row: tuple[str, str, Callable[[], bytes]]
) -> None:
    sent = row[2]()
    with contextlib.suppress(BadPicture):
        repaint(sent[:at] + put + sent[at + len(put) :], row[0])
