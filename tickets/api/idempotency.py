"""The ``Idempotency-Key`` header (draft-ietf-httpapi-idempotency-key-header)."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from accounts.models import User
from helpdesk.lib.errors import DomainError
from helpdesk.lib.keyed_hash import keyed_hash
from tickets.actions import idempotency
from tickets.rules.secrets.guard import guard

T = TypeVar("T")
_KEY = re.compile(r"[\x21-\x7e]{1,100}")

HEADER = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="A word of your own for this one request, such as a UUID (at most 100 visible ASCII characters). "
    "Sent again with the same body it does nothing twice and gives the first result; with another body, 422.",
)


class BadKey(DomainError):
    code = "bad_idempotency_key"
    status = 400
    message = _("An idempotency key is 1 to 100 visible ASCII characters without blanks.")


@dataclass(frozen=True)
class Done(Generic[T]):
    """What came of a request; ``again`` when an earlier one with the same key did it."""

    result: T
    again: bool = False


def once(request: Request, user: User, act: Callable[[str | None], T]) -> Done[T]:
    """Run ``act(origin_key)`` in one transaction with the key's row. Without a key it simply runs."""
    key = _key_of(request)
    if key is None:
        return Done(act(None))
    with transaction.atomic():
        fresh = idempotency.claim(user, key=key, fingerprint=_fingerprint(request))
        return Done(act(f"api:{user.pk}:{key}"), again=not fresh)


def _key_of(request: Request) -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if len(key) > 2 and key[0] == key[-1] == '"':  # the draft's spelling
        key = key[1:-1]
    # It is kept as it is: no secret may stand in it.
    if not _KEY.fullmatch(key) or guard(key).kinds:
        raise BadKey
    return key


def _fingerprint(request: Request) -> str:
    """The same for the same request, however its members are ordered. Keyed: from a plain hash of a short body, a code
    in it could be found by trying all of them.
    """
    parts = [request.method, request.path, _plain(request.data)]
    text = json.dumps(parts, sort_keys=True)
    return keyed_hash(text, purpose="api.idempotency")


def _plain(data: Any) -> Any:
    if isinstance(data, QueryDict):
        return {name: [_plain(value) for value in data.getlist(name)] for name in data}
    if isinstance(data, UploadedFile):
        digest = hashlib.sha256()
        for chunk in data.chunks():
            digest.update(chunk)
        data.seek(0)
        return [data.name, digest.hexdigest()]
    return data
