"""The page of policies: what is saved, what is refused at which field, and what one is warned of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Brand, Team, User
from tests.cast import step_of
from tests.forms import errors, fields
from tests.tickets.admin.test_configuration import row, save
from tests.tickets.admin.test_pages import address, browser
from tests.times import shanghai
from tickets.choices import Channel, Complaints, Counting, EscalationAct, Priority, TimerKind
from tickets.models import (
    Category,
    EscalationStep,
    Recalculation,
    SlaPolicy,
    SlaTarget,
    Ticket,
    Timer,
    Webhook,
)

PAGE = "tickets.slapolicy"
GOLD = {"name": "Gold", "position": "10", "is_active": "on", "complaints": "any"}


def targets(*rows: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"targets-TOTAL_FORMS": str(len(rows))}
    for place, values in enumerate(rows):
        start = {"priority": "", "kind": "resolution", "minutes": "8h", "counting": "working"}
        found |= row("targets", place, **{**start, **values})
    return found


def steps(*rows: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"steps-TOTAL_FORMS": str(len(rows))}
    for place, values in enumerate(rows):
        start = {"kind": "resolution", "at_percent": "", "after_minutes": "", "act": "tell_lead", "text": ""}
        found |= row("steps", place, **{**start, "person": "", "team": "", "webhook": "", **values})
    return found


def shown(user: User, policy: SlaPolicy) -> str:
    return browser(user).get(address(PAGE, "change", policy.pk)).content.decode()


def listed(user: User, query: str = "") -> str:
    return browser(user).get(address(PAGE) + query).content.decode()


class TestForm:
    def test_it_works(self, manager: User, brand: Brand, category: Category, team: Team) -> None:
        changes = {
            **GOLD,
            "brands": [brand.pk],
            "categories": [category.pk],
            "priorities": ["40", "30"],
            "channels": ["chat"],
            "tiers": ["vip", "premium"],
            "complaints": "not",
            "pauses_on": ["on_hold"],
            "valid_from_0": "2026-03-02",
            "valid_from_1": "09:00",
            "remark": "Agreed in March.",
            **targets({"minutes": "2h 30m"}, {"priority": "40", "minutes": "1d", "counting": "elapsed"}),
            **steps({"at_percent": "80"}, {"after_minutes": "1h", "act": "move_to_team", "team": team.pk}),
        }
        assert save(manager, PAGE, changes) == (302, "")
        made = SlaPolicy.objects.get(name="Gold")
        assert (list(made.brands.all()), list(made.categories.all())) == ([brand], [category])
        assert set(made.priorities) == {Priority.URGENT, Priority.HIGH}
        assert (made.channels, set(made.tiers)) == ([Channel.CHAT], {"vip", "premium"})
        assert (made.complaints, made.pauses_on, made.remark) == (
            Complaints.NOT,
            ["on_hold"],
            "Agreed in March.",
        )
        assert made.valid_from == shanghai(2, 9)
        found = set(made.targets.values_list("priority", "minutes", "counting"))
        assert found == {(None, 150, Counting.WORKING), (40, 1440, Counting.ELAPSED)}
        assert set(made.steps.values_list("at_percent", "after_minutes", "team")) == {
            (80, 0, None),
            (None, 60, team.pk),
        }

    def test_times_are_shown_as_they_are_typed(self, manager: User, policy: SlaPolicy) -> None:
        SlaTarget.objects.filter(policy=policy).update(minutes=150)
        page = fields(shown(manager, policy))
        assert page["targets-0-minutes"] == ["2h 30m"]
        assert page["steps-0-after_minutes"] == [""]
        # Sent back as it is, nothing changes.
        assert save(manager, PAGE, {}, policy.pk) == (302, "")
        assert set(policy.targets.values_list("minutes", flat=True)) == {150}

    def test_a_policy_for_every_case(self, manager: User) -> None:
        assert save(manager, PAGE, {**GOLD, **targets({})}) == (302, "")
        made = SlaPolicy.objects.get()
        assert (made.priorities, made.channels, made.tiers, made.pauses_on) == ([], [], [], ["pending"])

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            (targets({"minutes": "soon"}), "Write a time such as"),
            (targets({"minutes": "0"}), "at least 1m"),
            (targets({}, {}), "promised twice"),
            (targets({"priority": "30"}, {"priority": "30"}), "promised twice"),
            (targets({"kind": "first_response", "minutes": "9h"}, {}), "later than the solution"),
            (targets({"kind": "first_response", "minutes": "9h"}, {"priority": "40"}), "later than the solution"),
            (steps({"at_percent": "100"}), "less than or equal to 99"),
            (steps({"at_percent": "50", "after_minutes": "1h"}), "Either a share"),
            (steps({"after_minutes": "1x"}), "Write a time such as"),
            (steps({"act": "tell_person"}), "who is to be told"),
            (steps({"act": "assign"}), "who is to get the ticket"),
            (steps({"act": "move_to_team"}), "which team"),
            (steps({"act": "add_note"}), "what the note says"),
            (steps({"act": "call_webhook"}), "which webhook"),
            ({"is_statutory": "on", "pauses_on": ["pending"]}, "never stands still"),
            (
                {"is_statutory": "on", "pauses_on": None, **targets({"kind": "next_response"})},
                "choose the first reply or the solution",
            ),
            (
                {
                    "valid_from_0": "2026-03-02", "valid_from_1": "09:00",
                    "valid_until_0": "2026-03-02", "valid_until_1": "09:00",
                },
                "must lie after the beginning",
            ),
        ],
    )  # fmt: skip
    def test_nonsense_is_told(self, manager: User, changes: dict[str, Any], words: str) -> None:
        status, told = save(manager, PAGE, {**GOLD, **targets({}), **changes})
        assert (status, words in told) == (200, True)
        assert not SlaPolicy.objects.exists()

    def test_what_cannot_be_compared_is_no_contradiction(self, manager: User) -> None:
        """A day on the clock may be shorter than nine working hours, or longer."""
        promised = targets(
            {"kind": "first_response", "minutes": "1d", "counting": "elapsed"}, {"minutes": "9h"}
        )
        assert save(manager, PAGE, {**GOLD, **promised}) == (302, "")

    def test_all_that_was_typed_is_kept(self, manager: User, brand: Brand) -> None:
        client = browser(manager)
        said = fields(client.get(address(PAGE, "add")).content.decode())
        said |= {**GOLD, "brands": [brand.pk], "tiers": ["vip"], **targets({"minutes": "4 hours and so"})}
        page = client.post(address(PAGE, "add"), said).content.decode()
        kept = fields(page)
        assert (kept["targets-0-minutes"], kept["tiers"], kept["brands"]) == (
            *(["4 hours and so"], ["vip"]),
            [str(brand.pk)],
        )

    def test_statutory(self, manager: User) -> None:
        law = {"is_statutory": "on", "pauses_on": None, **targets({"minutes": "15d", "counting": "elapsed"})}
        assert save(manager, PAGE, {**GOLD, **law}) == (302, "")
        assert SlaPolicy.objects.get().pauses_on == []


class TestSteps:
    def test_only_what_the_act_needs_is_kept(self, manager: User, agent: User, team: Team) -> None:
        hook = Webhook.objects.create(name="Pager", url="https://hooks.example.com/")
        everything = {"person": agent.pk, "team": team.pk, "webhook": hook.pk, "text": "Look."}
        acts = ["tell_person", "move_to_team", "call_webhook", "add_note", "raise_priority"]
        rows = [{**everything, "act": act, "after_minutes": f"{place}h"} for place, act in enumerate(acts)]
        assert save(manager, PAGE, {**GOLD, **targets({}), **steps(*rows)}) == (302, "")
        found = EscalationStep.objects.values_list("act", "person", "team", "webhook", "text")
        assert set(found) == {
            ("tell_person", agent.pk, None, None, ""),
            ("move_to_team", None, team.pk, None, ""),
            ("call_webhook", None, None, hook.pk, ""),
            ("add_note", None, None, None, "Look."),
            ("raise_priority", None, None, None, ""),
        }

    def test_nobody_who_left_or_is_no_staff(
        self, manager: User, agent: User, policy: SlaPolicy, member: Any
    ) -> None:
        for user in (member.user, agent):
            User.objects.filter(pk=agent.pk).update(is_active=False)
            asked = steps({"act": "tell_person", "person": user.pk})
            status, told = save(manager, PAGE, {**GOLD, **targets({}), **asked})
            assert (status, "Select a valid choice" in told) == (200, True)

    def test_who_left_meanwhile_is_told_by_name(self, manager: User, agent: User, policy: SlaPolicy) -> None:
        policy.steps.all().delete()
        step_of(policy, TimerKind.RESOLUTION, act=EscalationAct.TELL_PERSON, person=agent)
        User.objects.filter(pk=agent.pk).update(is_active=False)
        assert "Ann" in shown(manager, policy)
        status, told = save(manager, PAGE, {}, policy.pk)
        assert (status, "Ann does not work here any more" in told) == (200, True)

    def test_pick_lists_are_read_once(
        self, manager: User, policy: SlaPolicy, agent: User, django_assert_max_num_queries: Any
    ) -> None:
        counts = []
        for _round in range(2):
            client = browser(manager)
            client.get(address(PAGE, "change", policy.pk))
            with django_assert_max_num_queries(40) as counted:
                client.get(address(PAGE, "change", policy.pk))
            counts.append(len(counted))
            for _number in range(8):
                step_of(policy, TimerKind.RESOLUTION, act=EscalationAct.TELL_PERSON, person=agent)
        # The person of a step is read to show the step's name; pick lists are not.
        assert counts[1] - counts[0] <= 1


class TestList:
    def test_in_the_order_of_asking_with_conditions_in_words(
        self, manager: User, policy: SlaPolicy, brand: Brand, category: Category
    ) -> None:
        gold = SlaPolicy.objects.create(
            name="Gold",
            position=1,
            priorities=[30, 40],
            channels=["phone"],
            tiers=["vip"],
            complaints="only",
            valid_from=shanghai(2, 9),
        )
        gold.brands.set([brand])
        gold.categories.set([category])
        page = listed(manager)
        assert page.index(">Gold<") < page.index(">Standard<")
        for words in (
            *("brand: BTP Wallet", "category: Withdrawal", "priority: urgent, high", "way in: phone"),
            *("customer tier: VIP", "complaints only", "opened from", "every case"),
            *("first reply: 30m – 2h", "solution: 4h – 16h"),
        ):
            assert words in page, words

    def test_how_many_clocks_go(
        self, manager: User, policy: SlaPolicy, make_ticket: Callable[..., Ticket]
    ) -> None:
        for _number in range(3):
            make_ticket()
        Timer.objects.filter(pk=Timer.objects.first().pk).update(state="done")  # type: ignore[union-attr]
        assert "field-clocks_going" in listed(manager)
        assert ">5<" in listed(manager).replace("\n", "").replace(" ", "")
        assert "Clocks going under this policy: 5." in shown(manager, policy)

    def test_the_order_is_changed_in_the_list(self, manager: User, policy: SlaPolicy) -> None:
        gold = SlaPolicy.objects.create(name="Gold", position=1)
        client = browser(manager)
        said = fields(client.get(address(PAGE)).content.decode())
        assert said["form-0-id"] == [str(gold.pk)]
        client.post(address(PAGE), {**said, "form-0-position": "2000", "_save": "Save"})
        gold.refresh_from_db()
        assert gold.position == 2000

    def test_filters(self, manager: User, policy: SlaPolicy) -> None:
        SlaPolicy.objects.create(name="Law", is_statutory=True, pauses_on=[], is_active=False)
        assert ">Law<" not in listed(manager, "?is_active__exact=1")
        assert ">Standard<" not in listed(manager, "?is_statutory__exact=1")

    def test_who_only_looks_changes_no_order(self, lead: User, policy: SlaPolicy) -> None:
        page = listed(lead)
        assert "form-0-position" not in page
        assert browser(lead).post(address(PAGE), {"_save": "Save"}).status_code == 403


class TestWarnings:
    def test_nobody_is_left_out(self, manager: User, policy: SlaPolicy) -> None:
        nobody = "a case that none fits has no clocks"
        assert nobody not in listed(manager)
        client = browser(manager)
        said = fields(client.get(address(PAGE, "change", policy.pk)).content.decode())
        said.pop("is_active")
        page = client.post(address(PAGE, "change", policy.pk), said, follow=True).content.decode()
        assert nobody in page

    def test_what_is_never_reached(self, manager: User, policy: SlaPolicy) -> None:
        SlaPolicy.objects.create(name="Gold", position=2000, tiers=["vip"])
        assert "“Gold” is never reached: “Standard” stands before it" in listed(manager)

    def test_steps_for_what_is_not_promised(self, manager: User, policy: SlaPolicy) -> None:
        step_of(policy, TimerKind.NEXT_RESPONSE, act=EscalationAct.TELL_LEAD)
        assert "“Standard” has steps for what it does not promise: next reply" in listed(manager)


class TestForThoseWhoOnlyLook:
    def test_they_read_the_conditions_in_words(self, lead: User, policy: SlaPolicy, brand: Brand) -> None:
        policy.brands.set([brand])
        policy.priorities = [40]
        policy.save()
        page = shown(lead, policy)
        assert "brand: BTP Wallet" in page
        assert "priority: urgent" in page
        assert "recalculation/?policy" not in page
        assert "new-version" not in page


class TestDeleting:
    def test_one_under_which_clocks_were_set_stays(
        self, manager: User, ticket: Ticket, policy: SlaPolicy
    ) -> None:
        Timer.objects.update(state="done")
        assert "can be switched off, but not deleted" in shown(manager, policy)
        assert address(PAGE, "delete", policy.pk) not in shown(manager, policy)
        answer = browser(manager).post(address(PAGE, "delete", policy.pk), {"post": "yes"}, follow=True)
        assert "so it stays. Switch it off instead." in answer.content.decode()
        assert SlaPolicy.objects.filter(pk=policy.pk).exists()

    def test_one_that_a_recalculation_is_about_stays(self, manager: User) -> None:
        gold = SlaPolicy.objects.create(name="Gold")
        Recalculation.objects.create(policy=gold, requested_by=manager)
        browser(manager).post(address(PAGE, "delete", gold.pk), {"post": "yes"})
        assert SlaPolicy.objects.filter(pk=gold.pk).exists()

    def test_one_that_was_never_used_goes(self, manager: User) -> None:
        gold = SlaPolicy.objects.create(name="Gold")
        browser(manager).post(address(PAGE, "delete", gold.pk), {"post": "yes"})
        assert not SlaPolicy.objects.exists()

    def test_those_who_only_look_are_refused(self, lead: User, ticket: Ticket, policy: SlaPolicy) -> None:
        assert browser(lead).get(address(PAGE, "delete", policy.pk)).status_code == 403


class TestVersions:
    def make(self, client: Client, policy: SlaPolicy, moment: str) -> Any:
        return client.post(
            reverse("admin:tickets_slapolicy_new_version", args=[policy.pk]), {"valid_from": moment}
        )

    def test_it_works(self, manager: User, policy: SlaPolicy) -> None:
        client = browser(manager)
        page = client.get(reverse("admin:tickets_slapolicy_new_version", args=[policy.pk])).content.decode()
        assert "valid_from" in fields(page)
        answer = self.make(client, policy, "2026-03-16T00:00")
        made = SlaPolicy.objects.get(replaces=policy)
        assert answer.headers["Location"] == address(PAGE, "change", made.pk)
        assert made.valid_from == shanghai(16, 0)
        assert f"{address(PAGE, 'change', made.pk)}" in shown(manager, policy)
        assert f"{address(PAGE, 'change', policy.pk)}" in shown(manager, made)
        assert "never reached" not in listed(manager)

    @pytest.mark.parametrize(
        ("moment", "words"),
        [
            ("", "required"),
            ("tomorrow", "valid date"),
            ("2026-03-02T09:00", "after the one from which this version holds"),
        ],
    )
    def test_nonsense_is_told(self, manager: User, policy: SlaPolicy, moment: str, words: str) -> None:
        SlaPolicy.objects.update(valid_from=shanghai(2, 9))
        answer = self.make(browser(manager), policy, moment)
        assert answer.status_code == 422
        assert words in errors(answer.content.decode())
        assert SlaPolicy.objects.count() == 1

    def test_nobody_else(self, lead: User, agent: User, policy: SlaPolicy) -> None:
        for user in (lead, agent):
            assert self.make(browser(user), policy, "2026-03-16T00:00").status_code == 403
        assert SlaPolicy.objects.count() == 1

    def test_of_none(self, manager: User) -> None:
        assert self.make(browser(manager), SlaPolicy(pk=999), "2026-03-16T00:00").status_code in (302, 404)


def test_changed_in_place_it_moves_no_clock(manager: User, ticket: Ticket, policy: SlaPolicy) -> None:
    before = list(Timer.objects.values())
    assert save(manager, PAGE, {"targets-0-minutes": "1h", "name": "Other"}, policy.pk) == (302, "")
    assert list(Timer.objects.values()) == before
