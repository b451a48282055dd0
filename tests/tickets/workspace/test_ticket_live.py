"""The parts of a ticket's page that it asks for when it is told of news."""

from __future__ import annotations

import pytest

from accounts.models import User
from tests.tickets.workspace.conftest import LogIn
from tickets.models import Ticket

pytestmark = pytest.mark.django_db


def test_the_parts_of_a_ticket_leave_the_composer_alone(log_in: LogIn, agent: User, ticket: Ticket) -> None:
    text = log_in(agent).get(f"/admin/tickets/{ticket.number}/live/").text
    for part in ("ws-head", "ws-customer", "ws-conversation", "ws-context"):
        assert f'id="{part}"' in text
    assert "ws-composer" not in text
    assert f'data-ticket="{ticket.number}" data-version="{ticket.version}"' in text
