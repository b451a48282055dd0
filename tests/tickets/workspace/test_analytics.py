"""The managers' pages: who may see them, that lists and CSV agree with the numbers shown, that nothing jars."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from accounts.models import Brand, User
from helpdesk.lib import clock
from tests.marked_files import rows_of
from tests.tickets.analytics_story import NOW, at, tell
from tickets.models import Category, Ticket
from tickets.queries.analytics.report import report
from tickets.rules.analytics_terms import TERMS
from tickets.workspace.analytics import filters as filter_form
from tickets.workspace.analytics import page
from tickets.workspace.analytics.parts import Cell, Section

pytestmark = pytest.mark.django_db
PAGE = "/admin/analytics/"
LIST = f"{PAGE}tickets/"
Make = Callable[..., Ticket]


@pytest.fixture
def story(make_ticket: Make, agent: User) -> Iterator[dict[str, Ticket]]:
    """The story of tests/tickets/analytics_story.py; the clock stands where it ends."""
    told = tell(make_ticket, agent)
    with clock.frozen(NOW):
        yield told


@pytest.fixture
def week(story: dict[str, Ticket], manager: User, client: Client) -> Client:
    client.force_login(manager)
    client.cookies["django_language"] = "en"
    return client


def text_of(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def sections(user: User, **asked: str) -> dict[str, Section]:
    found = filter_form.read({"period": "7", **asked}, user, clock.now())
    desk = page.desk(found, report(found.scope), LIST)
    return {section.key: section for section in page.all_sections(desk)}


def test_it_works(week: Client) -> None:
    html = text_of(week, f"{PAGE}?period=7")
    words = re.sub(r"<span role=.tooltip.*?</span></span>|<[^>]+>", "", html)
    assert "6 cases were opened, 500% more than in the period before; 1 were solved." in words
    assert "Half of the first replies came within 30 min of working time, nine in ten within 1 h." in words
    assert "The promise of a first reply was kept in 60% of cases, of a solution in 25%." in words
    assert "5 are open now, 0 of them for more than 7 days." in words


@pytest.mark.parametrize("who", ["manager", "lead", "officer", "administrator"])
def test_whoever_watches_may_look(
    who: str, client: Client, request: pytest.FixtureRequest, ticket: Ticket
) -> None:
    client.force_login(request.getfixturevalue(who))
    for path in (PAGE, f"{PAGE}flow.csv", f"{LIST}?metric=opened", f"{PAGE}tickets.csv?metric=opened"):
        assert client.get(path).status_code == 200, path


@pytest.mark.parametrize("who", ["agent", "member"])
def test_others_may_not(who: str, client: Client, request: pytest.FixtureRequest) -> None:
    person = request.getfixturevalue(who)
    client.force_login(person if isinstance(person, User) else person.user)
    for path in (PAGE, f"{PAGE}flow.csv", f"{LIST}?metric=opened", f"{PAGE}tickets.csv?metric=opened"):
        assert client.get(path).status_code in (403, 404), path


def test_a_stranger_is_asked_to_log_in(client: Client, db: None) -> None:
    assert client.get(PAGE).status_code == 302


def test_nothing_is_changed_by_looking(week: Client) -> None:
    assert week.post(PAGE).status_code == 405


def _cells(section: Section) -> Iterator[tuple[Cell, int]]:
    """Cells that count cases, with their list's address; of the empty hours of the week one is enough."""
    empty = 0
    for cell in (cell for row in section.table.rows for cell in row):
        if cell.href and isinstance(cell.value, int) and cell.text == f"{cell.value:,}":
            empty += section.key == "hours" and cell.value == 0
            if cell.value or empty <= 1:
                yield cell, cell.value


def test_every_count_on_the_page_is_the_length_of_its_list(week: Client, manager: User) -> None:
    seen = 0
    for section in sections(manager).values():
        for cell, count in _cells(section):
            html = text_of(week, cell.href)
            assert len(re.findall(r'<th scope="row"><a', html)) == count, (section.key, cell)
            seen += 1
    assert seen > 50


@pytest.mark.usefixtures("in_english")
def test_the_csv_holds_what_the_page_shows(week: Client, manager: User) -> None:
    for key, section in sections(manager).items():
        body = b"".join(week.get(f"{PAGE}{key}.csv?period=7").streaming_content).decode()  # type: ignore[attr-defined]
        assert body.startswith("\ufeff")
        heads, rows = rows_of(body)
        assert len(heads) == len(section.table.heads)
        assert rows == [[str(cell.bare) for cell in row] for row in section.table.rows], key


def test_csv_heads_are_in_both_languages(week: Client) -> None:
    body = b"".join(week.get(f"{PAGE}tickets.csv?metric=opened").streaming_content)  # type: ignore[attr-defined]
    assert body.decode().startswith("\ufeff编号 / Number,")


def test_the_cases_as_csv_run_no_formula(week: Client, make_ticket: Make) -> None:
    with at(4, 10, 20):
        make_ticket(subject="=HYPERLINK(1)")
    body = b"".join(week.get(f"{PAGE}tickets.csv?metric=opened&period=7").streaming_content)  # type: ignore[attr-defined]
    _heads, rows = rows_of(body.decode())
    assert len(rows) == 7
    assert {row[1] for row in rows} >= {"'=HYPERLINK(1)", "A"}


