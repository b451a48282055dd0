"""The managers' page of promises: who may see it, that lists and CSV agree with it, that it speaks plainly."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Brand, Customer, User
from helpdesk.lib import clock
from tests.marked_files import rows_of
from tests.tickets.analytics_story import NOW, at, tell_promises
from tickets.actions.escalation import sweep
from tickets.models import SlaPolicy, Ticket
from tickets.queries.analytics.decided import promise_report
from tickets.queries.analytics.outlook import prospect
from tickets.rules.analytics_terms import PROMISES, TERMS
from tickets.workspace.analytics import filters as filter_form
from tickets.workspace.analytics.parts import Cell, Ids, Section
from tickets.workspace.analytics.promises import page
from tickets.workspace.analytics.promises.desk import promise_desk

pytestmark = pytest.mark.django_db
PAGE = "/admin/analytics/promises/"
LIST = f"{PAGE}list/"
PATHS = (
    PAGE,
    f"{PAGE}outlook/",
    f"{PAGE}by-policy.csv",
    f"{LIST}?metric=decided",
    f"{PAGE}list.csv?metric=due",
)
Make = Callable[..., Ticket]


@pytest.fixture
def story(make_ticket: Make, agent: User, policy: SlaPolicy) -> Iterator[dict[str, Ticket]]:
    """The story of tests/tickets/analytics_story.py, swept; the clock stands where it ends."""
    told = tell_promises(make_ticket, agent, policy)
    with clock.frozen(NOW):
        while sweep():
            pass
        yield told


@pytest.fixture
def week(story: dict[str, Ticket], manager: User, client: Client) -> Client:
    client.force_login(manager)
    client.cookies["django_language"] = "en"
    return client


def text_of(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def words_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<span role=.tooltip.*?</span></span>|<[^>]+>", "", html))


def sections(user: User, **asked: str) -> dict[str, Section]:
    found = filter_form.read({"period": "7", **asked}, user, clock.now())
    desk = promise_desk(found, promise_report(found.scope), prospect(found.scope), LIST, Ids())
    return {key: page.build(desk, key) for key in page.BUILDERS}


def test_it_works(week: Client) -> None:
    said = words_of(text_of(week, f"{PAGE}?period=7"))
    assert "45% of 11 promises were kept; in the period before it was 100%." in said
    assert "Most were broken because nobody had the case: 4 of 6." in said
    assert "5 times set by law are open, 1 of them overdue." in said
    assert "In the next 4 hours 2 promises fall due; at the present pace 2 will be broken." in said
    assert "Until the day ends 5 promises fall due; at the present pace 5 will be broken." in said
    assert "The present pace rests on few promises" in said


@pytest.mark.usefixtures("in_english")
def test_the_titles_say_what_is_seen(week: Client, manager: User) -> None:
    titles = {key: section.title for key, section in sections(manager).items()}
    assert titles == {
        "outlook": "At the present pace, 2 of the next 2 will be broken",
        "by-policy": "Kept: 45% of all promises",
        "by-cause": "67% of the broken promises: nobody had it",
        "by-day": "Most were broken on 3 Mar: 4",
        "by-team": "Most were broken by Funds: 6",
        "by-category": "Most were broken in Withdrawal: 6",
        "statutes": "5 times set by law are open, 1 of them overdue",
    }


@pytest.mark.parametrize("who", ["manager", "lead", "officer", "administrator"])
def test_whoever_watches_may_look(
    who: str, client: Client, request: pytest.FixtureRequest, ticket: Ticket
) -> None:
    client.force_login(request.getfixturevalue(who))
    for path in PATHS:
        assert client.get(path).status_code == 200, path


@pytest.mark.parametrize("who", ["agent", "member"])
def test_others_may_not(who: str, client: Client, request: pytest.FixtureRequest) -> None:
    person = request.getfixturevalue(who)
    client.force_login(person if isinstance(person, User) else person.user)
    for path in PATHS:
        assert client.get(path).status_code in (403, 404), path


def test_a_stranger_is_asked_to_log_in(client: Client, db: None) -> None:
    for path in PATHS:
        assert client.get(path).status_code == 302, path


def test_nothing_is_changed_by_looking(week: Client) -> None:
    assert week.post(PAGE).status_code == 405
    assert week.post(f"{PAGE}outlook/").status_code == 405


def test_another_brand_is_not_found(week: Client, other_brand: Brand) -> None:
    for path in (PAGE, f"{PAGE}outlook/", LIST):
        assert week.get(f"{path}?metric=decided&brand={other_brand.slug}").status_code == 404


def test_no_case_of_another_brand_is_named(
    week: Client, make_ticket: Make, other_brand: Brand, customer: Customer
) -> None:
    with at(4, 10):
        make_ticket(subject="Of another house", brand=other_brand)
    for path in (PAGE, f"{LIST}?metric=expected&ahead=today", f"{LIST}?metric=due"):
        assert "Of another house" not in text_of(week, path)


def _cells(section: Section) -> Iterator[tuple[Cell, int]]:
    for cell in (cell for row in section.table.rows for cell in row):
        if cell.href and isinstance(cell.value, int) and cell.text == f"{cell.value:,}":
            yield cell, cell.value


def test_every_count_on_the_page_is_the_length_of_its_list(week: Client, manager: User) -> None:
    seen = 0
    for section in sections(manager).values():
        for cell, count in _cells(section):
            html = text_of(week, cell.href)
            assert len(re.findall(r'<th scope="row"><a', html)) == count, (section.key, cell)
            seen += bool(count)
    assert seen > 25


@pytest.mark.usefixtures("in_english")
def test_the_csv_holds_what_the_page_shows(week: Client, manager: User) -> None:
    for key, section in sections(manager).items():
        body = b"".join(week.get(f"{PAGE}{key}.csv?period=7").streaming_content).decode()  # type: ignore[attr-defined]
        heads, rows = rows_of(body)
        assert len(heads) == len(section.table.heads)
        assert rows == [[str(cell.bare) for cell in row] for row in section.table.rows], key
    assert week.get(f"{PAGE}nonsense.csv").status_code == 404


def test_the_promises_as_csv(week: Client, make_ticket: Make) -> None:
    with at(4, 10, 20):
        make_ticket(subject="=HYPERLINK(1)")
    body = b"".join(week.get(f"{PAGE}list.csv?metric=due&period=7").streaming_content).decode()  # type: ignore[attr-defined]
    heads, rows = rows_of(body)
    assert heads[0] == "编号 / Number"
    assert {row[1] for row in rows} == {"'=HYPERLINK(1)", "D", "E"}


def test_the_list_goes_on_page_by_page(week: Client, make_ticket: Make) -> None:
    with at(4, 10, 20):
        for _number in range(60):
            make_ticket()
    path, seen = f"{LIST}?metric=due&period=7", []
    while path:
        html = text_of(week, path)
        seen += re.findall(r'<th scope="row"><a href="[^"]*/tickets/(\w+)/"', html)
        found = re.search(r'<a href="([^"]+)" rel="next"', html)
        path = found.group(1).replace("&amp;", "&") if found else ""
    assert len(seen) == len(set(seen)) == 62


def test_a_list_says_how_each_stands(week: Client) -> None:
    said = words_of(text_of(week, f"{LIST}?metric=decided&period=7&kind=next_response"))
    assert "2 promises · 1 case" in said
    assert "fulfilled too late" in said
    assert "somebody had it, and it was late all the same" in said
    assert "1 h 15 min of 1 h 30 min" in said


@pytest.mark.parametrize(
    "query",
    [
        "",
        "metric=nonsense",
        "metric=opened",
        "metric=decided&on=x",
        "metric=decided&outcome=x",
        "metric=decided&cause=x",
        "metric=decided&kind=x",
        "metric=decided&policy=0",
        "metric=decided&policy=99999999999999999999",
        "metric=decided&crew=x",
        "metric=decided&topic=x",
        "metric=decided&after=x",
        "metric=due&ahead=tomorrow",
    ],
)
def test_a_list_of_nonsense_is_not_found(week: Client, query: str) -> None:
    assert week.get(f"{LIST}?{query}").status_code == 404


def test_numbers_say_what_they_mean(week: Client) -> None:
    html = text_of(week, f"{PAGE}?period=7")
    for name in re.findall(r'aria-describedby="([^"]+)"', html):
        assert html.count(f'id="{name}"') == 1
    assert set(PROMISES) < set(TERMS)
    for term in ("decided_share", "cause", "ahead_broken", "pace", "statute_open"):
        assert str(TERMS[term]).replace("'", "&#x27;") in html


def test_the_outlook_looks_again(week: Client) -> None:
    html = text_of(week, f"{PAGE}?period=7")
    path = re.search(r'hx-get="([^"]+)" hx-trigger="every 60s"', html)
    assert path is not None
    again = text_of(week, path.group(1).replace("&amp;", "&"))
    assert again.lstrip().startswith('<section class="an-card an-wide" id="outlook"')
    # What was heard a minute ago is not said again.
    assert "outlook-words" not in again
    later = NOW + timedelta(minutes=45)
    with clock.frozen(later):
        from django.core.cache import cache

        cache.clear()
        newer = text_of(week, path.group(1).replace("&amp;", "&"))
    assert 'id="outlook-words"' in newer
    assert 'hx-swap-oob="true"' in newer
    assert not set(re.findall(r'id="(def-\d+)"', html)) & set(re.findall(r'id="(out-\d+)"', newer))


def test_the_most_urgent_come_first(week: Client, story: dict[str, Ticket]) -> None:
    html = text_of(week, f"{PAGE}?period=7")
    listed = re.findall(r'<a id="outlook-\d+" href="[^"]*/tickets/(\w+)/"', html)
    assert listed[2:] == [story[letter].number for letter in "DEB"]
    assert set(listed[:2]) == {story["D"].number, story["E"].number}
    assert "required by law" in html


def test_an_empty_period_is_designed(client: Client, manager: User) -> None:
    client.force_login(manager)
    client.cookies["django_language"] = "en"
    assert "No promise was decided in this period" in text_of(client, PAGE)


def test_what_customers_write_is_escaped(week: Client, make_ticket: Make) -> None:
    with at(4, 10, 20):
        make_ticket(subject="<script>alert(1)</script>")
    for path in (f"{PAGE}?period=7", f"{LIST}?metric=due"):
        html = text_of(week, path)
        assert "&lt;script&gt;alert" in html
        assert "<script>alert" not in html


def test_the_tabs_keep_the_filters(week: Client) -> None:
    html = text_of(week, f"{PAGE}?period=7&channel=web")
    assert '<a href="/admin/analytics/?period=7&amp;channel=web">Overview</a>' in html
    assert '<a href="/admin/analytics/promises/?period=7&amp;channel=web" aria-current="page">' in html
    assert f'href="{PAGE}?period=7&amp;channel=web"' in text_of(
        week, "/admin/analytics/?period=7&channel=web"
    )


def test_in_chinese(week: Client) -> None:
    week.cookies["django_language"] = "zh-hans"
    html = text_of(week, f"{PAGE}?period=7")
    assert '<html lang="zh-hans"' in html
    assert "资金组" in html
    assert "提现" in html


@pytest.mark.parametrize(
    "path", [f"{PAGE}?period=7", f"{LIST}?metric=due&period=7", f"{PAGE}outlook/?period=7"]
)
def test_more_promises_cost_no_more_queries(week: Client, make_ticket: Make, path: str) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert week.get(path).status_code == 200
        return len(captured)

    count()  # whatever is read once per process
    make_ticket()
    few = count()
    for _number in range(40):
        make_ticket()
    # Whose contact data may stand on a page is looked up once more where something on it looks like some.
    assert few <= count() <= few + 1
    assert few <= 26


def test_what_is_kept_costs_few_queries(week: Client, django_assert_max_num_queries: Any) -> None:
    text_of(week, f"{PAGE}?period=7")
    with django_assert_max_num_queries(8):
        text_of(week, f"{PAGE}?period=7")
