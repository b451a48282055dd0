"""Saving configuration: it works, and nonsense is told at its field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import Brand, Team, User
from tests.forms import errors, fields
from tests.tickets.admin.test_pages import address, browser
from tickets import actors
from tickets.actions.macros import apply
from tickets.admin.calendars import CalendarForm
from tickets.choices import MailState
from tickets.models import (
    Calendar,
    CalendarException,
    CalendarHours,
    Category,
    CategoryField,
    Macro,
    OutboxMail,
    Ticket,
)
from tickets.queries.calendars import calendar_for, working_calendar

MakeTicket = Callable[..., Ticket]


def save(user: User, label: str, changes: dict[str, Any], pk: int | None = None) -> tuple[int, str]:
    """Open the page, change some fields, send it: the status (302 is saved), and the errors in words."""
    client = browser(user)
    url = address(label, "change", pk) if pk else address(label, "add")
    said = {**fields(client.get(url).content.decode()), **changes}
    answer = client.post(url, {name: value for name, value in said.items() if value is not None})
    return answer.status_code, errors(answer.content.decode()) if answer.status_code == 200 else ""


def row(prefix: str, place: int, **values: Any) -> dict[str, Any]:
    return {f"{prefix}-{place}-{name}": value for name, value in values.items()}


class TestCategories:
    def test_a_category_with_its_questions(self, manager: User, category: Category) -> None:
        question = row(
            "fields", 0, key="bank", kind="choice", label_zh="银行", label_en="Bank", required="on", max_length="50",
            position="1", options="icbc | 工商银行 | ICBC\nboc | 中国银行 | Bank of China", category="",
        )  # fmt: skip
        changes = {
            "name_zh": "国际提现",
            "name_en": "Abroad",
            "slug": "abroad",
            "parent": category.pk,
            "position": "0",
            "is_active": "on",
            "fields-TOTAL_FORMS": "1",
            **question,
        }
        assert save(manager, "tickets.category", changes) == (302, "")
        field = CategoryField.objects.get(category__slug="abroad")
        assert field.options[1] == {"value": "boc", "zh": "中国银行", "en": "Bank of China"}
        page = browser(manager).get(address("tickets.category", "change", field.category_id)).content.decode()
        assert fields(page)["fields-0-options"] == ["icbc | 工商银行 | ICBC\nboc | 中国银行 | Bank of China"]

    def test_the_list_is_the_tree(self, manager: User, category: Category) -> None:
        first = Category.objects.create(slug="a", name_zh="登录", name_en="Login", position=0)
        Category.objects.filter(pk=category.pk).update(position=1)
        Category.objects.create(slug="late", parent=category, name_zh="慢", name_en="Slow", position=5)
        locked = Category.objects.create(slug="z", parent=first, name_zh="锁", name_en="Locked", position=9)
        Category.objects.create(slug="y", parent=locked, name_zh="机", name_en="Phone", position=0)
        Category.objects.create(slug="zz", parent=first, name_zh="码", name_en="Code", position=10)
        page = browser(manager).get(address("tickets.category")).content.decode()
        places = [
            page.index(word) for word in (">Login", "└ Locked", "└ Phone", "└ Code", ">Withdrawal", "└ Slow")
        ]
        assert places == sorted(places)

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            (row("fields", 0, options="only | two", kind="choice"), "Line 1"),
            (row("fields", 0, options="", kind="choice"), "at least one option"),
            (row("fields", 0, options="cny", kind="choice"), "both languages"),
            (row("fields", 0, pattern="(", kind="text"), "Not a valid pattern"),
            (row("fields", 0, key="Not A Key"), "valid"),
        ],
    )
    def test_nonsense_is_told(
        self, manager: User, category: Category, changes: dict[str, Any], words: str
    ) -> None:
        status, told = save(manager, "tickets.category", changes, category.pk)
        assert status == 200
        assert words in told

    def test_not_below_itself_nor_too_deep(self, manager: User, category: Category) -> None:
        child = Category.objects.create(slug="a", parent=category, name_zh="x", name_en="x")
        grandchild = Category.objects.create(slug="b", parent=child, name_zh="x", name_en="x")
        assert "below itself" in save(manager, "tickets.category", {"parent": child.pk}, category.pk)[1]
        changes = {"name_zh": "x", "name_en": "x", "slug": "c", "parent": grandchild.pk, "position": "0"}
        assert "levels" in save(manager, "tickets.category", changes)[1]

    def test_those_who_only_look_change_nothing(self, lead: User, officer: User, category: Category) -> None:
        for user in (lead, officer):
            assert browser(user).get(address("tickets.category", "change", category.pk)).status_code == 200
            url = address("tickets.category", "change", category.pk)
            assert browser(user).post(url, {"name_en": "x"}).status_code == 403


class TestCalendars:
    def hours(self, *spans: tuple[int, str, str]) -> dict[str, Any]:
        rows = [
            row("hours", place, weekday=day, opens=opens, closes=closes)
            for place, (day, opens, closes) in enumerate(spans)
        ]
        start = {"hours-TOTAL_FORMS": str(len(spans)), "name": "Nights", "time_zone": "Asia/Shanghai"}
        return {key: value for part in (start, *rows) for key, value in part.items()}

    def test_it_works_and_what_was_computed_is_computed_anew(self, manager: User, brand: Brand) -> None:
        calendar = brand.calendar
        before = working_calendar(calendar)
        changes = {"hours-0-opens": "08:00:00"}
        assert save(manager, "tickets.calendar", changes, calendar.pk) == (302, "")
        calendar.refresh_from_db()
        assert working_calendar(calendar).weekly[0] != before.weekly[0]

    def test_past_midnight(self, manager: User) -> None:
        assert save(
            manager, "tickets.calendar", self.hours((6, "22:00", "06:00"), (0, "06:00", "09:00"))
        ) == (302, "")
        assert CalendarHours.objects.filter(calendar__name="Nights").count() == 2

    @pytest.mark.parametrize(
        "spans",
        [
            ((0, "09:00", "12:00"), (0, "11:00", "18:00")),
            ((0, "22:00", "06:00"), (1, "05:00", "09:00")),
            ((6, "22:00", "06:00"), (0, "05:59", "09:00")),
            ((2, "09:00", "09:00"), (2, "20:00", "21:00")),
        ],
    )
    def test_hours_that_overlap_are_told(
        self, manager: User, spans: tuple[tuple[int, str, str], ...]
    ) -> None:
        status, told = save(manager, "tickets.calendar", self.hours(*spans))
        assert status == 200
        assert "overlaps" in told
        assert not Calendar.objects.filter(name="Nights").exists()

    def test_a_calendar_that_never_opens_is_told(self, manager: User) -> None:
        assert "nothing would ever fall due" in save(manager, "tickets.calendar", self.hours())[1]
        assert save(manager, "tickets.calendar", {**self.hours(), "always_open": "on"})[0] == 302

    def test_days_that_contradict_each_other_are_told(self, manager: User, brand: Brand) -> None:
        closed = row("exceptions", 0, date="2026-10-01", reason="National Day", opens="", closes="")
        half = row("exceptions", 1, date="2026-10-01", reason="Half", opens="09:00", closes="12:00")
        changes = {"exceptions-TOTAL_FORMS": "2", **closed, **half}
        assert "contradicts" in save(manager, "tickets.calendar", changes, brand.calendar.pk)[1]
        changes = {"exceptions-TOTAL_FORMS": "1", **closed, "exceptions-0-opens": "09:00"}
        assert "both times" in save(manager, "tickets.calendar", changes, brand.calendar.pk)[1]
        changes = {"exceptions-TOTAL_FORMS": "1", **closed}
        assert save(manager, "tickets.calendar", changes, brand.calendar.pk) == (302, "")
        assert CalendarException.objects.count() == 1

    def test_no_such_time_zone(self, manager: User, brand: Brand) -> None:
        assert (
            "No such time zone"
            in save(manager, "tickets.calendar", {"time_zone": "Mars"}, brand.calendar.pk)[1]
        )

    def test_one_calendar_for_a_brand(self, manager: User, brand: Brand) -> None:
        changes = {**self.hours((0, "09:00", "12:00")), "brand": brand.pk}
        assert "already exists" in save(manager, "tickets.calendar", changes)[1]

    def test_the_country_whose_holidays_are_kept(self, manager: User, brand: Brand) -> None:
        calendar = brand.calendar
        assert save(
            manager, "tickets.calendar", {"holiday_country": "GB", "holiday_region": "SCT"}, calendar.pk
        ) == (302, "")
        calendar.refresh_from_db()
        assert (calendar.holiday_country, calendar.holiday_region) == ("GB", "SCT")
        assert save(
            manager, "tickets.calendar", {"holiday_country": "", "holiday_region": ""}, calendar.pk
        ) == (302, "")

    @pytest.mark.parametrize(
        ("country", "region", "field", "words"),
        [
            ("XX", "", "holiday_country", "Select a valid choice"),
            ("GB", "BY", "holiday_region", "Known are: ENG, NIR, SCT, WLS."),
            ("CN", "BJ", "holiday_region", "no regions"),
            ("", "SCT", "holiday_country", "Choose the country"),
        ],
    )
    def test_a_country_or_region_that_is_not_known_is_told_at_its_field(
        self, manager: User, brand: Brand, country: str, region: str, field: str, words: str
    ) -> None:
        changes = {"holiday_country": country, "holiday_region": region}
        status, told = save(manager, "tickets.calendar", changes, brand.calendar.pk)
        assert status == 200
        assert words in told
        form = CalendarForm({**changes, "name": "x", "time_zone": "UTC"}, instance=brand.calendar)
        assert set(form.errors) == {field}

    def test_a_team_or_a_brand_but_not_both(self, manager: User, brand: Brand, team: Team) -> None:
        status, told = save(manager, "tickets.calendar", {"team": team.pk}, brand.calendar.pk)
        assert (status, "not both" in told) == (200, True)
        changes = {**self.hours((0, "09:00", "12:00")), "team": team.pk}
        assert save(manager, "tickets.calendar", changes) == (302, "")
        assert calendar_for(team_id=team.pk, brand_id=brand.pk).name == "Nights"

    def test_countries_are_listed_in_the_readers_language(self, manager: User, brand: Brand) -> None:
        url = address("tickets.calendar", "change", brand.calendar.pk)
        assert ">China (CN)</option>" in browser(manager).get(url).content.decode()
        chinese = browser(manager).get(url, headers={"accept-language": "zh-CN"}).content.decode()
        assert ">中国 (CN)</option>" in chinese

    def test_the_year_is_one_click_away(self, manager: User, lead: User, brand: Brand) -> None:
        year = f'href="/admin/tickets/calendar/{brand.calendar.pk}/year/"'
        for user in (manager, lead):
            for url in (
                address("tickets.calendar"),
                address("tickets.calendar", "change", brand.calendar.pk),
            ):
                assert year in browser(user).get(url).content.decode()


class TestMacros:
    SAID = {
        "name_zh": "问候",
        "name_en": "Hello",
        "body_zh": "您好 {customer}",
        "body_en": "Hi {customer}",
        "position": "0",
    }

    def test_it_works(self, manager: User) -> None:
        assert save(manager, "tickets.macro", self.SAID) == (302, "")
        assert Macro.objects.get().body_en == "Hi {customer}"

    def test_a_misspelt_blank_is_told(self, manager: User) -> None:
        told = save(manager, "tickets.macro", {**self.SAID, "body_en": "Hi {costumer}"})[1]
        assert "{costumer} is not known" in told
        assert "{agent_first}" in told, "those that exist are named"

    @pytest.mark.parametrize("field", ["body_en", "name_en"])
    def test_one_with_a_secret_is_refused_at_its_field(self, manager: User, field: str) -> None:
        status, told = save(manager, "tickets.macro", {**self.SAID, field: "Hi, 4111 1111 1111 1111"})
        assert status == 200
        assert "what must not be stored here (card number)" in told
        assert not Macro.objects.exists()

    def test_one_that_only_changes(self, manager: User, team: Team, category: Category) -> None:
        changes = {
            **self.SAID,
            "body_zh": "",
            "body_en": "",
            "statuses": ["new", "open"],
            "set_status": "pending",
            "set_priority": "30",
            "set_team": str(team.pk),
            "set_assignee": "me",
            "add_tags": "VIP, slow",
        }
        assert save(manager, "tickets.macro", changes) == (302, "")
        made = Macro.objects.get()
        assert (made.statuses, made.add_tags, made.set_team) == (["new", "open"], ["vip", "slow"], team)
        page = browser(manager).get(address("tickets.macro")).content.decode()
        assert "priority: high" in page
        assert "Used in 30 days" in page
        page = browser(manager).get(address("tickets.macro", "change", made.pk)).content.decode()
        assert fields(page)["add_tags"] == ["vip slow"]

    @pytest.mark.parametrize(
        ("changes", "told"),
        [
            ({"body_zh": "", "body_en": ""}, "this one does neither"),
            ({"body_en": ""}, "write it in both"),
            ({"set_status": "closed"}, "Only a solved case is closed"),
            ({"set_status": "new"}, "new"),
            ({"add_tags": "a b", "remove_tags": "b"}, "It adds b too."),
            ({"add_tags": "x" * 41}, "at most 40 characters"),
        ],
    )
    def test_nonsense_is_told(self, manager: User, changes: dict[str, str], told: str) -> None:
        assert told in save(manager, "tickets.macro", {**self.SAID, **changes})[1]
        assert not Macro.objects.exists()

    def test_a_category_that_the_brand_does_not_have(
        self, manager: User, brand: Brand, other_brand: Brand, category: Category
    ) -> None:
        category.brands.set([other_brand])
        changes = {**self.SAID, "brand": str(brand.pk), "set_category": str(category.pk)}
        assert "no such category" in save(manager, "tickets.macro", changes)[1]

    def test_a_preview_in_both_languages(
        self, manager: User, ticket: Ticket, make_ticket: MakeTicket
    ) -> None:
        made = Macro.objects.create(
            name_zh="x", name_en="x", body_zh="{customer}您好，{number}", body_en="Dear {customer}, {number}"
        )
        url = address("tickets.macro", "change", made.pk)
        page = browser(manager).get(url).content.decode()
        assert f"王小明您好，{ticket.display_number}" in page
        assert f"Dear 王小明, {ticket.display_number}" in page
        newer = make_ticket()
        assert newer.display_number in browser(manager).get(url).content.decode()
        page = browser(manager).get(url, {"ticket": ticket.display_number}).content.decode()
        assert f"您好，{ticket.display_number}" in page

    def test_a_preview_shows_no_strangers_case(
        self, manager: User, ticket: Ticket, other_brand: Brand, make_ticket: MakeTicket
    ) -> None:
        hidden = make_ticket(brand=other_brand)
        made = Macro.objects.create(name_zh="x", name_en="x", body_zh="{number}", body_en="{number}")
        url = address("tickets.macro", "change", made.pk)
        page = browser(manager).get(url, {"ticket": hidden.display_number}).content.decode()
        assert f">{hidden.display_number}<" not in page
        assert f">{ticket.display_number}<" in page
        made.statuses = ["closed"]
        made.save()
        assert "filled in for an example" in browser(manager).get(url).content.decode()

    def test_how_often_it_is_used(self, manager: User, agent: User, ticket: Ticket) -> None:
        made = Macro.objects.create(name_zh="x", name_en="x", add_tags=["a"])
        apply(ticket, made, by=actors.staff(agent))
        assert "1 time, last" in browser(manager).get(address("tickets.macro")).content.decode()


class TestOutbox:
    def test_failed_mail_is_tried_again(self, administrator: User, ticket: Ticket) -> None:
        mail = OutboxMail.objects.get()
        OutboxMail.objects.update(state=MailState.FAILED, last_error="550 no such user", attempts=12)
        client = browser(administrator)
        assert "550 no such user" in client.get(address("tickets.outboxmail")).content.decode()
        client.post(address("tickets.outboxmail"), {"action": "retry_all", "_selected_action": [mail.pk]})
        mail.refresh_from_db()
        assert (mail.state, mail.attempts) == (MailState.QUEUED, 0)

    def test_from_its_page(self, administrator: User, ticket: Ticket) -> None:
        OutboxMail.objects.update(state=MailState.FAILED)
        mail = OutboxMail.objects.get()
        client = browser(administrator)
        page = client.get(address("tickets.outboxmail", "change", mail.pk)).content.decode()
        assert "Try again" in page
        client.get(address("tickets.outboxmail", "retry", mail.pk))
        mail.refresh_from_db()
        assert mail.state == MailState.QUEUED

    def test_what_a_ready_made_mail_says_is_not_shown(self, administrator: User, ticket: Ticket) -> None:
        OutboxMail.objects.update(context={"body": "the-secret-link"}, purpose="ready_made")
        page = browser(administrator).get(
            address("tickets.outboxmail", "change", OutboxMail.objects.get().pk)
        )
        assert page.status_code == 200
        assert "the-secret-link" not in page.content.decode()

    def test_nobody_else(self, manager: User, ticket: Ticket) -> None:
        OutboxMail.objects.update(state=MailState.FAILED)
        mail = OutboxMail.objects.get()
        assert browser(manager).get(address("tickets.outboxmail", "retry", mail.pk)).status_code == 403
        mail.refresh_from_db()
        assert mail.state == MailState.FAILED
