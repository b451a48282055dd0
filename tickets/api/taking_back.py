"""``/tickets/<number>/messages/<id>/take-back/``."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import access
from accounts.api.schema import problems
from accounts.api.views import ApiView
from accounts.rules.capabilities import Capability
from accounts.rules.scopes import Scope
from tickets.actions.taking_back import take_back
from tickets.api import shapes
from tickets.api.loading import actor_of, ticket_or_404
from tickets.models import Message


class TakeBackView(ApiView):
    scopes = {"POST": Scope.TICKETS_WRITE}

    @extend_schema(
        operation_id="messages_take_back",
        tags=["messages"],
        request=None,
        responses={200: shapes.StaffMessageOutput, **problems(404, 409)},
        summary="Take a reply back before it leaves",
        description="For staff, until `held_until`. Nobody gets it, and what it did to status, assignee and clocks is "
        "undone. Afterwards 409 `too_late`. The same again changes nothing.",
    )
    def post(self, request: Request, number: str, message: int) -> Response:
        ticket = ticket_or_404(self.user, number)
        access.require(self.user, Capability.WORK_TICKETS)
        said = get_object_or_404(Message, ticket=ticket, pk=message)
        taken = take_back(said, by=actor_of(self.user))
        context = {"request": request, "number": ticket.number}
        return Response(shapes.StaffMessageOutput(taken, context=context).data)
