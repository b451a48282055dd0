"""Parts of the API's description that every view shares."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers


class ProblemSerializer(serializers.Serializer[Any]):
    """RFC 9457 problem details: the shape of every error."""

    type = serializers.CharField(help_text="urn:helpdesk:problem:<code>")
    title = serializers.CharField(help_text="What kind of problem it is, in the language asked for.")
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="What is wrong this time, in the language asked for.")
    code = serializers.CharField(help_text="Stable word for programs.")
    instance = serializers.CharField(required=False, help_text="The path that was asked for.")
    errors = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="Field name to what is wrong with it.",
    )


_WORDS = {
    400: "The request cannot be read.",
    401: "No token, or one that is unknown, expired or revoked.",
    403: "The role or the token's scopes do not allow it.",
    404: "There is no such thing, or it is not yours to see.",
    409: "Somebody was faster, or the state does not allow it. Nothing was written.",
    412: "The ticket is not at the version that If-Match names. Nothing was written.",
    413: "The request is larger than is taken.",
    415: "The request is of a kind that is not taken.",
    422: "Something in the request is wrong; `errors` names each field. Nothing was written.",
    429: "Too many requests; Retry-After says how many seconds to wait.",
}


def problems(*statuses: int) -> dict[Any, OpenApiResponse]:
    """The refusals of an operation, with those that any operation can give."""
    wanted = sorted({401, 403, 429, *statuses})
    return {
        (status, "application/problem+json"): OpenApiResponse(ProblemSerializer, _WORDS[status])
        for status in wanted
    }


#: What may be wrong with any body, before anything in it is looked at.
WITH_A_BODY = (400, 413, 415)


def bodies_may_be_unreadable(result: dict[str, Any], **_more: Any) -> dict[str, Any]:
    """For drf-spectacular: whatever takes a body says that it refuses those that it cannot read."""
    schema = {"$ref": "#/components/schemas/Problem"}
    for path in result["paths"].values():
        for operation in path.values():
            if "requestBody" in operation:
                for status in WITH_A_BODY:
                    content = {"application/problem+json": {"schema": schema}}
                    operation["responses"].setdefault(
                        str(status), {"content": content, "description": _WORDS[status]}
                    )
    return result
