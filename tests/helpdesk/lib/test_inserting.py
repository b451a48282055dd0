from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Brand, Customer
from helpdesk.lib.inserting import insert, insert_all
from tickets.models import Message, Ticket
from tickets.rules import numbers


def test_it_writes_what_django_would(brand: Brand, customer: Customer) -> None:
    def new() -> Ticket:
        fields = {"amount": {"amount": "5", "currency": "CNY"}, "ok": True}
        return Ticket(
            number=numbers.new_number(),
            brand=brand,
            customer=customer,
            subject="提现",
            fields=fields,
            tags=["a", "b"],
        )

    ours, theirs = insert(new()), new()
    theirs.save()

    def stored(ticket: Ticket) -> dict[str, Any]:
        row = Ticket.objects.filter(pk=ticket.pk).values().get()
        return {
            name: value
            for name, value in row.items()
            if name not in ("id", "number", "created_at", "updated_at")
        }

    assert stored(ours) == stored(theirs)
    ours.subject = "changed"
    ours.save()
    assert Ticket.objects.get(pk=ours.pk).subject == "changed", "it is known to be stored"


def test_several_at_once_in_order(ticket: Ticket, django_assert_num_queries: Any) -> None:
    rows = [Message(ticket=ticket, author_kind="staff", body=str(number)) for number in range(3)]
    with django_assert_num_queries(1):
        insert_all(rows)
        insert_all([])
    assert [Message.objects.get(pk=row.pk).body for row in rows] == ["0", "1", "2"]


def test_what_the_table_refuses_is_refused(ticket: Ticket, brand: Brand, customer: Customer) -> None:
    again = Ticket(number=ticket.number, brand=brand, customer=customer, subject="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(again)
    assert again.pk is None
