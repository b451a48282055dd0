"""The copy of what is known of a person: a ZIP of JSON, a readable page in each language, and their files.

It is made in the background under a claim that runs out, so that a killed worker's is made by another; it lies in the
private storage, sealed, for a few days.
"""

from __future__ import annotations

import json
import logging
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import IO, Any, cast

from django.conf import settings
from django.core.files.base import File
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from accounts import audit
from accounts.actions import reading
from accounts.choices import AuditKind
from accounts.models import User
from helpdesk.lib import clock
from helpdesk.lib.sealed_files import Sealing, opened_pieces
from tickets.actions.privacy.requests import tell
from tickets.choices import PrivacyKind, PrivacyState
from tickets.models import PrivacyRequest
from tickets.queries import personal_copy, personal_data
from tickets.queries.personal_copy import Part

logger = logging.getLogger(__name__)
PURPOSE = "privacy export"
#: Longer than the making of any copy takes, by the tasks' limit of time.
CLAIM = timedelta(minutes=30)
MOST_ATTEMPTS = 5
#: As much is in memory; larger ones lie in a file without a name meanwhile, which goes with its process.
IN_MEMORY = 32 * 1024 * 1024
LANGUAGES = ("zh-hans", "en")


def work() -> bool:
    """Make the oldest copy that nobody makes; whether there may be more."""
    request = _claim()
    if request is None:
        return False
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as made:
        counts = _write(request, made)
        made.seek(0)
        stored = request.archive.storage.save(
            request.archive.field.generate_filename(request, "copy"),
            File(cast(IO[bytes], Sealing(made, purpose=f"{PURPOSE} {request.pk}")), name="copy"),
        )
    if not _settle(request, stored, counts):
        request.archive.storage.delete(stored)
    return True


@transaction.atomic
def _claim() -> PrivacyRequest | None:
    now = clock.now()
    waiting = PrivacyRequest.objects.filter(
        kind=PrivacyKind.EXPORT, state__in=[PrivacyState.QUEUED, PrivacyState.RUNNING]
    ).exclude(claimed_until__gt=now)
    row = (
        waiting.select_for_update(of=("self",), skip_locked=True)
        .select_related("customer__user", "brand")
        .order_by("pk")
        .first()
    )
    if row is None:
        return None
    row.state, row.claimed_until, row.attempts = PrivacyState.RUNNING, now + CLAIM, row.attempts + 1
    if row.attempts > MOST_ATTEMPTS:
        row.state, row.finished_at = PrivacyState.FAILED, now
        logger.error("The copy for request %s failed %s times", row.pk, MOST_ATTEMPTS)
    row.save(update_fields=["state", "claimed_until", "attempts", "finished_at"])
    return row if row.state == PrivacyState.RUNNING else None


def _write(request: PrivacyRequest, made: IO[bytes]) -> dict[str, int]:
    """The ZIP; how many rows of each table are in it."""
    subject = personal_data.person(request.customer)
    found = list(personal_copy.parts(subject, with_notes=request.with_notes))
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.json", _for_programs(request, found))
        for language in LANGUAGES:
            archive.writestr(f"{language}.html", _for_readers(request, found, language))
        for part in found:
            for path, row in personal_copy.files_of(part):
                _add_file(archive, path, row.file)
    return {part.table.model: len(part.rows) for part in found}


def _add_file(archive: zipfile.ZipFile, path: str, stored: Any) -> None:
    """A file that the storage has lost must not keep the rest from the person."""
    try:
        with stored.open("rb") as source, archive.open(path, "w") as target:
            for chunk in source.chunks():
                target.write(chunk)
    except FileNotFoundError:
        logger.error("The storage has lost %s", stored.name)


def _for_programs(request: PrivacyRequest, found: list[Part]) -> str:
    data = {
        "made_at": clock.now(),
        "customer": request.customer_id,
        "with_notes": request.with_notes,
        "tables": {
            part.table.model: [personal_copy.for_programs(row, part.columns) for row in part.rows]
            for part in found
        },
    }
    return json.dumps(data, ensure_ascii=False, indent=1, cls=DjangoJSONEncoder)


def _for_readers(request: PrivacyRequest, found: list[Part], language: str) -> str:
    with translation.override(language), timezone.override(request.brand.time_zone):
        context = {
            "language": language,
            "request": request,
            "made_at": clock.now(),
            "parts": [
                (part.title, [personal_copy.for_readers(row, part.columns) for row in part.rows])
                for part in found
            ],
        }
        return render_to_string("privacy/copy.html", context)


@transaction.atomic
def _settle(request: PrivacyRequest, stored: str, counts: dict[str, int]) -> bool:
    """Note where it lies and tell the person; False when another was quicker after the claim had run out."""
    row = (
        PrivacyRequest.objects.select_for_update(of=("self",))
        .select_related("customer__user", "brand", "asked_by")
        .get(pk=request.pk)
    )
    if row.state != PrivacyState.RUNNING or row.attempts != request.attempts:
        return False
    now = clock.now()
    row.state, row.finished_at, row.counts, row.claimed_until = PrivacyState.DONE, now, counts, None
    row.archive.name = stored
    row.archive_until = now + timedelta(days=settings.PRIVACY_EXPORT_DAYS)
    row.save()
    audit.record(
        AuditKind.PERSON_EXPORTED,
        by=row.asked_by,
        brand=row.brand,
        customer=row.customer,
        request=row.pk,
        rows=counts,
        with_notes=row.with_notes,
    )
    _watch(row, row.asked_by)
    if row.by_themself:
        tell(row, "ready")
    return True


def _watch(request: PrivacyRequest, by: User | None) -> None:
    """Everything about somebody is in a copy: of a decoy nobody needs one. Who asks for their own is no reader."""
    if by is not None and by.is_staff:
        reading.touched(request.customer_id, by=by, how="exported")


@transaction.atomic
def opened(request: PrivacyRequest, *, by: User) -> Iterator[bytes]:
    """The ZIP in clear, piece by piece; that it was fetched is in the audit log. Ask ``request.has_archive`` before."""
    audit.record(
        AuditKind.EXPORTED,
        by=by,
        brand=request.brand,
        customer=request.customer,
        request=request.pk,
        what="personal data",
    )
    _watch(request, by)
    return _pieces(request)


def _pieces(request: PrivacyRequest) -> Iterator[bytes]:
    with request.archive.storage.open(str(request.archive.name), "rb") as stored:
        yield from opened_pieces(stored, purpose=f"{PURPOSE} {request.pk}")