def test_the_list_goes_on_page_by_page(week: Client, make_ticket: Make) -> None:
    with at(4, 10, 20):
        for _number in range(60):
            make_ticket()
    path, numbers = f"{LIST}?metric=opened&period=7", []
    while path:
        html = text_of(week, path)
        numbers += re.findall(r'<th scope="row"><a href="[^"]*/tickets/(\w+)/"', html)
        found = re.search(r'<a href="([^"]+)" rel="next"', html)
        path = found.group(1).replace("&amp;", "&") if found else ""
    assert len(numbers) == len(set(numbers)) == 66


def test_numbers_say_what_they_mean(week: Client) -> None:
    html = text_of(week, f"{PAGE}?period=7")
    for name in re.findall(r'aria-describedby="([^"]+)"', html):
        assert html.count(f'id="{name}"') == 1
    assert re.search(
        r'aria-describedby="(def-\d+)">6</a><span role="tooltip" class="an-tip" id="\1"><span>'
        + re.escape(str(TERMS["opened"])),
        html,
    )


def test_links_keep_the_filters(week: Client, brand: Brand, category: Category) -> None:
    asked = {"period": "7", "brand": brand.slug, "category": category.slug, "channel": "web"}
    html = text_of(week, f"{PAGE}?{'&'.join(f'{name}={value}' for name, value in asked.items())}")
    for href in re.findall(r'href="(/admin/analytics/tickets/[^"]+)"', html):
        query = parse_qs(urlsplit(href.replace("&amp;", "&")).query)
        assert {name: query[name] for name in asked} == {name: [value] for name, value in asked.items()}


def test_another_brand_is_not_found(week: Client, other_brand: Brand) -> None:
    assert week.get(f"{PAGE}?brand={other_brand.slug}").status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "metric=nonsense",
        "",
        "metric=opened&on=x",
        "metric=opened&hour=a-b",
        "metric=opened&agent=999999",
        "metric=open&age=9",
        "metric=promises&kind=x",
        "metric=promises&policy=0",
        "metric=opened&after=x",
        "metric=opened&topic=x",
    ],
)
def test_a_list_of_nonsense_is_not_found(week: Client, query: str) -> None:
    assert week.get(f"{LIST}?{query}").status_code == 404


@pytest.mark.parametrize(
    ("dates", "message"),
    [
        ("from=2026-03-03&to=2026-03-01", "must not lie before the first"),
        ("from=2026-03-09&to=2026-03-10", "has not come yet"),
        ("from=2020-01-01&to=2026-03-01", "at most 366 days"),
        ("from=&to=2026-02-30", "Enter a day"),
    ],
)
def test_a_wrong_period_says_so_and_keeps_what_was_typed(week: Client, dates: str, message: str) -> None:
    html = text_of(week, f"{PAGE}?period=custom&{dates}")
    assert message in html
    for value in re.findall(r"=(20\d\d-\d\d-\d\d)", dates):
        assert f'value="{value}"' in html


def test_a_chosen_period(week: Client) -> None:
    html = text_of(week, f"{PAGE}?period=custom&from=2026-03-02&to=2026-03-02")
    assert "2 Mar 2026 – 2 Mar 2026" in html


def test_an_empty_period_is_designed(client: Client, manager: User) -> None:
    client.force_login(manager)
    client.cookies["django_language"] = "en"
    assert "Nothing happened in this period" in text_of(client, PAGE)


def test_what_customers_write_is_escaped(week: Client, make_ticket: Make) -> None:
    with at(4, 10, 20):
        make_ticket(subject="<script>alert(1)</script>")
    assert "&lt;script&gt;alert" in text_of(week, f"{LIST}?metric=opened")


def test_a_change_is_seen_at_once(week: Client, make_ticket: Make) -> None:
    before = text_of(week, f"{PAGE}?period=7")
    with at(4, 10, 20):
        make_ticket()
    assert text_of(week, f"{PAGE}?period=7") != before
    assert ">7</a>" in text_of(week, f"{PAGE}?period=7")


def _queries(client: Client, path: str, counted: Any) -> int:
    with counted() as captured:
        assert client.get(path).status_code == 200
    return len(captured)


@pytest.mark.parametrize("path", [f"{PAGE}?period=7", f"{LIST}?metric=opened&period=7"])
def test_more_cases_cost_no_more_queries(week: Client, make_ticket: Make, path: str) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def count() -> int:
        return _queries(week, path, lambda: CaptureQueriesContext(connection))

    count()  # whatever is read once per process
    make_ticket()
    few = count()
    for _number in range(40):
        make_ticket()
    assert count() == few
    assert few <= 20


def test_what_is_kept_costs_few_queries(week: Client, django_assert_max_num_queries: Any) -> None:
    text_of(week, f"{PAGE}?period=7")
    with django_assert_max_num_queries(8):
        text_of(week, f"{PAGE}?period=7")
