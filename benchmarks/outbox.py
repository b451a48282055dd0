"""How fast mail leaves: ``python -m benchmarks.outbox``, real rows, a real SMTP server on this machine.

Starts its own engines under ``var/bench``, makes a database of its own and drops it. Three things are measured: mails
per second over many domains; the same with one domain among them that is over its limit with thousands of mails; and
what the claim costs then, when nothing is due.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from benchmarks.__main__ import environment, free_port
from benchmarks.server import BASE_DIR

DATABASE = "outbox_run"


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument(
        "--mails", type=int, default=2_000, help="to as many domains as there are mails to each"
    )
    parser.add_argument(
        "--limited", type=int, default=10_000, help="to the one domain that is over its limit"
    )
    parser.add_argument("--seconds", type=float, default=20.0, help="for the round with the limited domain")
    parser.add_argument("--var-dir", type=Path, default=BASE_DIR / "var" / "bench")
    return parser.parse_args()


def main() -> None:
    chosen = options()
    chosen.var_dir.mkdir(parents=True, exist_ok=True)
    chosen.var_dir.chmod(0o711)
    from benchmarks.sweep import Server
    from helpdesk import embedded

    embedded.attach(chosen.var_dir)
    port = free_port()
    settings = environment(chosen.var_dir, port)
    with Server(chosen.var_dir) as server:
        server.make(DATABASE)
        try:
            server.run(DATABASE, "manage", "migrate", "--verbosity=0")
            database = settings["DATABASE_URL"].replace("/helpdesk?", f"/{DATABASE}?")
            os.environ.update({**settings, "DATABASE_URL": database, "WAKE_WORKERS": "false"})
            _measure(chosen)
        finally:
            server.tell(f"DROP DATABASE {DATABASE} WITH (FORCE)")


def _measure(chosen: argparse.Namespace) -> None:
    from benchmarks.smtp import started

    with started() as receiver:
        os.environ["SMTP_URL"] = receiver.url
        import django

        django.setup()
        from django.db import connections

        from benchmarks import sending

        try:
            sending.even(chosen.mails, receiver)
            sending.with_a_limited_domain(chosen.mails, chosen.limited, chosen.seconds, receiver)
        finally:
            connections.close_all()


if __name__ == "__main__":
    main()
