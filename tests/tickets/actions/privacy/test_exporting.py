"""The copy holds what is theirs, and nothing of others; it lies sealed, and not for long."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta

import pytest

from accounts.choices import AuditKind
from accounts.models import AuditEntry, Brand, SecurityAlarm, User
from helpdesk.lib import clock
from tests.planted import EMAIL, FILE, NAME, PHONE, WORDS, Planted
from tickets import actors
from tickets.actions import decoys
from tickets.actions.privacy import exporting, requests, tidying
from tickets.choices import PrivacyKind, PrivacyState
from tickets.delivery.render import render
from tickets.models import OutboxMail, PrivacyRequest

pytestmark = pytest.mark.django_db


def make(planted: Planted, brand: Brand, by: actors.Actor, *, with_notes: bool = False) -> PrivacyRequest:
    made = requests.ask(
        planted.customer, kind=PrivacyKind.EXPORT, brand=brand, language="en", by=by, with_notes=with_notes
    )
    assert exporting.work()
    made.refresh_from_db()
    assert made.state == PrivacyState.DONE
    return made


def content(made: PrivacyRequest, by: User) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(exporting.opened(made, by=by))))


def test_it_holds_what_is_theirs(planted: Planted, brand: Brand) -> None:
    made = make(planted, brand, actors.customer(planted.customer))
    archive = content(made, planted.user)
    data = json.loads(archive.read("data.json"))["tables"]
    assert data["accounts.customer"][0]["phone"] == PHONE
    assert {row["subject"] for row in data["tickets.ticket"]} == {f"{WORDS} of {NAME} {n}" for n in (1, 2)}
    assert EMAIL in {row["from_address"] for row in data["tickets.mailcopy"]}
    said = "\n".join(row["body"] for row in data["tickets.message"])
    assert "Dear Zebulon" in said
    assert "sounds upset" not in said
    everything = json.dumps(data, ensure_ascii=False)
    assert "neighbour" not in everything
    assert "wang@example.com" not in everything
    path = data["tickets.attachment"][0]["file"]
    assert archive.read(path) == FILE
    for language in ("zh-hans", "en"):
        page = archive.read(f"{language}.html").decode()
        assert f'lang="{language}"' in page
        assert NAME in page
        assert path in page


def test_with_our_notes_only_by_an_officer(planted: Planted, brand: Brand, officer: User) -> None:
    made = make(planted, brand, actors.staff(officer), with_notes=True)
    assert b"sounds upset" in content(made, officer).read("data.json")


def test_a_copy_of_a_decoy_is_an_alarm(brand: Brand, officer: User, agent: User) -> None:
    [decoy] = decoys.make(1, brand=brand, domain="customers.btp.test", by=officer)
    by = actors.staff(officer)
    made = requests.ask(decoy.customer, kind=PrivacyKind.EXPORT, brand=brand, language="en", by=by)
    assert exporting.work()
    read = AuditEntry.objects.filter(kind=AuditKind.DECOY_READ, customer=decoy.customer_id)
    [entry] = read
    assert (entry.actor, entry.data) == (officer, {"how": "exported"})
    assert SecurityAlarm.objects.get().entry == entry.pk
    made.refresh_from_db()
    content(made, officer)
    assert AuditEntry.objects.filter(kind=AuditKind.DECOY_READ).count() == 2, "and so is fetching it"


def test_who_fetches_their_own_is_no_reader(planted: Planted, brand: Brand) -> None:
    content(make(planted, brand, actors.customer(planted.customer)), planted.user)
    assert not SecurityAlarm.objects.exists()


def test_it_lies_sealed_and_each_fetching_is_noted(planted: Planted, brand: Brand) -> None:
    made = make(planted, brand, actors.customer(planted.customer))
    with made.archive.open("rb") as stored:
        raw = stored.read()
    assert NAME.encode() not in raw
    assert not zipfile.is_zipfile(io.BytesIO(raw))
    content(made, planted.user)
    kinds = set(AuditEntry.objects.values_list("kind", flat=True))
    assert {AuditKind.PERSON_EXPORTED, AuditKind.EXPORTED} <= kinds


def test_they_are_told_and_after_some_days_it_is_gone(planted: Planted, brand: Brand) -> None:
    made = make(planted, brand, actors.customer(planted.customer))
    told = OutboxMail.objects.get(context__said="ready")
    assert "/btp/privacy/" in str(render(told).body)
    with clock.frozen(clock.now() + timedelta(days=7, seconds=1)):
        assert not made.has_archive
        assert tidying.forget_archives() == 1
    assert not made.archive.storage.exists(str(made.archive.name))
    made.refresh_from_db()
    assert not made.archive


def test_a_killed_makers_copy_is_made_by_another_once(planted: Planted, brand: Brand) -> None:
    by = actors.customer(planted.customer)
    made = requests.ask(planted.customer, kind=PrivacyKind.EXPORT, brand=brand, language="en", by=by)
    claimed = exporting._claim()  # and its process is killed
    assert claimed == made
    assert not exporting.work()
    with clock.frozen(clock.now() + timedelta(minutes=31)):
        assert exporting.work()
    made.refresh_from_db()
    assert (made.state, made.attempts) == (PrivacyState.DONE, 2)
    assert not exporting._settle(claimed, "exports/late", {})  # the first one was only slow
    made.refresh_from_db()
    assert made.archive.name != "exports/late"


def test_a_copy_that_no_row_names_is_removed(planted: Planted, brand: Brand) -> None:
    made = make(planted, brand, actors.customer(planted.customer))
    PrivacyRequest.objects.filter(pk=made.pk).update(archive="", archive_until=None)
    assert tidying.forget_lost_archives() == 0
    with clock.frozen(clock.now() + timedelta(days=2)):
        assert tidying.forget_lost_archives() == 1
