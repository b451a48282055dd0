"""How fast it is: ``python -m benchmarks`` (or ``make bench``) on a seeded desk of 100,000 tickets.

Starts its own engines under ``var/bench``, loads the demo's configuration, seeds once, starts the web server under its
production launcher with two workers and asks it one thing after the other over loopback. Every figure stands beside
a bare Django view and, where there is one, the same question in raw SQL, measured in the same run.
"""

from __future__ import annotations

import argparse
import os
import socket
from pathlib import Path

from benchmarks.server import BASE_DIR, LAUNCHERS


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--tickets", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=60, help="how often each thing is asked")
    parser.add_argument("--launcher", choices=LAUNCHERS, default="gunicorn sync")
    parser.add_argument("--launchers", action="store_true", help="compare the launchers instead")
    parser.add_argument("--var-dir", type=Path, default=BASE_DIR / "var" / "bench")
    return parser.parse_args()


def environment(var_dir: Path, port: int) -> dict[str, str]:
    """Production's settings on the benchmark's own engines."""
    from helpdesk import embedded

    return {
        "HELPDESK_ENV": "production",
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
        "VAR_DIR": str(var_dir),
        "SECRET_KEY": "benchmark-key-that-guards-nothing-but-made-up-tickets-0123456789",
        "ALLOWED_HOSTS": "127.0.0.1",
        "DATABASE_URL": embedded.database_url(var_dir),
        "REDIS_URL": embedded.redis_url(var_dir),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "MAIL_KEYS": "benchmark-key-that-seals-nothing-but-made-up-mail-0123456789",
        "AUDIT_KEYS": "benchmark-key-that-signs-nothing-but-made-up-entries-0123",
        "SMTP_URL": "smtp://127.0.0.1:9",
        "STAFF_MFA_REQUIRED": "false",
        # Each request names its own address, or the limits on filing would measure themselves.
        "TRUSTED_PROXIES": "1",
        "LOG_LEVEL": "WARNING",
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main() -> None:
    chosen = options()
    chosen.var_dir.mkdir(parents=True, exist_ok=True)
    chosen.var_dir.chmod(0o711)
    from helpdesk import embedded

    embedded.attach(chosen.var_dir)
    port = free_port()
    settings = environment(chosen.var_dir, port)
    os.environ.update(settings)
    import django

    django.setup()
    from benchmarks import journey, prepare

    prepare.ready(chosen.tickets)
    if chosen.launchers:
        journey.compare_launchers(settings, port, chosen.times)
    else:
        journey.run(chosen.launcher, settings, port, chosen.times)


if __name__ == "__main__":
    main()
