"""``/acts/`` and ``/tickets/<number>/acts/``: sensitive acts, as far as the pages let one."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from accounts.api.schema import problems
from accounts.api.security import ConfirmedAgain
from accounts.api.shared import checked, shown
from accounts.api.views import ApiView
from accounts.models import User
from accounts.rules.capabilities import Capability
from accounts.rules.scopes import Scope
from helpdesk.lib.errors import NotAllowed
from tickets import actors
from tickets.actions import wallet as asking
from tickets.actions import wallet_approving as deciding
from tickets.api.act_shapes import (
    ActDetail,
    ActInput,
    ActOutput,
    ActQuery,
    ApprovalInput,
    EditInput,
    RefusalInput,
)
from tickets.api.loading import is_customer, ticket_or_404
from tickets.choices import ActKind
from tickets.models import SensitiveAct
from tickets.queries import act_lists, wallet
from tickets.queries.act_lists import Question, Which

PAGE = inline_serializer(
    "ActPage",
    {
        "next": serializers.URLField(allow_null=True, help_text="The next page; null on the last."),
        "results": ActOutput(many=True),
    },
)


class ActsApi(ApiView):
    """For staff."""

    def act(self, key: uuid.UUID) -> SensitiveAct:
        return wallet.act_or_404(_staff(self.user), key)

    def answer(self, act: SensitiveAct, status: int = 200) -> Response:
        return Response(shown(ActDetail, wallet.act_or_404(self.user, act.key)), status)


def _staff(user: User) -> User:
    if is_customer(user):
        raise NotAllowed
    return user


class ActsView(ActsApi):
    scopes = {"GET": Scope.TICKETS_READ}

    @extend_schema(
        operation_id="acts_list",
        tags=["acts"],
        parameters=[ActQuery],
        responses={200: PAGE, **problems(422)},
        summary="Sensitive acts on tickets you may see",
        description="For staff. Newest first; with `which=to_approve` what you may approve, oldest first.",
    )
    def get(self, request: Request) -> Response:
        user = _staff(self.user)
        said = checked(ActQuery, request.query_params.dict())
        question = Question(
            which=Which(said["which"]),
            state=said.get("state", ""),
            kind=said.get("kind", ""),
            q=said.get("account", ""),
            after=said.get("cursor"),
        )
        page = act_lists.find(user, question, said["page_size"])
        url = request.build_absolute_uri()
        return Response(
            {
                "next": replace_query_param(url, "cursor", str(page.next)) if page.next else None,
                "results": [shown(ActOutput, act) for act in page.acts],
            }
        )


class TicketActsView(ActsApi):
    scopes = {"GET": Scope.TICKETS_READ, "POST": Scope.TICKETS_WRITE}

    @extend_schema(
        operation_id="ticket_acts_list",
        tags=["acts"],
        responses={
            200: inline_serializer("TicketActs", {"results": ActOutput(many=True)}),
            **problems(404),
        },
        summary="The newest sensitive acts on a ticket",
        description="For staff.",
    )
    def get(self, request: Request, number: str) -> Response:
        ticket = ticket_or_404(_staff(self.user), number)
        rows = wallet.shown().filter(ticket=ticket).order_by("-id")[:50]
        return Response({"results": [shown(ActOutput, act) for act in rows]})

    @extend_schema(
        operation_id="ticket_acts_create",
        tags=["acts"],
        request=ActInput,
        responses={201: ActDetail, **problems(404, 409, 422)},
        summary="Ask for a sensitive act",
        description="For staff. A freeze is carried out at once; asked for again within the hour, it is the same. "
        "Anything else waits for a second person: 409 `proof_missing` where the customer is not known surely enough, "
        "409 `act_already_asked` where the same waits already; 422 at `account` where it is another customer's.",
    )
    def post(self, request: Request, number: str) -> Response:
        ticket = ticket_or_404(_staff(self.user), number)
        said = checked(ActInput, request.data)
        kind = ActKind(said["kind"])
        act = asking.request_act(ticket, kind=kind, answers=_answers(said), by=actors.staff(self.user))
        return self.answer(act, 201)


class ActView(ActsApi):
    scopes = {"GET": Scope.TICKETS_READ, "PATCH": Scope.TICKETS_WRITE}

    @extend_schema(
        operation_id="acts_read",
        tags=["acts"],
        responses={200: ActDetail, **problems(404)},
        summary="One sensitive act",
    )
    def get(self, request: Request, act: uuid.UUID) -> Response:
        return self.answer(self.act(act))

    @extend_schema(
        operation_id="acts_change",
        tags=["acts"],
        request=EditInput,
        responses={200: ActDetail, **problems(404, 409, 422)},
        summary="Change what is asked for",
        description="By whoever asked, before it is approved. What others approved of it counts no more.",
    )
    def patch(self, request: Request, act: uuid.UUID) -> Response:
        found, by = self.act(act), actors.staff(self.user)
        said = checked(EditInput, request.data)
        return self.answer(asking.edit_act(found, answers=_answers(said), seen=said["content_hash"], by=by))


class ActApproveView(ActsApi):
    permission_classes = (*ActsApi.permission_classes, ConfirmedAgain)
    scopes = {"POST": Scope.TICKETS_WRITE}

    @extend_schema(
        operation_id="acts_approve",
        tags=["acts"],
        request=ApprovalInput,
        responses={200: ActDetail, **problems(404, 409, 422)},
        summary="Approve exactly this",
        description="403 `not_yours_to_approve` for whoever asked for it, changed the customer's contact data last, or "
        "vouched for who the customer is (`customer_known`); 409 `act_changed` where `content_hash` is "
        "not that of what is asked for now, or the customer's contact data have changed since; 422 at "
        "`account` where it is another customer's.",
    )
    def post(self, request: Request, act: uuid.UUID) -> Response:
        found, by = self.act(act), actors.staff(self.user)
        by.require(Capability.APPROVE_ACTS)
        said = checked(ApprovalInput, request.data)
        return self.answer(deciding.approve(found, content_hash=said["content_hash"], by=by))


class ActRefuseView(ActsApi):
    scopes = {"POST": Scope.TICKETS_WRITE}

    @extend_schema(
        operation_id="acts_refuse",
        tags=["acts"],
        request=RefusalInput,
        responses={200: ActDetail, **problems(404, 409, 422)},
        summary="Refuse it, with the reason",
    )
    def post(self, request: Request, act: uuid.UUID) -> Response:
        found, by = self.act(act), actors.staff(self.user)
        by.require(Capability.APPROVE_ACTS)
        said = checked(RefusalInput, request.data)
        return self.answer(deciding.refuse(found, reason=said["reason"], by=by))


class ActWithdrawView(ActsApi):
    scopes = {"POST": Scope.TICKETS_WRITE}

    @extend_schema(
        operation_id="acts_withdraw",
        tags=["acts"],
        request=None,
        responses={200: ActDetail, **problems(404, 409)},
        summary="Take back what you asked for",
        description="As long as nothing has left for the wallet.",
    )
    def post(self, request: Request, act: uuid.UUID) -> Response:
        return self.answer(asking.withdraw(self.act(act), by=actors.staff(self.user)))


def _answers(said: Mapping[str, Any]) -> dict[str, Any]:
    """As ``rules.wallet_content.checked`` takes them."""
    return {**said.get("details", {}), **{name: said[name] for name in _OWN if name in said}}


_OWN = ("account", "amount", "reason_code", "reason")
