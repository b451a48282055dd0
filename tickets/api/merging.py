"""``/tickets/<number>/merge/``."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import access
from accounts.api.schema import problems
from accounts.api.shared import checked
from accounts.api.views import ApiView
from accounts.rules.capabilities import Capability
from accounts.rules.scopes import Scope
from helpdesk.lib.errors import Invalid
from helpdesk.lib.rows import one_or_none
from tickets.actions.merging import merge
from tickets.api import shapes
from tickets.api.changing import etag
from tickets.api.loading import actor_of, ticket_or_404, visible
from tickets.rules import numbers


class MergeInput(serializers.Serializer[Any]):
    into = serializers.CharField(max_length=20, help_text="Number of the case that goes on.")


class MergeView(ApiView):
    scopes = {"POST": Scope.TICKETS_WRITE}

    @extend_schema(
        operation_id="tickets_merge",
        tags=["tickets"],
        request=MergeInput,
        responses={200: shapes.StaffTicket, **problems(404, 422)},
        summary="Merge a ticket into another of the same customer",
        description="For staff. Answers with the ticket that goes on. Its clocks gain no time by it.",
    )
    def post(self, request: Request, number: str) -> Response:
        ticket = ticket_or_404(self.user, number)
        access.require(self.user, Capability.WORK_TICKETS)
        said = checked(MergeInput, request.data)
        stored = numbers.parse(said["into"])
        into = one_or_none(visible(self.user).filter(number=stored)) if stored else None
        if into is None:
            raise Invalid({"into": _("There is no such case.")})
        merge(ticket, into=into, by=actor_of(self.user))
        into = ticket_or_404(self.user, into.number)
        return Response(shapes.StaffTicket(into).data, headers=etag(into))
