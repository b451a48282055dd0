"""A desk with something in every corner: what a page can show, it shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.core.files.base import ContentFile

from accounts.models import Brand, Team, User
from tests.test_doors import House
from tests.tickets.incoming_mails import aside, unread
from tickets import actors
from tickets.actions import assignment, linking, merging, messages, splitting, status
from tickets.actions.bulk import begin, work_off
from tickets.actions.drafts import Written, save
from tickets.choices import AsideReason, BulkAct, Channel, LinkKind, Priority, Status
from tickets.models import CategorySuggestion, Classifier, ForbiddenPhrase, RoutingRule, Ticket

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
_COUNTS = {"texts": 8, "right": 7, "top3": 8, "unsure": 2, "sure_and_right": 6}
_REPORT: Mapping[str, Any] = _COUNTS | {
    "judged_on": "held_out",
    "out_of_scope": {"texts": 10, "caught": 9, "said_unsure": 11},
    "categories": {"withdrawal": _COUNTS},
    "confusion": [["withdrawal", "withdrawal", 7], ["withdrawal", "", 1]],
}
LONG = "\n\n".join(f"Paragraph {number}: I tried again and it still says pending." for number in range(40))


def furnish(house: House, brand: Brand, team: Team, make: Callable[..., Ticket]) -> dict[str, str]:
    """Addresses by name: of the cases, the bulk act and the mails that were made."""
    ada, ann = house.people["administrator"], house.people["agent"]
    assert ada is not None
    assert ann is not None
    ada.brands.set([brand])
    ada.teams.set([team])
    theirs = {"customer": house.ticket.customer, "tags": ["vip", "card"]}
    others = [make(subject=f"Case {n}", priority=priority, **theirs) for n, priority in enumerate(Priority)]
    _talk(house, ada, ann, others)
    mail = make(subject="来自邮件的问题", category=None, answers={}, channel=Channel.EMAIL)
    CategorySuggestion.objects.create(ticket=mail, ranking=[["withdrawal", 0.83], ["gone", 0.03]])
    save(mail, Written(body="Half a thought", origin_key="half"), version=0, by=actors.staff(ada))
    _configure(team)
    run = begin(
        [ticket.pk for ticket in others], act=BulkAct.STATUS, data={"status": "open"}, by=actors.staff(ada)
    )
    work_off(run)
    aside(brand, AsideReason.LIST)
    return {
        "ticket": f"/admin/tickets/{house.ticket.number}/",
        "mail": f"/admin/tickets/{mail.number}/",
        "merged": f"/admin/tickets/{others[0].number}/",
        "run": f"/admin/bulk/{run.pk}/",
        "unread": f"/admin/mail/{unread(brand).pk}/",
    }


def _talk(house: House, ada: User, ann: User, others: list[Ticket]) -> None:
    """All that can be said on a case, and most that can be done to it."""
    ticket, lea = house.ticket, house.people["lead"]
    customer = actors.customer(ticket.customer)
    assert lea is not None
    assignment.assign(ticket, to=ada, by=actors.staff(lea))
    messages.reply(ticket, body="We look into it.\n\n- the bank\n- the **amount**", by=actors.staff(ann))
    messages.note(ticket, body="@Ada: please look at the amount.", by=actors.staff(ann))
    asked = messages.customer_reply(
        ticket,
        body=f"{LONG}\n\n> We look into it.\n> - the bank",
        by=customer,
        files=[ContentFile(PDF, name="statement.pdf")],
    )
    splitting.split_off(asked, subject="Another matter", by=actors.staff(ada))
    status.change_status(ticket, to=Status.PENDING, by=actors.staff(ada))
    merging.merge(others[0], into=ticket, by=actors.staff(ada))
    linking.link(ticket, others[1], kind=LinkKind.DUPLICATE, by=actors.staff(ada))
    assignment.watch(ticket, user=ada, by=actors.staff(ada))
    assignment.take(others[2], by=actors.staff(ann))
    ticket.refresh_from_db()


def _configure(team: Team) -> None:
    Classifier.objects.create(
        learned_from=100, judged_by=8, categories=["", "withdrawal"], threshold=0.4, report=dict(_REPORT),
        is_in_use=True,
    )  # fmt: skip
    RoutingRule.objects.create(name="Urgent first", priorities=[Priority.URGENT], team=team)
    ForbiddenPhrase.objects.create(words="guaranteed", reason_zh="不作承诺", reason_en="We promise nothing")
