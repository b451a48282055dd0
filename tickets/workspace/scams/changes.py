"""Judging campaigns, merging them, and reporting what a case named."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import Brand
from helpdesk.lib.errors import DomainError, Invalid
from tickets import actors
from tickets.actions import scams as verbs
from tickets.actions.scams import Judgement, ScamSaid
from tickets.choices import ScamKind, ScamState
from tickets.models import Ticket
from tickets.queries import scams as queries
from tickets.queries.emergencies import brands_of
from tickets.rules import numbers
from tickets.rules.intake import clean_line
from tickets.rules.scams import Sign, guess, read_sign
from tickets.workspace.guard import StaffRequest
from tickets.workspace.outcome import told
from tickets.workspace.scams.views import campaign_or_404, judging, show, show_all

NAMES = ("brand", "kind", "what", "remark", "number")


@require_POST
@judging
def judge_scam(request: StaffRequest, pk: int) -> HttpResponse:
    campaign, typed = campaign_or_404(request, pk), request.POST
    try:
        if typed.get("state") not in ScamState.values:
            raise Invalid({"state": _("Choose what it is.")})
        advice = {"zh": typed.get("advice_zh", ""), "en": typed.get("advice_en", "")}
        judgement = Judgement(
            ScamState(typed["state"]), title=clean_line(typed.get("title", "")), advice=advice
        )
        verbs.judge(campaign, judgement, by=actors.staff(request.user))
    except DomainError as refused:
        errors = refused.fields if isinstance(refused, Invalid) else {"state": told(refused)}
        return show(request, campaign, typed=typed.dict(), errors=errors, status=refused.status)
    messages.success(request, _("Saved."))
    return redirect("workspace:scam", pk)


@require_POST
@judging
def merge_scam(request: StaffRequest, pk: int) -> HttpResponse:
    """Into the campaign whose number was given; strangers' campaigns are not found."""
    campaign, named = campaign_or_404(request, pk), request.POST.get("into", "").strip().lstrip("#")
    into = queries.visible_to(request.user).filter(pk=int(named) if _is_number(named) else 0).first()
    try:
        if into is None:
            raise Invalid({"into": _("There is no such campaign.")})
        done = verbs.merge(campaign, into, by=actors.staff(request.user))
    except DomainError as refused:
        errors = refused.fields if isinstance(refused, Invalid) else {"into": told(refused)}
        return show(request, campaign, errors=errors, status=refused.status)
    messages.success(request, _("They are one campaign now."))
    return redirect("workspace:scam", done.pk)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 18


@require_POST
@judging
def add_scam(request: StaffRequest) -> HttpResponse:
    """What somebody told on the phone, or a case names."""
    typed = {name: request.POST.get(name, "") for name in NAMES}
    try:
        done = verbs.report(_said(request, typed), by=actors.staff(request.user))
    except Invalid as refused:
        return show_all(request, typed=typed, errors=refused.fields, status=422)
    messages.success(request, _("Reported."))
    return redirect("workspace:scam", done.pk)


def _said(request: StaffRequest, typed: dict[str, str]) -> ScamSaid:
    ticket = _ticket(request, typed["number"])
    sign = _sign(typed)
    brand = ticket.brand if ticket is not None else _brand(request, typed["brand"])
    return ScamSaid(brand=brand, signs=[sign], remark=typed["remark"], ticket=ticket)


def _brand(request: StaffRequest, named: str) -> Brand:
    brand = brands_of(request.user).filter(pk=int(named) if _is_number(named) else 0).first()
    if brand is None:
        raise Invalid({"brand": _("Choose one of your brands.")})
    return brand


def _ticket(request: StaffRequest, named: str) -> Ticket | None:
    if not named.strip():
        return None
    number = numbers.parse(clean_line(named))
    rows = Ticket.objects.visible_to(request.user).select_related("brand", "customer")
    ticket = rows.filter(number=number).first() if number else None
    if ticket is None:
        raise Invalid({"number": _("There is no such case, or you may not see it.")})
    return ticket


def _sign(typed: dict[str, str]) -> Sign:
    text, kind = clean_line(typed["what"]), typed["kind"]
    named = kind in ScamKind.values and kind != ScamKind.PICTURE
    sign = read_sign(ScamKind(kind), text) if named else guess(text)
    if sign is None:
        raise Invalid({"what": _("Give one link, phone number, e-mail or wallet address.")})
    return sign
