from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from helpdesk.lib import clock
from tickets.models import RetentionRule, RetentionRun, Ticket

pytestmark = pytest.mark.django_db


def said(*arguments: str) -> str:
    out = StringIO()
    call_command("retention", *arguments, stdout=out)
    return out.getvalue()


def test_it_says_what_it_would_do_and_does_it_when_told(make_ticket: Callable[..., Ticket]) -> None:
    old = make_ticket()
    Ticket.objects.filter(pk=old.pk).update(status="closed", closed_at=clock.now() - timedelta(days=99))
    RetentionRule.objects.create(days=30, is_active=True)
    words = said("--numbers")
    assert "1  cases would lose their words; legal holds keep 0" in words
    assert old.number in words
    assert not Ticket.objects.get(pk=old.pk).erased_at
    assert "1  cases lost their words" in said("--carry-out")
    assert Ticket.objects.get(pk=old.pk).erased_at
    RetentionRun.objects.create(is_dry=False)
    with pytest.raises(CommandError, match="already"):
        said("--carry-out")


def test_the_register_is_printed() -> None:
    out = StringIO()
    call_command("privacy_register", stdout=out)
    assert "| `tickets.message.body` | words | mark | yes |  |" in out.getvalue()
    assert "tickets.calendar.name" not in out.getvalue()
