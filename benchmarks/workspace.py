"""The agents' pages at 1,000,000 tickets and 3,000,000 messages beside 10,000: ``python -m benchmarks.workspace``.

Each size has engines of its own under ``var/bench-<size>``, is seeded once (a quarter of an hour for the great one) and
asked under the production launcher with two workers over loopback. Every figure stands beside the bare Django view of
the same run; ``sql`` is what the database took of it.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.server import BASE_DIR

SIZES = (10_000, 1_000_000)
LAUNCHER = "gunicorn sync"
#: What is aimed at, in milliseconds (p50 at a million).
AIMS = {
    "queue": 40, "ticket": 30, "reply": 25, "search": 40, "take next": 15,
}  # fmt: skip


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--times", type=int, default=60, help="how often each thing is asked")
    parser.add_argument("--only", default="", help="only what has this in its name")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)  # what the program calls itself with
    return parser.parse_args()


def main() -> None:
    chosen = options()
    if chosen.one:
        ask(chosen.one, chosen.times, chosen.only)
        return
    results = {size: _in_a_process_of_its_own(size, chosen) for size in sorted(chosen.sizes)}
    show(results, chosen.times)


def _in_a_process_of_its_own(size: int, chosen: argparse.Namespace) -> dict[str, Any]:
    """Django is set up once in a process, for one database."""
    command = [sys.executable, "-m", "benchmarks.workspace", "--one", str(size), "--times", str(chosen.times)]
    command += ["--only", chosen.only]
    found = subprocess.run(command, stdout=subprocess.PIPE, check=True, cwd=BASE_DIR)
    lines = found.stdout.decode().splitlines()
    print(*lines[:-1], sep="\n", file=sys.stderr)
    result: dict[str, Any] = json.loads(lines[-1])
    return result


def ask(size: int, times: int, only: str) -> None:
    from benchmarks.__main__ import environment, free_port

    var_dir = BASE_DIR / "var" / f"bench-{size}"
    var_dir.mkdir(parents=True, exist_ok=True)
    var_dir.chmod(0o711)
    from helpdesk import embedded

    embedded.attach(var_dir)
    port = free_port()
    settings = environment(Path(var_dir), port)
    os.environ.update(settings)
    import django

    django.setup()
    from benchmarks import prepare, workspace_turns
    from benchmarks.server import serving
    from tickets.models import Message, Ticket

    prepare.ready(size)
    with serving(LAUNCHER, settings, port):
        figures = workspace_turns.measured(port, times, only)
    counts = {"tickets": Ticket.objects.count(), "messages": Message.objects.count()}
    print(json.dumps({**counts, "rows": {name: asdict(row) for name, row in figures.items()}}))


def show(results: dict[int, dict[str, Any]], times: int) -> None:
    sizes = sorted(results)
    small, great = results[sizes[0]], results[sizes[-1]]
    for size in sizes:
        found = results[size]
        print(f"{found['tickets']:,} tickets, {found['messages']:,} messages")
    print(
        f"{LAUNCHER}, 2 workers, each asked {times} times; milliseconds at the greatest, growth since the smallest\n"
    )
    print(
        f"{'':36}{'p50':>7}{'p95':>8}{'× bare':>8}{'sql':>7}{'stmts':>6}{'kB':>6}{'aim':>6}{'small':>8}{'growth':>8}"
    )
    floor = great["rows"]["bare Django view"]["p50"]
    for name, row in great["rows"].items():
        before = small["rows"].get(name)
        aim = next((str(aim) for begin, aim in AIMS.items() if name.startswith(begin)), "")
        growth = f"{row['p50'] / before['p50']:8.2f}" if before and len(sizes) > 1 else ""
        print(
            f"{name:36}{row['p50']:7.1f}{row['p95']:8.1f}{row['p50'] / floor:8.1f}{row['sql']:7.1f}"
            f"{row['statements']:6}{row['size'] / 1000:6.0f}{aim:>6}{before['p50'] if before else 0:8.1f}{growth}"
        )


if __name__ == "__main__":
    main()
