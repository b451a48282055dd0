"""``manage.py audit verify|export|seal|trim``: the audit log at the console."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from accounts import audit
from accounts.actions.audit_trimming import trim
from accounts.actions.audit_verifying import verify_and_tell
from accounts.actions.sealing import seal
from accounts.choices import AuditKind
from accounts.queries import audit_export


class Command(BaseCommand):
    help = "Verifies, exports, seals or trims the audit log."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        checking = verbs.add_parser("verify", help="Is it as it was written? Exit status 1 if not.")
        checking.add_argument("--since", type=when, help="begin with the stretch in which this lies")
        checking.add_argument(
            "--forget-head", action="store_true", help="after the database was set back to a backup"
        )
        exporting = verbs.add_parser("export", help="Lines of JSON with the seals between.")
        exporting.add_argument("--since", type=when)
        exporting.add_argument("--until", type=when, help="not included")
        exporting.add_argument("--to", metavar="FILE", help="instead of the standard output")
        verbs.add_parser("seal", help="Seal what was written by now.")
        verbs.add_parser("trim", help="Remove what is older than AUDIT_KEEP_DAYS.")

    def handle(self, *args: Any, **options: Any) -> None:
        getattr(self, f"_{options['verb']}")(options)

    def _verify(self, options: dict[str, Any]) -> None:
        verdict = verify_and_tell(since=options["since"], forget_head=options["forget_head"])
        if not verdict.is_well:
            faults = "; ".join(
                f"{fault.what}, entry {fault.entry or '—'}, seal {fault.seal or '—'}"
                for fault in verdict.faults
            )
            raise CommandError(
                f"The audit log is NOT as it was written: {faults}. docs/audit.md says what that means and what "
                "to do."
            )
        self.stdout.write(
            f"The audit log is as it was written: {verdict.entries} entries, {verdict.seals} seals, "
            f"{verdict.unsealed} not sealed yet, removed by retention up to {verdict.trimmed_to}.\n"
            f"head {verdict.head}"
        )

    def _export(self, options: dict[str, Any]) -> None:
        after, last = audit_export.bounds(options["since"], options["until"])
        said = {name: options[name].isoformat() for name in ("since", "until") if options[name]}
        audit.record(AuditKind.AUDIT_EXPORTED, by=None, way="console", after=after, last=last, **said)
        if options["to"]:
            with open(options["to"], "w", encoding="utf-8") as file:
                file.writelines(audit_export.lines(after, last))
        else:
            sys.stdout.writelines(audit_export.lines(after, last))

    def _seal(self, options: dict[str, Any]) -> None:
        self.stdout.write(f"{seal()} entries sealed.")

    def _trim(self, options: dict[str, Any]) -> None:
        self.stdout.write(f"{trim()} entries removed.")


def when(text: str) -> datetime:
    """``2026-01-31`` or ``2026-01-31T08:00+08:00``; without a zone in that of the site."""
    try:
        day = parse_date(text)
        moment = datetime(day.year, day.month, day.day) if day else parse_datetime(text)  # noqa: DTZ001
    except ValueError:
        moment = None
    if moment is None:
        raise CommandError(f"{text!r} is no time; write 2026-01-31 or 2026-01-31T08:00+08:00.")
    return timezone.make_aware(moment) if timezone.is_naive(moment) else moment
