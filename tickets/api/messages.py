"""``/tickets/<number>/messages/``, ``…/events/`` and ``…/attachments/<id>/``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import access
from accounts.api.schema import problems
from accounts.api.shared import checked
from accounts.api.views import ApiView
from accounts.models import User
from accounts.rules.capabilities import Capability
from accounts.rules.scopes import Scope
from helpdesk.lib.errors import Invalid, NotAllowed
from helpdesk.lib.files import private_file_response
from tickets.actions import messages
from tickets.api import shapes
from tickets.api.idempotency import HEADER, once
from tickets.api.inputs import MessageInput, NatureInput, PageQuery
from tickets.api.loading import actor_of, is_customer, readable, ticket_or_404
from tickets.api.paging import page_of
from tickets.api.parsers import JSON_OR_FILES
from tickets.choices import Channel, Markup, Nature, Status, Visibility
from tickets.models import Attachment, Event, Message, Ticket
from tickets.queries.files import ready
from tickets.queries.mails import with_mail


def _page(name: str, shape: type[Any]) -> Any:
    return inline_serializer(
        name, {"next": serializers.URLField(allow_null=True), "results": shape(many=True)}
    )


class MessagesView(ApiView):
    scopes = {"GET": Scope.TICKETS_READ, "POST": Scope.TICKETS_WRITE}
    parser_classes = JSON_OR_FILES

    @extend_schema(
        operation_id="messages_list",
        tags=["messages"],
        parameters=[PageQuery],
        responses={200: _page("MessagePage", shapes.StaffMessageOutput), **problems(404, 422)},
        summary="The whole conversation, oldest first",
    )
    def get(self, request: Request, number: str) -> Response:
        ticket = ticket_or_404(self.user, number)
        rows = with_mail(Message.objects.filter(readable(self.user), ticket=ticket))
        return _paged(
            request,
            rows.prefetch_related("attachments"),
            "created_at",
            shapes.messages_for(self.user),
            ticket,
        )

    @extend_schema(
        operation_id="messages_create",
        tags=["messages"],
        parameters=[HEADER],
        request=MessageInput,
        responses={201: shapes.WrittenMessage, **problems(404, 409, 422)},
        summary="Reply, or write a note",
        description="Staff reply to the customer, or note something among themselves; a customer's message is a reply. "
        "A case closed too long ago gets a follow-up: `ticket` then names the new one. A reply of staff that "
        "holds another customer's data, a secret, a request for one or a forbidden phrase is not sent: 409 `held_back` "
        "with `reasons`. From other texts secrets are taken out before they are stored; `removed` names their kinds.",
    )
    def post(self, request: Request, number: str) -> Response:
        ticket = ticket_or_404(self.user, number)
        said = checked(MessageInput, request.data)
        done = once(request, self.user, lambda key: _write(ticket, said, self.user, key, request))
        context = {"request": request, "number": done.result.ticket.number}
        answer = shapes.WrittenMessage(done.result, context=context).data
        return Response(answer, 201, headers={"Idempotent-Replayed": "true"} if done.again else {})


class MessageView(ApiView):
    scopes = {"PATCH": Scope.TICKETS_WRITE}

    @extend_schema(
        operation_id="messages_judge",
        tags=["messages"],
        request=NatureInput,
        responses={200: shapes.StaffMessageOutput, **problems(404, 422)},
        summary="Say whether a customer's message asks for an answer",
        description="For staff, where the rule was wrong. The clocks follow.",
    )
    def patch(self, request: Request, number: str, pk: int) -> Response:
        ticket = ticket_or_404(self.user, number)
        access.require(self.user, Capability.WORK_TICKETS)
        said = checked(NatureInput, request.data)
        message = get_object_or_404(Message, ticket=ticket, pk=pk)
        judged = messages.judge(message, nature=Nature(said["nature"]), by=actor_of(self.user))
        context = {"request": request, "number": ticket.number}
        return Response(shapes.StaffMessageOutput(judged, context=context).data)


def _write(ticket: Ticket, said: Mapping[str, Any], user: User, key: str | None, request: Request) -> Message:
    by, files = actor_of(user, ticket), said.get("attachments") or ()
    internal = said["visibility"] == Visibility.INTERNAL
    if is_customer(user):
        _refuse_staff_words(said, internal)
        return messages.customer_reply(
            ticket, body=said["body"], by=by, files=files, channel=Channel.API, origin_key=key
        )
    if internal:
        return messages.note(
            ticket, body=said["body"], by=by, files=files, origin_key=key, markup=_markup(said)
        )
    then = Status(said["then"]) if "then" in said else None
    try:
        return messages.reply(
            ticket,
            body=said["body"],
            by=by,
            files=files,
            channel=Channel.API,
            then=then,
            seen=said.get("seen"),
            confirmed=said.get("confirmed", ()),
            origin_key=key,
            markup=_markup(said),
        )
    except messages.NewerMessages as problem:
        context = {"request": request, "number": ticket.number}
        problem.extra["messages"] = shapes.MessageOutput(problem.messages, many=True, context=context).data
        raise


def _markup(said: Mapping[str, Any]) -> Markup:
    return Markup(said.get("markup", Markup.PLAIN))


def _refuse_staff_words(said: Mapping[str, Any], internal: bool) -> None:
    if internal:
        raise NotAllowed(_("Only staff write internal notes."))
    staff_only = ("then", "seen", "confirmed", "markup")
    wrong = {name: _("Only staff may say this.") for name in staff_only if name in said}
    if wrong:
        raise Invalid(wrong)


class EventsView(ApiView):
    scopes = {"GET": Scope.TICKETS_READ}

    @extend_schema(
        operation_id="events_list",
        tags=["messages"],
        parameters=[PageQuery],
        responses={200: _page("EventPage", shapes.EventOutput), **problems(404, 422)},
        summary="Everything that happened, oldest first",
        description="For staff.",
    )
    def get(self, request: Request, number: str) -> Response:
        ticket = ticket_or_404(self.user, number)
        if is_customer(self.user):
            raise NotAllowed
        return _paged(request, Event.objects.filter(ticket=ticket), "at", shapes.EventOutput, ticket)


def _paged(
    request: Request, rows: QuerySet[Any], ordering: str, shape: type[Any], ticket: Ticket
) -> Response:
    said = checked(PageQuery, request._request.GET)
    page = page_of(rows, request, ordering=ordering, size=said["page_size"], cursor=said["cursor"])
    context = {"request": request, "number": ticket.number}
    return Response({"next": page.next, "results": shape(page.rows, many=True, context=context).data})


class AttachmentView(ApiView):
    scopes = {"GET": Scope.TICKETS_READ}

    @extend_schema(
        operation_id="attachments_download",
        tags=["messages"],
        responses={
            (200, "application/octet-stream"): OpenApiResponse(OpenApiTypes.BINARY),
            **problems(404, 409),
        },
        summary="Download a file",
        description="The true type comes in Content-Type where it is a harmless one. Where files lie in a bucket or "
        "are served from a host of their own, the answer is a redirect (302) to a signed link that lives a minute. "
        "What is being checked for viruses, or is in quarantine, answers 409 `file_held_back`.",
    )
    def get(self, request: Request, number: str, pk: int) -> HttpResponseBase:
        ticket = ticket_or_404(self.user, number)
        rows = Attachment.objects.filter(readable(self.user, "message__"), message__ticket=ticket)
        found = rows.filter(pk=pk).first()
        if found is None:
            raise Http404
        ready(found)
        return private_file_response(
            request._request, found.file, name=found.name, content_type=found.content_type, inline=False
        )
