"""The box "not a ticket": who sees what of it, how it is searched, and that a full one costs no more."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from accounts.models import Brand, User
from helpdesk.lib import clock
from tests.tickets.incoming_mails import aside, mailbox_of, unread
from tickets.choices import AsideReason, IncomingState, MailOutcome
from tickets.models import IncomingMail, Ticket
from tickets.queries import aside as box
from tickets.queries.aside import Question

MANY = 100_000
OTHER = "100% yours, a part of brother＠home.test, ask １３８-0013-8000 or 微信号：zh_881234"


def ids(user: User, **asked: Any) -> list[int]:
    return [mail.pk for mail in box.find(user, Question(**asked)).mails]


def test_only_the_brands_own(
    agent: User, other_team_agent: User, administrator: User, brand: Brand, other_brand: Brand
) -> None:
    ours, theirs = aside(brand), aside(other_brand)
    unread(brand)
    assert ids(agent) == ids(other_team_agent) == [ours.pk]
    assert ids(administrator) == [theirs.pk, ours.pk]
    assert ids(administrator, brand=brand.pk) == [ours.pk]
    assert ids(agent, brand=other_brand.pk) == []


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "BIG"}, {"sale"}),
        ({"q": "zhang@shop.test"}, {"sale"}),
        ({"q": "ZHANG@shop.test"}, {"sale"}),
        ({"q": "@shop.test"}, {"sale"}),
        ({"q": "张伟"}, {"sale"}),
        ({"q": "100%"}, {"percent"}),
        ({"q": "shop.test"}, set()),
        ({"q": "zhan"}, set()),
        ({"q": "zhang@shop"}, set()),
        ({"q": "@shop"}, set()),
        ({"q": "@op.test"}, set()),
        ({"q": "part of"}, {"percent"}),
        ({"q": "brother"}, set()),
        ({"q": "brother@home.test"}, set()),
        ({"q": "138 0013"}, set()),
        ({"q": "13800"}, set()),
        ({"q": "1380013800"}, set()),
        ({"q": "13800138000"}, {"percent"}),
        ({"q": "zh_8812"}, set()),
        ({"q": "nothing"}, set()),
        ({"reason": AsideReason.BLOCKED}, {"percent"}),
        ({}, {"sale", "percent"}),
    ],
)
def test_searching(agent: User, brand: Brand, asked: dict[str, Any], found: set[str]) -> None:
    mails = {
        "sale": aside(brand),
        "percent": aside(brand, AsideReason.BLOCKED, subject=OTHER, sender="a@b.test", sender_name=""),
    }
    assert set(ids(agent, **asked)) == {mails[name].pk for name in found}


def test_pages_go_on_where_the_last_one_ended(administrator: User, brand: Brand, other_brand: Brand) -> None:
    made = [aside(brand if number % 3 else other_brand).pk for number in range(7)]
    seen: list[int] = []
    after: int | None = None
    while True:
        page = box.find(administrator, Question(after=after), size=3)
        seen += [mail.pk for mail in page.mails]
        after = page.next
        if after is None:
            break
        aside(brand)  # what comes in meanwhile is above, not among what follows
    assert seen == made[::-1]


def test_the_badge_counts_what_a_machine_put_there_lately(agent: User, brand: Brand) -> None:
    assert not box.box_of(agent).has_any
    box.forget_counts(agent)
    with clock.frozen(clock.now() - timedelta(days=8)):
        aside(brand)
    assert (box.box_of(agent).has_any, box.box_of(agent).told) == (True, "")
    aside(brand, AsideReason.BLOCKED)
    aside(brand, AsideReason.LIST)
    assert box.box_of(agent).told == "", "remembered"
    box.forget_counts(agent)
    assert box.box_of(agent).told == "1"


def test_one(agent: User, other_brand_agent: User, brand: Brand, ticket: Ticket) -> None:
    mail = aside(brand)
    assert box.mail_or_404(agent, mail.pk) == mail
    with pytest.raises(Http404):
        box.mail_or_404(other_brand_agent, mail.pk)
    with pytest.raises(Http404):
        box.mail_or_404(agent, unread(brand).pk)


def test_what_was_rescued_is_shown_to_those_who_see_the_ticket(
    agent: User, other_team_agent: User, brand: Brand, ticket: Ticket
) -> None:
    mail = aside(brand)
    IncomingMail.objects.filter(pk=mail.pk).update(
        state=IncomingState.DONE, outcome=MailOutcome.OPENED, ticket=ticket
    )
    assert box.mail_or_404(agent, mail.pk).ticket == ticket
    with pytest.raises(Http404):
        box.mail_or_404(other_team_agent, mail.pk)


def fill(brands: list[Brand]) -> None:
    """MANY mails in the box of each brand, and as many that were taken in, as statistics know them."""
    boxes = {brand.pk: mailbox_of(brand).pk for brand in brands}
    with connection.cursor() as cursor:
        for brand in brands:
            for state in ("set_aside", "done"):
                cursor.execute(
                    "INSERT INTO tickets_incomingmail (brand_id, mailbox_id, way, sha256, size, is_cut, recipients,"
                    " helo, received_at, state, attempts, available_at, internet_message_id, sender, sender_name,"
                    " subject, proof, proof_reason, outcome, aside_reason, detail)"
                    " SELECT %s, %s, 'smtp', md5(%s || n), 900, false, '[]', '', now() - n * interval '1 minute',"
                    " %s, 1, now(), '', 'a' || n || '@shop.test', 'Shop', 'Sale ' || n, 'proved', '', '',"
                    " CASE WHEN n %% 1000 = 7 THEN 'too_many' ELSE 'list' END, ''"
                    " FROM generate_series(1, %s) n",
                    [brand.pk, boxes[brand.pk], f"{brand.pk}{state}", state, MANY],
                )
        cursor.execute("ANALYZE tickets_incomingmail")


def plans(queries: CaptureQueriesContext) -> list[str]:
    told = []
    with connection.cursor() as cursor:
        for query in queries.captured_queries:
            if "tickets_incomingmail" in query["sql"]:
                cursor.execute("EXPLAIN " + query["sql"].replace("%", "%%"), [])
                told.append("\n".join(line for (line,) in cursor.fetchall()))
    return told


def test_a_full_box_is_walked_along_its_index(administrator: User, brand: Brand, other_brand: Brand) -> None:
    """Two brands with MANY each: of each the first few by the index, then merged; never a whole box, never sorted."""
    fill([brand, other_brand])
    deep = IncomingMail.objects.filter(brand=other_brand, state="set_aside").order_by("pk")[MANY // 2].pk
    for asked, index in (
        ({}, "Merge Append"),
        ({"after": deep}, "Merge Append"),
        ({"reason": AsideReason.TOO_MANY}, "Merge Append"),
        ({"q": "Sale 99"}, "Merge Append"),
        ({"q": "a77@shop.test"}, "incoming_by_sender"),
    ):
        box.forget_counts(administrator)
        with CaptureQueriesContext(connection) as told:
            page = box.find(administrator, Question(**asked))
            box.box_of(administrator)
        assert len(page.mails) == (2 if "a77@shop.test" in asked.values() else box.PAGE_SIZE), asked
        assert len(told) <= 6, "brands twice, ids, rows, and two for the badge"
        explained = plans(told)
        # Of the two mailboxes a sequential scan is right.
        whole = ("Seq Scan on tickets_incomingmail", "Bitmap")
        assert not [plan for plan in explained if any(scan in plan for scan in whole)], asked
        assert index in explained[0], explained[0]
        assert "incoming_aside" in explained[2]
