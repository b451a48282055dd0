"""Files that leave the desk are marked, limited and written down."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from accounts.actions import audit_exporting, exports
from accounts.actions.exports import TooManyExports
from accounts.choices import AuditKind
from accounts.models import AuditEntry, Brand, User
from helpdesk.lib.errors import NotAllowed


def test_it_works(lead: User) -> None:
    export = exports.begin("cases", by=lead, period="30")
    assert list(export.limited(iter("abc"))) == ["a", "b", "c"]
    begun, ended = AuditEntry.objects.filter(kind=AuditKind.EXPORTED).order_by("pk")
    assert begun.data == {
        "mark": export.mark,
        "what": "cases",
        "stage": "begun",
        "most": 50_000,
        "asked": {"period": "30"},
    }
    assert (ended.data["rows"], ended.data["cut"], ended.data["mark"]) == (3, False, export.mark)


def test_no_two_have_the_same_mark(lead: User) -> None:
    assert exports.begin("cases", by=lead).mark != exports.begin("cases", by=lead).mark


def test_rows_are_limited(lead: User, settings: Settings) -> None:
    settings.EXPORT_MAX_ROWS = 2
    export = exports.begin("cases", by=lead)
    assert list(export.limited(iter("abc"))) == ["a", "b"]
    assert AuditEntry.objects.latest("pk").data["cut"] is True


def test_one_who_hangs_up_is_written_down(lead: User) -> None:
    rows = exports.begin("cases", by=lead).limited(iter("abc"))
    next(rows)
    rows.close()  # type: ignore[attr-defined]
    assert AuditEntry.objects.latest("pk").data["rows"] == 1


def test_exports_a_day_are_limited(lead: User, manager: User, settings: Settings) -> None:
    settings.EXPORTS_PER_DAY = 2
    for _turn in range(2):
        list(exports.begin("cases", by=lead).limited("abc"))
    with pytest.raises(TooManyExports):
        exports.begin("cases", by=lead)
    exports.begin("cases", by=manager)


def test_an_agent_exports_nothing(agent: User) -> None:
    with pytest.raises(NotAllowed):
        exports.begin("cases", by=agent)
    assert not AuditEntry.objects.filter(kind=AuditKind.EXPORTED).exists()


def test_the_log_itself(officer: User, lead: User) -> None:
    made = audit_exporting.export(by=officer, since=None, until=None)
    assert made.name.startswith("audit-EX-")
    assert any(
        '"kind": "audit_exported"' in line
        for line in audit_exporting.export(by=officer, since=None, until=None).lines
    )
    with pytest.raises(NotAllowed):
        audit_exporting.export(by=lead, since=None, until=None)


def test_the_whole_log_only_for_who_serves_all_brands(officer: User, other_brand: Brand) -> None:
    with pytest.raises(NotAllowed):
        audit_exporting.export(by=officer, since=None, until=None)
