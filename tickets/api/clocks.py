"""``/tickets/<number>/clocks/``: each promise with the working of its due time, in words."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.schema import problems
from accounts.api.views import ApiView
from accounts.rules.scopes import Scope
from helpdesk.lib.errors import NotAllowed
from tickets.api.loading import is_customer, ticket_or_404
from tickets.choices import BreachCause, TimerKind, TimerState
from tickets.queries import clocks
from tickets.queries.clocks import Explained
from tickets.rules.explanation.lines import LineKind, Phase

LINE_KINDS = [(kind.value, kind.value) for kind in LineKind]
PHASES = [(phase.value, phase.value) for phase in Phase]


class SentenceOutput(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(LINE_KINDS)
    phase = serializers.ChoiceField(
        PHASES,
        help_text="Whether it lies behind, ahead, or beyond the promised time.",
    )
    text = serializers.CharField(help_text="In the language of Accept-Language.")
    start = serializers.DateTimeField()
    end = serializers.DateTimeField()


class ClockOutput(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(TimerKind.choices)
    policy = serializers.CharField()
    is_statutory = serializers.BooleanField()
    state = serializers.ChoiceField(TimerState.choices)
    promise = serializers.CharField(help_text="What is promised, in words.")
    summary = serializers.CharField(help_text="How the due time comes about, in one line.")
    time_zone = serializers.CharField(help_text="Of the times in the words.")
    target_seconds = serializers.IntegerField()
    used_seconds = serializers.IntegerField(help_text="Up to now.")
    left_seconds = serializers.IntegerField(help_text="Less than nothing once the promise is broken.")
    due_at = serializers.DateTimeField(allow_null=True)
    breached_at = serializers.DateTimeField(allow_null=True)
    breach_cause = serializers.ChoiceField([*BreachCause.choices, ("", "")])
    done_at = serializers.DateTimeField(allow_null=True)
    agrees = serializers.BooleanField(
        help_text="False where the hours were edited since: the due time stays as it was given."
    )
    working = SentenceOutput(many=True)


class ClocksView(ApiView):
    scopes = {"GET": Scope.TICKETS_READ}

    @extend_schema(
        operation_id="clocks_list",
        tags=["tickets"],
        responses={
            200: inline_serializer("ClockList", {"results": ClockOutput(many=True)}),
            **problems(404),
        },
        summary="The promises on a ticket, and why each falls due when it does",
        description="For staff. Ordinary promises first, then those of the law.",
    )
    def get(self, request: Request, number: str) -> Response:
        ticket = ticket_or_404(self.user, number)
        if is_customer(self.user):
            raise NotAllowed
        found = clocks.explained(ticket, clocks.of_ticket(ticket))
        return Response({"results": ClockOutput([_shape(each) for each in found], many=True).data})


def _shape(explained: Explained) -> dict[str, Any]:
    timer, explanation = explained.timer, explained.explanation
    return {
        "kind": timer.kind,
        "policy": timer.policy.name,
        "is_statutory": timer.is_statutory,
        "state": timer.state,
        "promise": explained.promise,
        "summary": explained.summary,
        "time_zone": explained.zone.key,
        "target_seconds": explanation.target_seconds,
        "used_seconds": explanation.used_seconds,
        "left_seconds": explanation.left_seconds,
        "due_at": timer.due_at,
        "breached_at": timer.breached_at,
        "breach_cause": timer.breach_cause,
        "done_at": timer.done_at,
        "agrees": explanation.agrees,
        "working": explained.sentences,
    }
