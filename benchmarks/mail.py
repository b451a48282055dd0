"""What a mail costs on its way in: ``python -m benchmarks.mail`` on the seeded desk of 100,000 tickets.

Keeping it (raw, encrypted, committed), reading it, and taking it in with all that follows; beside them the floor: the
same bytes written by one INSERT. Then how many mails of 4 kB the SMTP server accepts and one reader takes in a second,
where that time goes, and what a mail of 24 MB costs. Nothing is left behind but the tickets that the mails opened.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from benchmarks.__main__ import environment, free_port
from benchmarks.server import BASE_DIR

RELAY = "mx.bench.test"
QUOTED = "\n".join(f"> This is line {number} of what was said before." for number in range(60))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--tickets", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=200, help="how many mails of each kind")
    parser.add_argument("--large", action="store_true", help="only the mail of 24 MB")
    parser.add_argument("--var-dir", type=Path, default=BASE_DIR / "var" / "bench")
    chosen = parser.parse_args()
    chosen.var_dir.mkdir(parents=True, exist_ok=True)
    chosen.var_dir.chmod(0o711)
    from helpdesk import embedded

    embedded.attach(chosen.var_dir)
    os.environ.update(environment(chosen.var_dir, free_port()) | {"LOG_LEVEL": "ERROR"})
    import django

    django.setup()
    from benchmarks import prepare

    prepare.ready(chosen.tickets)
    if chosen.large:
        _large()
        return
    _measure(chosen.times)
    from benchmarks import mail_rates

    mail_rates.measure(chosen.times * 5, chosen.var_dir)
    print(flush=True)
    # In a process of its own: memory that was needed before would hide what it needs.
    subprocess.run(
        [sys.executable, "-m", "benchmarks.mail", "--large", f"--var-dir={chosen.var_dir}"], check=True
    )


def _measure(times: int) -> None:
    from accounts.models import Brand
    from tickets.models import Mailbox, Ticket

    brand = Brand.objects.order_by("pk")[0]
    Mailbox.objects.update_or_create(address=brand.email, defaults={"brand": brand, "authserv_id": RELAY})
    print(f"{Ticket.objects.count():,} tickets, {times} mails of each kind; milliseconds, p50 / p95\n")
    floor = _floor(times)
    print(f"{'floor: one INSERT of 2 kB':<34}{_said(floor)}")
    for name, kind in KINDS.items():
        mails = [kind(number, brand.email) for number in range(times)]
        kept, read, taken = _run(mails, brand.email)
        size = statistics.mean(map(len, mails)) / 1024
        print(f"\n{name} ({size:,.0f} kB)")
        for label, figures in (("kept", kept), ("read alone", read), ("taken in", taken)):
            print(
                f"  {label:<32}{_said(figures)}   {statistics.median(figures) / statistics.median(floor):.0f} x floor"
            )


def _run(mails: list[bytes], to: str) -> tuple[list[float], list[float], list[float]]:
    from tickets.actions import incoming
    from tickets.actions.incoming import Arrival
    from tickets.channels.email.reading import read
    from tickets.channels.email.taking import take
    from tickets.choices import MailWay
    from tickets.models import IncomingMail

    rows: list[IncomingMail] = []

    def keep(raw: bytes) -> None:
        rows.extend(incoming.keep(Arrival(raw=raw, way=MailWay.PIPE, recipients=[to])))

    kept = [_timed(lambda raw=raw: keep(raw)) for raw in mails]  # type: ignore[misc]
    seen = [_timed(lambda raw=raw: read(raw)) for raw in mails]  # type: ignore[misc]
    whole = [IncomingMail.objects.select_related("brand", "mailbox").get(pk=row.pk) for row in rows]
    taken = [_timed(lambda row=row: take(row)) for row in whole]  # type: ignore[misc]
    bad = IncomingMail.objects.filter(pk__in=[row.pk for row in rows]).exclude(state="done").first()
    assert bad is None, (bad.state, bad.aside_reason, bad.detail)
    return kept, seen, taken


def _large() -> None:
    """A mail of 24 MB, most of it a picture: kept, and taken in."""
    from accounts.models import Brand
    from tickets.actions import incoming
    from tickets.actions.incoming import Arrival
    from tickets.channels.email.taking import take
    from tickets.choices import MailWay

    to = Brand.objects.order_by("pk")[0].email
    mail = _blank(1, to)
    mail.set_content("See the picture.")
    picture = bytes.fromhex("89504e470d0a1a0a") + os.urandom(9_000_000)
    for name in ("1.png", "2.png"):
        mail.add_attachment(picture, maintype="image", subtype="png", filename=name)
    raw = mail.as_bytes()
    del mail, picture
    before = _peak()
    (row,) = incoming.keep(Arrival(raw=raw, way=MailWay.PIPE, recipients=[to]))
    kept = _peak()
    took = _timed(lambda: take(row))
    print(
        f"A mail of {len(raw) / 1024**2:.0f} MB: memory {before:.0f} MB before (the mail itself among it), "
        f"{kept:.0f} MB once kept, {_peak():.0f} MB once taken in, which took {took / 1000:.1f} s"
    )


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _floor(times: int) -> list[float]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE mail_floor (raw bytea, sha256 text UNIQUE)")

        def write() -> None:
            cursor.execute("INSERT INTO mail_floor VALUES (%s, %s)", [os.urandom(2048), uuid.uuid4().hex])

        try:
            return [_timed(write) for _turn in range(times)]
        finally:
            cursor.execute("DROP TABLE mail_floor")


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def _said(figures: list[float]) -> str:
    return f"{statistics.median(figures):7.1f} / {statistics.quantiles(figures, n=20)[-1]:7.1f}"


def _blank(number: int, to: str) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    mail["Received"] = "from mx.example.com by mx.bench.test; Wed, 25 Nov 2026 10:00:00 +0800"
    mail["Authentication-Results"] = f"{RELAY}; dmarc=pass header.from=example.com"
    # Each from somebody else: the limits for one sender are not what is measured.
    mail["From"], mail["To"] = f"王小明 <{uuid.uuid4().hex[:12]}@example.com>", to
    mail["Subject"] = f"提现没有到账 {number}"
    mail["Date"] = "Wed, 25 Nov 2026 10:00:00 +0800"
    mail["Message-ID"] = f"<{uuid.uuid4()}@example.com>"
    return mail


def _plain(number: int, to: str) -> bytes:
    mail = _blank(number, to)
    mail.set_content("我昨天提现 500 元，到现在没有到账。\n" * 20)
    return mail.as_bytes()


def _answer(number: int, to: str) -> bytes:
    mail = _blank(number, to)
    mail["References"] = " ".join(f"<{uuid.uuid4()}@example.com>" for _turn in range(10))
    mail.set_content(
        f"My bank is ICBC.\n\nOn Wed, 25 Nov 2026 at 18:03, BTP Wallet <{to}> wrote:\n{QUOTED}\n"
    )
    return mail.as_bytes()


def _rich(number: int, to: str) -> bytes:
    mail = _blank(number, to)
    rows = "".join(
        f"<tr><td style='color:red'>{row}</td><td><b>500.00</b> CNY</td></tr>" for row in range(300)
    )
    mail.set_content("See the table.")
    mail.add_alternative(
        f"<html><body><p>See the table.</p><table>{rows}</table></body></html>", subtype="html"
    )
    picture = bytes.fromhex("89504e470d0a1a0a") + os.urandom(300_000)
    mail.add_attachment(picture, maintype="image", subtype="png", filename="截图.png")
    return mail.as_bytes()


KINDS: dict[str, Callable[[int, str], bytes]] = {
    "plain text, Chinese": _plain,
    "an answer with a quotation": _answer,
    "HTML with a table and a picture": _rich,
}

if __name__ == "__main__":
    main()
