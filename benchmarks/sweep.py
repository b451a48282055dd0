"""What a sweep of due clocks costs: ``python -m benchmarks.sweep`` with a million open cases, ten thousand clocks due.

Starts its own engines under ``var/bench``, seeds a database once, and measures on a copy of it, each time in a fresh
process: the copy is the same, dead rows and all, whatever was measured before. ``--keep`` keeps what was seeded.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psycopg2

from benchmarks.__main__ import environment, free_port
from benchmarks.server import BASE_DIR

RUN = "sweep_run"


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--open", type=int, default=1_000_000)
    parser.add_argument("--due", type=int, default=10_000)
    parser.add_argument("--times", type=int, default=1, help="how often the sweep is measured")
    parser.add_argument("--plans", action="store_true", help="show how PostgreSQL runs each statement")
    parser.add_argument("--keep", action="store_true", help="keep the seeded database for the next time")
    parser.add_argument("--var-dir", type=Path, default=BASE_DIR / "var" / "bench")
    return parser.parse_args()


def main() -> None:
    chosen = options()
    chosen.var_dir.mkdir(parents=True, exist_ok=True)
    chosen.var_dir.chmod(0o711)
    from helpdesk import embedded

    embedded.attach(chosen.var_dir)
    seeded = f"sweep_{chosen.open}_{chosen.due}"
    with Server(chosen.var_dir) as server:
        if not server.has(seeded):
            server.make(f"{seeded}_half")
            server.run(f"{seeded}_half", "benchmarks.clocks", f"--open={chosen.open}", f"--due={chosen.due}")
            server.tell(f"ALTER DATABASE {seeded}_half RENAME TO {seeded}")
        for turn in range(chosen.times):
            started = time.perf_counter()
            server.make(RUN, f"TEMPLATE {seeded} STRATEGY file_copy")
            server.run(RUN, "manage", "migrate", "--verbosity=0")  # what was kept may be older than the code
            print(f"\nA fresh copy of the database in {time.perf_counter() - started:.0f} s.", flush=True)
            plans = ["--plans"] if chosen.plans and turn == chosen.times - 1 else []
            server.run(RUN, "benchmarks.sweeping", *plans)
        server.tell(f"DROP DATABASE {RUN}")
        if not chosen.keep:
            server.tell(f"DROP DATABASE {seeded}")


class Server:
    """The benchmark's PostgreSQL, as one who makes and drops databases."""

    def __init__(self, var_dir: Path) -> None:
        self.settings = environment(var_dir, free_port())

    def __enter__(self) -> Server:
        url = self.settings["DATABASE_URL"].replace("/helpdesk?", "/postgres?")
        self.connection = psycopg2.connect(url.replace("postgres://", "postgresql://"))
        self.connection.autocommit = True
        return self

    def __exit__(self, *_: Any) -> None:
        self.connection.close()

    def tell(self, statement: str) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(statement)

    def has(self, name: str) -> bool:
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            return cursor.fetchone() is not None

    def make(self, name: str, of: str = "") -> None:
        self.tell(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        self.tell(f"CREATE DATABASE {name} {of}")

    def run(self, database: str, module: str, *words: str) -> None:
        """A process of its own on this database."""
        url = self.settings["DATABASE_URL"].replace("/helpdesk?", f"/{database}?")
        environ = {**os.environ, **self.settings, "DATABASE_URL": url}
        subprocess.run([sys.executable, "-m", module, *words], cwd=BASE_DIR, env=environ, check=True)


if __name__ == "__main__":
    main()
