"""The audit log as it is read."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts import audit
from accounts.actions.alarms import raise_alarm
from accounts.choices import AuditKind
from accounts.models import AuditEntry, Brand, Customer, SecurityAlarm, User
from accounts.queries import audit_log
from tests.tickets.workspace.conftest import LogIn
from tickets.rules import numbers

LOG = "/admin/audit/"
NUMBER = numbers.new_number()


@pytest.fixture
def watch(log_in: LogIn, officer: User) -> Client:
    return log_in(officer)


@pytest.fixture
def entries(agent: User, lead: User, brand: Brand, customer: Customer) -> list[AuditEntry]:
    return [
        audit.record(
            AuditKind.TICKET_READ, by=agent, brand=brand, ticket=NUMBER, customer=customer, way="search"
        ),
        audit.record(
            AuditKind.REVEALED, by=agent, brand=brand, ticket=NUMBER, customer=customer, reason="compare"
        ),
        audit.record(AuditKind.LOGGED_IN, by=lead),
    ]


def shown(client: Client, **asked: Any) -> list[int]:
    html = client.get(LOG, asked).content.decode()
    table = html.partition("<tbody>")[2].partition("</tbody>")[0]
    return [int(part.partition("/")[0]) for part in table.split('href="/admin/audit/')[1:]]


def test_it_works(watch: Client, entries: list[AuditEntry]) -> None:
    html = watch.get(LOG).content.decode()
    for said in ("ticket read", "masked data shown", "Ann", "search"):
        assert said in html
    assert entries[0].pk in shown(watch)


def test_narrowed(watch: Client, entries: list[AuditEntry], agent: User, customer: Customer) -> None:
    read, revealed, came = [entry.pk for entry in entries]
    assert shown(watch, who=agent.pk) == [revealed, read]
    assert shown(watch, what="logged_in", who=entries[2].actor_id) == [came]
    assert shown(watch, ticket=numbers.display(NUMBER)) == [revealed, read]
    assert shown(watch, customer=customer.pk) == [revealed, read]
    # By what the customer is known by, whole.
    assert shown(watch, customer="wang@example.com") == [revealed, read]
    assert read in shown(watch, since="2020-01-01")
    assert shown(watch, until="2020-01-01") == []


@pytest.mark.parametrize(
    "asked",
    [{"ticket": "???"}, {"customer": "who@ever.test"}, {"since": "yesterday"}, {"until": "2026-99-99"}],
)
def test_nonsense_is_said_at_its_field(
    watch: Client, entries: list[AuditEntry], asked: dict[str, str]
) -> None:
    response = watch.get(LOG, asked)
    assert response.status_code == 200
    assert 'aria-invalid="true"' in response.content.decode()


def test_pages_by_number(watch: Client, agent: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_log, "PAGE", 3)
    made = [audit.record(AuditKind.SEARCHED, by=agent).pk for _turn in range(5)]
    assert shown(watch, what="searched") == made[:1:-1]
    assert shown(watch, what="searched", after=made[2]) == made[1::-1]


def test_entries_of_brands_that_one_does_not_serve(watch: Client, other_brand: Brand, agent: User) -> None:
    other = audit.record(AuditKind.TICKET_READ, by=agent, brand=other_brand)
    assert other.pk not in shown(watch)
    assert watch.get(f"{LOG}{other.pk}/").status_code == 404


def test_an_entry(watch: Client, entries: list[AuditEntry]) -> None:
    html = watch.get(f"{LOG}{entries[1].pk}/").content.decode()
    assert "to compare with what the customer says" in html
    assert "not yet: seals are made every minute" in html


def test_changes_as_old_and_new(watch: Client, administrator: User, brand: Brand) -> None:
    entry = audit.record(
        AuditKind.POWERS_CHANGED, by=administrator, what="accounts.user", changes={"role": ["agent", "lead"]}
    )
    assert "agent → lead" in watch.get(f"{LOG}{entry.pk}/").content.decode()


def test_an_alarm_is_seen_to(watch: Client, entries: list[AuditEntry], officer: User) -> None:
    alarm = raise_alarm(entries[1])
    html = watch.get(LOG).content.decode()
    assert "Alarms that wait for you" in html
    assert watch.post(f"{LOG}alarms/{alarm.pk}/").status_code == 302
    assert SecurityAlarm.objects.get().seen_by == officer
    assert "Alarms that wait for you" not in watch.get(LOG).content.decode()


def test_the_export(watch: Client, entries: list[AuditEntry]) -> None:
    response = watch.post(f"{LOG}export/")
    lines = b"".join(response.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert response["Content-Disposition"].endswith('.jsonl"')
    assert len(lines) == AuditEntry.objects.count() - 1  # up to the export itself


@pytest.mark.parametrize("who", ["agent", "lead", "manager"])
def test_others_are_refused(log_in: LogIn, who: str, request: pytest.FixtureRequest) -> None:
    client = log_in(request.getfixturevalue(who))
    assert client.get(LOG).status_code == 403
    assert client.post(f"{LOG}export/").status_code == 403


def test_queries_do_not_grow(watch: Client, agent: User, django_assert_max_num_queries: object) -> None:
    for _turn in range(30):
        audit.record(AuditKind.SEARCHED, by=agent)
    watch.get(LOG)
    with django_assert_max_num_queries(16):  # type: ignore[operator]
        watch.get(LOG)


class TestDecoys:
    def test_made_on_the_page(self, watch: Client, brand: Brand, agent: User) -> None:
        form = {"brand": brand.pk, "count": "2", "domain": "mail.btp.test"}
        assert watch.post(f"{LOG}decoys/", form).status_code == 302
        assert "No decoy any more" in watch.get(f"{LOG}decoys/").content.decode()

    def test_nonsense_is_told_and_kept(self, watch: Client, brand: Brand) -> None:
        response = watch.post(f"{LOG}decoys/", {"brand": brand.pk, "count": "999", "domain": "mail.btp.test"})
        assert response.status_code == 422
        assert 'value="999"' in response.content.decode()
