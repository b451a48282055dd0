"""``/tickets/`` and ``/tickets/<number>/``."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import audit
from accounts.api.schema import problems
from accounts.api.shared import checked, shown
from accounts.api.views import ApiView
from accounts.choices import AuditKind
from accounts.models import User
from accounts.rules.scopes import Scope
from tickets.api import shapes
from tickets.api.changing import change_ticket, etag
from tickets.api.filing import file_ticket
from tickets.api.filters import filtered, read_query
from tickets.api.idempotency import HEADER, once
from tickets.api.inputs import ChangeInput, NewTicketInput, TicketQuery
from tickets.api.loading import is_customer, readable, ticket_or_404, visible
from tickets.api.paging import page_of
from tickets.api.parsers import JSON_OR_FILES
from tickets.models import Message, Ticket, Timer
from tickets.queries.mails import with_mail

SHOWN_MESSAGES = 100
ONE = shapes.either("Ticket", shapes.StaffTicket, shapes.CustomerTicket)
FILED = shapes.either("FiledTicket", shapes.FiledStaffTicket, shapes.FiledCustomerTicket)
DETAIL = shapes.either("TicketDetail", shapes.StaffTicketDetail, shapes.CustomerTicketDetail)
PAGE = inline_serializer(
    "TicketPage",
    {
        "next": serializers.URLField(allow_null=True, help_text="The next page; null on the last."),
        "results": shapes.either("Ticket", shapes.StaffTicket, shapes.CustomerTicket, many=True),
    },
)


def _shown(ticket: Ticket, user: User) -> dict[str, Any]:
    return shown(shapes.CustomerTicket if is_customer(user) else shapes.StaffTicket, ticket)


class TicketsView(ApiView):
    scopes = {"GET": Scope.TICKETS_READ, "POST": Scope.TICKETS_WRITE}
    parser_classes = JSON_OR_FILES

    @extend_schema(
        operation_id="tickets_list",
        tags=["tickets"],
        parameters=[TicketQuery],
        responses={200: PAGE, **problems(422)},
        summary="Tickets you may see",
        description="Newest first, in pages. Follow `next` until it is null: rows that come in meanwhile "
        "shift nothing. To keep a copy up to date, ask with `ordering=updated_at` and `updated_since`.",
    )
    def get(self, request: Request) -> Response:
        said = read_query(request._request.GET, self.user)
        page = page_of(
            filtered(visible(self.user), said, self.user),
            request,
            ordering=said["ordering"],
            size=said["page_size"],
            cursor=said["cursor"],
        )
        audit.saw(
            AuditKind.SEARCHED, asked=sorted(request._request.GET), shown=[row.number for row in page.rows]
        )
        return Response({"next": page.next, "results": [_shown(row, self.user) for row in page.rows]})

    @extend_schema(
        operation_id="tickets_create",
        tags=["tickets"],
        parameters=[HEADER],
        request=NewTicketInput,
        responses={201: FILED, **problems(422)},
        summary="File a ticket",
        description="Customers file for themselves; staff name the `customer`. The first message is the customer's. "
        "Recovery phrases, keys, cards, codes and passwords are not stored: a mark stands in their place, and "
        "`removed` names what they were. The customer is told what to do.",
    )
    def post(self, request: Request) -> Response:
        said = checked(NewTicketInput, request.data)
        done = once(request, self.user, lambda key: file_ticket(said, self.user, key))
        shape = shapes.FiledCustomerTicket if is_customer(self.user) else shapes.FiledStaffTicket
        answer = shown(shape, done.result)
        headers = {"Location": answer["url"], **etag(done.result)}
        return Response(
            answer, 201, headers=headers | ({"Idempotent-Replayed": "true"} if done.again else {})
        )


class TicketView(ApiView):
    scopes = {"GET": Scope.TICKETS_READ, "PATCH": Scope.TICKETS_WRITE}

    @extend_schema(
        operation_id="tickets_read",
        tags=["tickets"],
        responses={200: DETAIL, **problems(404)},
        summary="One ticket with its conversation",
    )
    def get(self, request: Request, number: str) -> Response:
        ticket = ticket_or_404(self.user, number)
        return Response(_detail(ticket, self.user, request), headers=etag(ticket))

    @extend_schema(
        operation_id="tickets_change",
        tags=["tickets"],
        parameters=[
            OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, description="The ETag you saw.")
        ],
        request=ChangeInput,
        responses={200: ONE, **problems(404, 409, 412, 422)},
        summary="Change a ticket",
        description="All of it, or nothing. Customers may set `status` to solved, closed or open again.",
    )
    def patch(self, request: Request, number: str) -> Response:
        said = checked(ChangeInput, request.data)
        ticket = ticket_or_404(self.user, number)
        changed = change_ticket(ticket, said, self.user, request)
        return Response(_shown(changed, self.user), headers=etag(changed))


def _detail(ticket: Ticket, user: User, request: Request) -> Any:
    context = {"request": request, "number": ticket.number}
    rows = with_mail(Message.objects.filter(readable(user), ticket=ticket))
    newest = list(rows.prefetch_related("attachments").order_by("-id")[:SHOWN_MESSAGES])
    shape = shapes.messages_for(user)
    extra: dict[str, Any] = {"messages": shape(newest[::-1], many=True, context=context).data}
    if not is_customer(user):
        timers = Timer.objects.filter(ticket=ticket).select_related("policy").order_by("id")
        extra["timers"] = shapes.TimerOutput(timers, many=True).data
    return {**_shown(ticket, user), **extra}
