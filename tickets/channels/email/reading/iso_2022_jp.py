"""ISO-2022-JP as Japanese mail programs write it: with NEC's and IBM's extra characters and half-width kana.

Python's codec refuses those (``①``, ``㈱``, ``髙``), so the escape sequences are turned into Shift_JIS, which has them.
"""

from __future__ import annotations

import re

_ESCAPE = re.compile(rb"\x1b(\$[@B]|\$\([@BDOQ]|\([BJIH]|\.[AF]|&@)")
_TWO_BYTES = frozenset({b"$@", b"$B", b"$(@", b"$(B", b"$(O", b"$(Q"})


def decode(raw: bytes, errors: str = "strict") -> str:
    """Raises UnicodeDecodeError where errors is "strict" and something cannot be read."""
    try:
        return raw.decode("iso2022_jp_2")
    except UnicodeDecodeError:
        return "".join(_runs(raw, errors))


def _runs(raw: bytes, errors: str) -> list[str]:
    parts = _ESCAPE.split(raw)
    # Between the escapes is ASCII; where other bytes stand there, Shift_JIS is the likely guest.
    plain = "ascii" if errors == "strict" else "cp932"
    out = [parts[0].decode(plain, errors)]
    for escape, run in zip(parts[1::2], parts[2::2], strict=True):
        if escape in _TWO_BYTES:
            out.append(_kanji(run, errors))
        elif escape == b"$(D":
            out.append((b"\x1b$(D" + run + b"\x1b(B").decode("iso2022_jp_ext", errors))
        elif escape == b"(I":
            out.append(bytes(byte | 0x80 if byte > 0x20 else byte for byte in run).decode("cp932", errors))
        else:
            out.append(run.decode(plain, errors))
    return out


def _kanji(run: bytes, errors: str) -> str:
    """Two bytes of JIS X 0208 each; a line break ends them even where the sender forgot to."""
    out = []
    for line in re.split(rb"([\r\n]+)", run):
        if line[:1] in (b"\r", b"\n"):
            out.append(line.decode("ascii"))
            continue
        shifted = b"".join(_shift(line[at], line[at + 1]) for at in range(0, len(line) - 1, 2))
        out.append((shifted + (line[-1:] if len(line) % 2 else b"")).decode("cp932", errors))
    return "".join(out)


def _shift(first: int, second: int) -> bytes:
    """JIS to Shift_JIS."""
    first, second = first & 0x7F, second & 0x7F
    if not (first >= 0x21 and 0x21 <= second <= 0x7E):
        return bytes((first, second))
    row = (first + 1) // 2 + (0x70 if first < 0x5F else 0xB0)
    if first % 2:
        return bytes((row, second + (0x1F if second < 0x60 else 0x20)))
    return bytes((row, second + 0x7E))
