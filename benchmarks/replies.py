"""How well and how fast mails are split: ``python -m benchmarks.replies [--data ../shared/data]``.

Counts what is exact and in how many text was lost, for the mails that the rules were made by and for the
third that was held aside; then times the longest quotation and a typical mail.
"""

from __future__ import annotations

import argparse
import hashlib
import statistics
import time
from collections import Counter
from pathlib import Path

from tickets.rules.replies import split_reply

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
TIMES = 20


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=DATA)
    data: Path = parser.parse_args().data
    names = sorted(path.name for path in (data / "mail_email_reply_trimmer" / "emails").glob("*.txt"))
    held = [name for name in names if int(hashlib.sha256(name.encode()).hexdigest(), 16) % 3 == 0]
    for title, chosen in (
        ("read while the rules were made", sorted(set(names) - set(held))),
        ("held aside", held),
    ):
        exact, lost = count(data / "mail_email_reply_trimmer", chosen)
        print(f"{title}: {exact} of {len(chosen)} exact, text lost in {lost}")
    long = (data / "mail_email_reply_parser" / "email_long_quote.txt").read_text(encoding="utf-8")
    print(f"quotation of {len(long) / 1000:.0f} kB: {seconds(long) * 1000:.1f} ms")
    mails = [read(data / "mail_email_reply_trimmer" / "emails" / name) for name in names]
    typical = [seconds(mail) for mail in mails]
    print(
        f"a mail: {statistics.median(typical) * 1e6:.0f} µs in the middle, {max(typical) * 1e6:.0f} µs at most"
    )


def count(folder: Path, names: list[str]) -> tuple[int, int]:
    """How many are exact, and in how many a word is missing that was to be kept."""
    exact = lost = 0
    for name in names:
        new, right = split_reply(read(folder / "emails" / name)).new, read(folder / "trimmed" / name).strip()
        exact += new == right
        lost += bool(Counter(right.split()) - Counter(new.split()))
    return exact, lost


def seconds(mail: str) -> float:
    """The middle of some runs."""
    runs = []
    for _ in range(TIMES):
        started = time.perf_counter()
        split_reply(mail)
        runs.append(time.perf_counter() - started)
    return statistics.median(runs)


def read(path: Path) -> str:
    return path.read_bytes().decode().replace("\r\n", "\n")


if __name__ == "__main__":
    main()
