from __future__ import annotations

import zoneinfo
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone, translation

from helpdesk.lib import clock
from tickets.choices import Status, TimerKind
from tickets.models import Ticket
from tickets.portal.words import in_brief, moment, stamp, standing
from tickets.queries.customer_page import Promise

NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)  # Wednesday 10:00 in Shanghai


@pytest.mark.parametrize(
    ("later", "english", "chinese"),
    [
        (timedelta(hours=3), ">13:00 today<", ">今天 13:00<"),
        (timedelta(days=1), ">10:00 tomorrow<", ">明天 10:00<"),
        (timedelta(days=5), ">Monday 10:00<", ">星期一 10:00<"),
        (timedelta(days=8), ">12 March, 10:00<", ">3月12日 10:00<"),
        (timedelta(days=400), ">8 April 2027, 10:00<", ">2027年4月8日 10:00<"),
    ],
)
def test_moment(later: timedelta, english: str, chinese: str) -> None:
    with clock.frozen(NOW), timezone.override(zoneinfo.ZoneInfo("Asia/Shanghai")):
        with translation.override("en"):
            assert english in moment(NOW + later)
        with translation.override("zh-hans"):
            assert chinese in moment(NOW + later)


def test_the_zone_is_told_on_hover() -> None:
    with clock.frozen(NOW), timezone.override(zoneinfo.ZoneInfo("Asia/Shanghai")):
        assert 'title="2026-03-04 10:00 Asia/Shanghai"' in stamp(NOW)
        assert 'datetime="2026-03-04T10:00:00+08:00"' in stamp(NOW)


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("kind", [*TimerKind, None])
@pytest.mark.parametrize("late", [True, False])
def test_no_standing_names_the_status_itself(status: Status, kind: TimerKind | None, late: bool) -> None:
    ticket = Ticket(status=status, solved_at=NOW)
    due = NOW + timedelta(hours=-1 if late else 1)
    with clock.frozen(NOW), translation.override("en"):
        said = standing(ticket, Promise(kind, due) if kind else None)
        text = f"{said.headline} {said.detail}".lower()
        assert said.headline
        assert said.detail
        assert in_brief(ticket)[1]
    for word in ("pending", "on hold", "on_hold", "status"):
        assert word not in text


def test_a_first_answer_and_a_solution_are_promised_in_their_words() -> None:
    with clock.frozen(NOW), translation.override("en"):
        ticket = Ticket(status=Status.NEW)
        due = NOW + timedelta(hours=1)
        assert standing(ticket, Promise(TimerKind.FIRST_RESPONSE, due)).detail.startswith("We answer by")
        ticket.status, ticket.first_response_at = Status.OPEN, NOW
        assert "solved by" in standing(ticket, Promise(TimerKind.RESOLUTION, due)).detail
        assert standing(ticket, None).detail == "We answer as soon as we can."
