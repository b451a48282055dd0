"""Changes of powers and configuration stand in the audit log, with old and new, whoever makes them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.actions.api_tokens import issue
from accounts.choices import AuditKind
from accounts.models import AuditEntry, Brand, Customer, SecurityAlarm, Team, User
from accounts.rules.capabilities import Role
from accounts.rules.scopes import Scope
from helpdesk.lib.errors import Invalid
from tests.forms import fields
from tickets.choices import SenderVerdict
from tickets.models import DeadAddress, Macro, Mailbox, RoutingRule, SenderRule

pytestmark = pytest.mark.django_db


def told(kind: AuditKind, what: str) -> list[dict[str, object]]:
    rows = AuditEntry.objects.filter(kind=kind, data__what=what).order_by("pk")
    return list(rows.values_list("data", flat=True))


def test_it_works() -> None:
    macro = Macro.objects.create(name_zh="好", name_en="Hello", body_zh="您好", body_en="Hello!")
    macro.body_en = "Good day!"
    macro.save()
    macro.save()  # nothing new: nothing said
    number = macro.pk
    macro.delete()
    made, changed, removed = told(AuditKind.CONFIGURED, "tickets.macro")
    assert (made["change"], changed["change"], removed["change"]) == ("made", "changed", "removed")
    assert changed["changes"] == {"body_en": ["Hello!", "Good day!"]}
    assert removed["row"] == number


def test_powers(agent: User, other_brand: Brand, other_team: Team) -> None:
    before = len(told(AuditKind.POWERS_CHANGED, "accounts.user"))
    agent.role = Role.LEAD
    agent.save(update_fields=["role"])
    agent.brands.add(other_brand)
    agent.teams.clear()
    other_team.members.add(agent)
    news = told(AuditKind.POWERS_CHANGED, "accounts.user")[before:]
    assert [entry["changes"] for entry in news] == [
        {"role": ["agent", "lead"]},
        {"brands": [None, ["波宝钱包"]]},
        {"teams": [["资金组"], None]},
    ]
    [joined] = told(AuditKind.POWERS_CHANGED, "accounts.team")[-1:]
    assert joined["changes"] == {"members": [None, ["Ann"]]}


def test_secrets_stay_out(brand: Brand) -> None:
    box = Mailbox.objects.create(brand=brand, address="box@btp.test")
    box.password = "very-secret-and-long"
    box.save()
    box.password = "very-secret-and-other"
    box.save()
    rows = told(AuditKind.CONFIGURED, "tickets.mailbox")
    assert "very-secret" not in str(rows)
    old, new = rows[-1]["changes"]["password_sealed"]  # type: ignore[index]
    assert old != new
    assert "very" not in old + new


def test_what_is_no_configuration_is_not_said(agent: User) -> None:
    before = AuditEntry.objects.count()
    agent.last_login = agent.date_joined
    agent.save(update_fields=["last_login"])
    agent.is_on_duty = False
    agent.save(update_fields=["is_on_duty"])
    assert AuditEntry.objects.count() == before


def test_a_customers_log_in_is_their_own_affair(member: object) -> None:
    assert not AuditEntry.objects.filter(data__name__startswith="Mia").exists()


def test_who_did_it_is_whoever_is_logged_in(
    administrator: User, agent: User, log_in_admin: Callable[[User], Client]
) -> None:
    client = log_in_admin(administrator)
    address = f"/admin/accounts/user/{agent.pk}/change/"
    form = {**fields(client.get(address).content.decode()), "name": "Anne"}
    assert client.post(address, form).status_code == 302
    entry = AuditEntry.objects.filter(data__what="accounts.user").latest("pk")
    assert entry.actor == administrator
    assert entry.data["changes"] == {"name": ["Ann", "Anne"]}
    assert entry.session


@pytest.fixture
def log_in_admin() -> Callable[[User], Client]:
    def make(user: User) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.force_login(user)
        return client

    return make


def test_a_new_approver_is_seen(officer: User, administrator: User, brand: Brand) -> None:
    """Two puppets, one that asks and one that approves: whoever makes them is noticed."""
    client = Client()
    client.force_login(administrator)
    page = client.get("/admin/accounts/user/add/")
    said = {**fields(page.content.decode()), "email": "puppet@demo.test", "name": "Puppet", "role": Role.LEAD}
    assert client.post("/admin/accounts/user/add/", said).status_code == 302
    alarm = SecurityAlarm.objects.latest("pk")
    assert AuditEntry.objects.get(pk=alarm.entry).data["name"].startswith("Puppet")


def test_nobody_gets_an_approvers_token_but_they(administrator: User, lead: User, agent: User) -> None:
    with pytest.raises(Invalid) as refused:
        issue(user=lead, name="x", scopes=[Scope.TICKETS_WRITE], by=administrator)
    assert "user" in refused.value.fields
    issue(user=agent, name="x", scopes=[Scope.TICKETS_WRITE], by=administrator)
    issue(user=lead, name="x", scopes=[Scope.TICKETS_WRITE], by=lead)
    with pytest.raises(Invalid) as refused:
        issue(user=agent, name="x", scopes=[Scope.STEP_UP], by=administrator)
    assert "scopes" in refused.value.fields
    with pytest.raises(Invalid) as refused:
        issue(user=agent, name="x", scopes=[Scope.STEP_UP], by=agent)
    assert "expires_in" in refused.value.fields


def test_whom_a_rule_names_stays_out(brand: Brand) -> None:
    """The log cannot be emptied: what a person could ask us to erase never gets into it."""
    rule = SenderRule.objects.create(
        pattern="zeb@planted.example", verdict=SenderVerdict.BLOCK, note="Zebulon"
    )
    rule.pattern = "quastel@planted.example"
    rule.save()
    rule.delete()
    routing = RoutingRule.objects.create(name="For Zebulon Quastel", senders="zeb@planted.example")
    routing.brands.add(brand)
    routing.brands.clear()
    dead = DeadAddress.objects.create(email="zeb@planted.example", reason="zeb@planted.example unknown")
    dead.delete()
    rows = list(AuditEntry.objects.order_by("pk").values_list("data", flat=True))
    assert not [row for row in rows for word in ("zeb", "quastel", "planted") if word in str(row).lower()]
    changed = next(row for row in rows if row["what"] == "tickets.senderrule" and row["change"] == "changed")
    old, new = changed["changes"]["pattern"]
    assert old.startswith("(personal ")
    assert old != new
    assert changed["name"] == f"#{changed['row']}"


def test_nor_a_customers_log_in_that_is_closed(member: Customer) -> None:
    assert member.user is not None
    member.user.is_active = False
    member.user.save()
    entry = AuditEntry.objects.filter(data__what="accounts.user").latest("pk")
    assert (entry.data["name"], entry.data["changes"]) == (f"#{member.user_id}", {"is_active": [True, False]})
