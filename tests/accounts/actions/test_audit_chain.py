"""What somebody who owns the database may do to the log, and how it is found."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections, transaction
from pytest_django import Settings

from accounts import audit
from accounts.actions import audit_trimming, sealing
from accounts.actions.audit_verifying import verify_and_tell
from accounts.choices import AuditKind
from accounts.models import AuditEntry, AuditSeal, SealKind, SecurityAlarm, User
from accounts.queries import audit_health
from accounts.queries.audit_check import verify
from accounts.rules.audit_chain import mac_of
from accounts.web.audit_context import session_name
from helpdesk.lib import clock
from tests.smtp import wait_until

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_else_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """Brands, teams and people of the cast are configuration, too."""
    monkeypatch.setattr("accounts.configuration._write", lambda *_said: None)


def entries(count: int, by: User | None = None) -> list[AuditEntry]:
    return [
        audit.record(
            AuditKind.TICKET_READ, by=by, ticket=f"AAAAAAA{place:02}", shown=place, words=["早", None]
        )
        for place in range(count)
    ]


def seal_all() -> int:
    return sealing.seal_up_to(AuditEntry.objects.latest("pk").pk)


def tamper(statement: str, *values: Any) -> None:
    """As the owner of the tables, who can switch the triggers off."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("accounts_auditentry", "accounts_auditseal"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement, values)
        for table in ("accounts_auditentry", "accounts_auditseal"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER audit_no_truncate")  # as conftest has it


@pytest.fixture
def sealed(agent: User, monkeypatch: pytest.MonkeyPatch) -> list[AuditEntry]:
    """Twelve entries under three seals, two that wait for theirs."""
    monkeypatch.setattr(sealing, "STRETCH", 4)
    written = entries(12, agent)
    assert seal_all() == 12
    return written + entries(2, agent)


def test_what_was_written_is_well(sealed: list[AuditEntry]) -> None:
    verdict = verify()
    assert (verdict.fault, verdict.entries, verdict.seals, verdict.unsealed) == (None, 14, 3, 2)
    assert [seal.count for seal in AuditSeal.objects.all()] == [4, 4, 4]


@pytest.mark.parametrize("table", ["accounts_auditentry", "accounts_auditseal"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET at = now()", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_database_refuses(sealed: list[AuditEntry], table: str, verb: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER audit_no_truncate")
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            cursor.execute(verb.format(table))
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER audit_no_truncate")
    assert verify().is_well


Tamper = Callable[[list[AuditEntry]], None]
FAULTS: dict[str, tuple[Tamper, str, int]] = {
    # What is done, what is found, at which of the entries (by place).
    "a detail": (
        lambda rows: tamper(
            "UPDATE accounts_auditentry SET data = '{\"shown\": 9}' WHERE id = %s", rows[5].pk
        ),
        "changed",
        5,
    ),
    "who": (
        lambda rows: tamper("UPDATE accounts_auditentry SET actor_id = NULL WHERE id = %s", rows[2].pk),
        "changed",
        2,
    ),
    "when": (
        lambda rows: tamper(
            "UPDATE accounts_auditentry SET at = at + interval '1 microsecond' WHERE id = %s", rows[9].pk
        ),
        "changed",
        9,
    ),
    "not sealed yet": (
        lambda rows: tamper("UPDATE accounts_auditentry SET way = 'x' WHERE id = %s", rows[13].pk),
        "changed",
        13,
    ),
    "deleted": (
        lambda rows: tamper("DELETE FROM accounts_auditentry WHERE id = %s", rows[6].pk),
        "deleted",
        6,
    ),
    "inserted": (lambda rows: tamper(COPY, rows[0].pk - 1, rows[3].pk), "inserted", -1),
    "swapped": (lambda rows: swap(rows[4].pk, rows[7].pk), "moved", 4),
    "over a seal": (lambda rows: swap(rows[3].pk, rows[4].pk), "moved", 3),
}
#: A true entry once more, under another number.
COPY = """
    INSERT INTO accounts_auditentry
        (id, uid, kind, at, actor_id, brand_id, ticket, customer, way, address, session, data, mac)
    SELECT %s, uid, kind, at, actor_id, brand_id, ticket, customer, way, address, session, data, mac
    FROM accounts_auditentry WHERE id = %s
"""


def swap(one: int, other: int) -> None:
    tamper("UPDATE accounts_auditentry SET id = -1 WHERE id = %s", one)
    tamper("UPDATE accounts_auditentry SET id = %s WHERE id = %s", one, other)
    tamper("UPDATE accounts_auditentry SET id = %s WHERE id = -1", other)


@pytest.mark.parametrize("name", FAULTS)
def test_what_was_done_to_it_is_found_and_where(sealed: list[AuditEntry], name: str) -> None:
    act, what, place = FAULTS[name]
    act(sealed)
    fault = verify().fault
    assert fault is not None
    expected = sealed[place].pk if place >= 0 else sealed[0].pk - 1
    assert (fault.what, fault.entry) == (what, expected)


def test_one_fault_hides_none_behind_it(sealed: list[AuditEntry]) -> None:
    for place in (1, 9, 13):
        tamper("UPDATE accounts_auditentry SET way = 'x' WHERE id = %s", sealed[place].pk)
    tamper("DELETE FROM accounts_auditentry WHERE id = %s", sealed[6].pk)
    found = [(fault.what, fault.entry) for fault in verify().faults]
    expected = [("changed", 1), ("deleted", 6), ("changed", 9), ("changed", 13)]
    assert found == [(what, sealed[place].pk) for what, place in expected]
    with pytest.raises(CommandError, match=f"deleted, entry {sealed[6].pk}"):
        call_command("audit", "verify")


def test_what_looks_like_a_secret_is_signed_as_it_is_stored(settings: Settings) -> None:
    """The name of a session may be all digits by chance, or because a stranger chose the cookie for it."""
    came = audit.Asked(session=session_name("k6802"), way="queue view=4111111111111111")
    assert came.session == "4080986453682135"
    with audit.answering(came):
        entry = audit.record(AuditKind.LOGIN_FAILED, by=None, login="4111111111111111")
    entry.refresh_from_db()
    assert entry.session == came.session
    assert "4111111111111111" not in f"{entry.way} {entry.data}"
    seal_all()
    assert verify().is_well


def test_an_entry_made_up_without_the_key(sealed: list[AuditEntry]) -> None:
    AuditEntry.objects.create(kind=AuditKind.TICKET_READ, mac="0" * 64)
    fault = verify().fault
    assert fault is not None
    assert (fault.what, fault.entry) == ("changed", AuditEntry.objects.latest("pk").pk)


def test_a_seal_that_was_changed_or_left_out(sealed: list[AuditEntry]) -> None:
    _first, second, third = AuditSeal.objects.all()
    with transaction.atomic():
        tamper("DELETE FROM accounts_auditseal WHERE id = %s", second.pk)
        fault = verify().fault
        assert fault is not None
        assert (fault.what, fault.seal) == ("broken", third.pk)
        transaction.set_rollback(True)
    tamper("UPDATE accounts_auditseal SET count = 3 WHERE id = %s", second.pk)
    fault = verify().fault
    assert fault is not None
    assert (fault.what, fault.seal) == ("seal", second.pk)


def test_an_end_that_was_cut_off(sealed: list[AuditEntry]) -> None:
    """The chain that is left is whole: only whoever remembers its head sees it."""
    assert verify_and_tell().is_well
    last = AuditSeal.objects.latest("pk")
    tamper("DELETE FROM accounts_auditentry WHERE id >= %s", last.first_id)
    tamper("DELETE FROM accounts_auditseal WHERE id = %s", last.pk)
    assert verify().is_well
    fault = verify_and_tell().fault
    assert fault is not None
    assert fault.what == "head"
    assert verify_and_tell(forget_head=True).is_well


def test_verifying_from_a_day_on(sealed: list[AuditEntry]) -> None:
    assert verify(since=sealed[9].at).entries == 6
    tamper("UPDATE accounts_auditentry SET way = 'x' WHERE id = %s", sealed[1].pk)
    assert verify(since=sealed[9].at).is_well
    assert not verify().is_well


class TestTelling:
    def test_a_fault_alarms_the_officers(
        self, sealed: list[AuditEntry], officer: User, settings: Settings
    ) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        tamper("DELETE FROM accounts_auditentry WHERE id = %s", sealed[6].pk)
        with pytest.raises(CommandError, match=f"deleted, entry {sealed[6].pk}"):
            call_command("audit", "verify")
        alarm = SecurityAlarm.objects.get()
        assert alarm.kind == AuditKind.AUDIT_VERIFIED
        assert [sent.to for sent in mail.outbox] == [[officer.email]]
        assert audit_health.verifying() > audit_health.VERIFYING_TOLERATED

    def test_health(self, sealed: list[AuditEntry], monkeypatch: pytest.MonkeyPatch) -> None:
        verify_and_tell()
        assert audit_health.verifying() < 5
        later = clock.now() + timedelta(hours=31)
        monkeypatch.setattr(clock, "now", lambda: later)
        assert audit_health.verifying() > audit_health.VERIFYING_TOLERATED
        assert audit_health.sealing() > audit_health.SEALING_TOLERATED


class TestRetention:
    @pytest.fixture
    def old(self, sealed: list[AuditEntry], monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Any:
        settings.AUDIT_KEEP_DAYS = 30
        later = clock.now() + timedelta(days=40)
        monkeypatch.setattr(clock, "now", lambda: later)
        return sealed

    def test_whole_stretches_go_and_the_chain_holds(self, old: list[AuditEntry]) -> None:
        assert audit_trimming.trim() == 12
        assert AuditEntry.objects.filter(pk__lte=old[11].pk).count() == 0
        assert AuditEntry.objects.filter(pk__in=[old[12].pk, old[13].pk]).count() == 2  # had no seal
        tombstone = AuditSeal.objects.get(kind=SealKind.TRIMMED)
        assert (tombstone.first_id, tombstone.last_id, tombstone.count) == (old[0].pk, old[11].pk, 12)
        assert AuditEntry.objects.get(kind=AuditKind.AUDIT_TRIMMED).data["count"] == 12
        assert verify().is_well
        seal_all()
        verdict = verify()
        assert (verdict.is_well, verdict.trimmed_to, verdict.entries) == (True, old[11].pk, 3)

    def test_for_ever_is_the_default(self, old: list[AuditEntry], settings: Settings) -> None:
        settings.AUDIT_KEEP_DAYS = 0
        assert audit_trimming.trim() == 0

    def test_what_is_young_stays(self, sealed: list[AuditEntry], settings: Settings) -> None:
        settings.AUDIT_KEEP_DAYS = 30
        assert audit_trimming.trim() == 0

    def test_a_tombstone_of_somebody_else(self, sealed: list[AuditEntry]) -> None:
        """The database lets the rows go for it; verifying sees that it was not ours."""
        last = AuditSeal.objects.latest("pk")
        AuditSeal.objects.create(
            kind=SealKind.TRIMMED,
            first_id=1,
            last_id=sealed[3].pk,
            count=4,
            previous=last.digest,
            digest="0" * 64,
        )
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM accounts_auditentry WHERE id = %s", [sealed[0].pk])
        fault = verify().fault
        assert fault is not None
        assert (fault.what, fault.entry) == ("deleted", sealed[0].pk)


def are_sealed(count: int) -> None:
    """Transactions of other databases on the same server, of tests beside this one, are waited for, too."""
    done: list[int] = []

    def goes_on() -> bool:
        done.append(sealing.seal(patience=0))
        return sum(done) >= count

    wait_until(goes_on, what="a seal")
    assert sum(done) == count


@pytest.mark.django_db(transaction=True)
class TestWhoIsStillWriting:
    def test_nothing_is_sealed_behind_an_open_transaction(self, django_db_blocker: Any) -> None:
        """Somebody drew a number and has not committed; others wrote after them."""
        slow = connections.create_connection("default")
        slow.settings_dict["NAME"] = connection.settings_dict["NAME"]
        try:
            with slow.cursor() as cursor:
                cursor.execute("BEGIN")
                cursor.execute(
                    "INSERT INTO accounts_auditentry (uid, kind, at, ticket, way, session, data, mac) "
                    "VALUES (gen_random_uuid(), 'ticket_read', now(), '', '', '', '{}', '') RETURNING id"
                )
                early = cursor.fetchone()[0]
                [late] = entries(1)
                assert late.pk > early
                assert sealing.seal(patience=0) == 0
                [later] = entries(1)
                cursor.execute("COMMIT")
            # Written behind the end that was noted: this run sees that nobody is left.
            are_sealed(3)
            assert AuditSeal.objects.latest("last_id").last_id == later.pk
        finally:
            slow.close()

    def test_an_end_is_remembered_over_one_slow_writer_after_another(self) -> None:
        first, second = (connections.create_connection("default") for _place in range(2))
        for one in (first, second):
            one.settings_dict["NAME"] = connection.settings_dict["NAME"]
        try:
            with first.cursor() as writing, second.cursor() as other:
                writing.execute("BEGIN")
                writing.execute("SELECT pg_current_xact_id()")
                entries(3)
                assert sealing.seal(patience=0) == 0
                other.execute("BEGIN")
                other.execute("SELECT pg_current_xact_id()")
                writing.execute("COMMIT")
                entries(2)
                are_sealed(3)
                other.execute("COMMIT")
            are_sealed(2)
        finally:
            first.close()
            second.close()


def test_what_passes_as_a_card_is_signed_as_it_is_stored(agent: User) -> None:
    """The column takes secrets out of what it is given: the signature is over what is left."""
    made = audit.record(
        AuditKind.CONFIGURED,
        by=agent,
        what="x",
        changes={"hotline": [None, "4111 1111 1111 1111"], "order": ["4111111111111111"]},
    )
    made.refresh_from_db()
    assert "4111111111111111" not in str(made.data).replace(" ", "")
    assert made.mac == mac_of(audit.keys()[0], made.written.canonical)
    sealing.seal_up_to(made.pk)
    assert verify().is_well
