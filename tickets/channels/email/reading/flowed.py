"""``format=flowed`` (RFC 3676): lines that end with a blank go on in the next."""

from __future__ import annotations

#: Ends with a blank and goes on nowhere.
SIGNATURE = "-- "


def unflowed(text: str, *, delsp: bool = False) -> str:
    """Paragraphs in one line each, quotation marks as ``> ``, the stuffing taken away."""
    out: list[str] = []
    paragraph: list[str] = []
    depth_before = 0
    for line in text.replace("\r\n", "\n").split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        rest = line[depth:]
        if rest.startswith(" "):
            rest = rest[1:]
        if paragraph and (depth != depth_before or rest == SIGNATURE):
            out.append(_quoted("".join(paragraph), depth_before))
            paragraph = []
        depth_before = depth
        if rest.endswith(" ") and rest != SIGNATURE:
            paragraph.append(rest[:-1] if delsp else rest)
            continue
        paragraph.append(rest)
        out.append(_quoted("".join(paragraph), depth))
        paragraph = []
    if paragraph:
        out.append(_quoted("".join(paragraph), depth_before))
    return "\n".join(out)


def _quoted(line: str, depth: int) -> str:
    return f"{'>' * depth} {line}" if depth else line
