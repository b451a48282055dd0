"""``POST /wallet/answers/``: a wallet core says by itself what became of an act. See docs/wallet-gateway.md."""

from __future__ import annotations

import logging

from django.db import Error
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from helpdesk.lib import clock
from helpdesk.lib.http import client_ip
from helpdesk.lib.limits import WALLET_SIGNATURES
from helpdesk.lib.problems import problem_response
from helpdesk.lib.sealed import Unreadable
from tickets.actions.wallet_hearing import hear
from tickets.gateways.wallet_core import words
from tickets.gateways.wallet_core.signing import KEY, BadSignature, Signer
from tickets.models import WalletCore
from tickets.queries.wallet import act_of_core

logger = logging.getLogger(__name__)
MAX_BYTES = 16 * 1024
#: Of bad signatures from one address. Whoever makes more is not listened to until the minute is over.
LIMIT = WALLET_SIGNATURES


class Refused(Exception):
    def __init__(self, status: int, code: str, detail: str) -> None:
        self.status, self.code, self.detail = status, code, detail
        super().__init__(code)


@csrf_exempt  # the signature says who it is; there is no session
def wallet_answers(request: HttpRequest) -> HttpResponse:
    """202 once it is committed, with whether it was news: the same said again counts once."""
    try:
        body = _body(request)
        core, nonce = _checked(request, body)
        return JsonResponse({"news": _heard(core, nonce, body)}, status=202)
    except Refused as refused:
        return problem_response(request, refused.status, refused.code, refused.detail)
    except Error:
        logger.exception("An answer of a wallet core cannot be written down")
        detail = _("This cannot be written down right now. Please send it again later.")
        return problem_response(request, 503, "try_later", detail)


def _body(request: HttpRequest) -> bytes:
    if request.method != "POST":
        raise Refused(405, "method_not_allowed", _("Answers are posted here, and nothing else."))
    if LIMIT.is_spent(client_ip(request)):
        raise Refused(429, "too_many_requests", _("Too many bad signatures. Please wait a minute."))
    size = request.META.get("CONTENT_LENGTH") or "0"
    if not size.isdecimal() or int(size) > MAX_BYTES:
        raise Refused(413, "too_large", _("This is too long for an answer about one act."))
    try:
        return request.body
    except OSError as problem:  # the sender hung up
        raise Refused(400, "broken_off", _("It broke off.")) from problem


def _checked(request: HttpRequest, body: bytes) -> tuple[WalletCore, str]:
    """Who says it, and by which nonce. One answer for whatever is wrong with the signature."""
    core = WalletCore.objects.filter(key_id=request.headers.get(KEY, "")[:64], is_active=True).first()
    try:
        if core is None:
            raise BadSignature("no wallet has this key")
        signer = Signer(core.key_id, core.secret)
        headers = {name.lower(): value for name, value in request.headers.items()}
        return core, signer.check_call_back(headers, body, now=clock.now().timestamp())
    except (BadSignature, Unreadable) as problem:
        LIMIT.spend(client_ip(request))
        logger.warning("An answer to /wallet/answers/ is not believed: %s", problem or type(problem).__name__)
        detail = _("The signature does not fit the key, the time or what is said.")
        raise Refused(403, "bad_signature", detail) from problem


def _heard(core: WalletCore, nonce: str, body: bytes) -> bool:
    try:
        said = words.read(body)
        act = act_of_core(core, said.get("act"))
        if act is None:
            raise Refused(404, "not_found", _("No act of this wallet has this key."))
        answer = words.answer_of(said, key=str(act.key), content_hash=act.content_hash)
    except words.Nonsense as problem:
        raise Refused(422, "invalid", _("Not understood: %(why)s.") % {"why": problem}) from problem
    return hear(core, act, answer, nonce=nonce)
