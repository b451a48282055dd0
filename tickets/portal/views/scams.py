"""Reporting a scam, and which are known. What was reported is shown so that nothing opens it, and never fetched."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.actions import customers
from accounts.models import Customer
from helpdesk.lib.defang import defanged
from helpdesk.lib.errors import DomainError, Invalid
from tickets.actions.scam_filing import Filed, file_report, secrets_of
from tickets.actions.scams import ScamSaid
from tickets.choices import ScamState
from tickets.models import ScamCampaign
from tickets.portal import limits
from tickets.portal.access import grant_newest
from tickets.portal.door import PortalRequest, branded, customer_of, member_of, reader_language
from tickets.portal.forms import Form, read_files
from tickets.portal.scam_form import read_email, read_scam, scam_form
from tickets.portal.uploads import keeps_typed
from tickets.portal.views.filing import TOO_OFTEN, TOO_OLD
from tickets.queries import scams as queries
from tickets.queries.removed_secrets import read_kinds
from tickets.rules.intake import clean_line
from tickets.rules.scams import guess, is_ours
from tickets.rules.secrets.words import advice_for

_KEY = "scam"
MOST_TYPED = 500


@keeps_typed
@branded
def report_scam(request: PortalRequest) -> HttpResponse:
    form = scam_form(request.POST, guest=member_of(request) is None)
    if request.method != "POST":
        return _page(request, form)
    if not limits.within(request, limits.SUBMITS):
        form.problem = TOO_OFTEN
        return _page(request, form, status=429)
    read_files(form, request)
    if not request.is_genuine:  # type: ignore[attr-defined]
        form.problem = TOO_OLD
        return _page(request, form, status=403)
    if "remove" in request.POST:
        return _page(request, form)
    said = read_scam(form, request.POST, brand=request.brand)
    email = read_email(form, request.POST) if member_of(request) is None else ""
    if said is None or form.has_errors:
        return _page(request, form, status=422)
    if not limits.within(request, limits.SCAMS_BY_ADDRESS):
        form.problem = TOO_OFTEN
        return _page(request, form, status=429)
    return _send(request, form, said, email)


def _send(request: PortalRequest, form: Form, said: ScamSaid, email: str) -> HttpResponse:
    try:
        filed = file_report(
            said, customer=_reporter(request, said, email), files=form.files, language=reader_language()
        )
    except Invalid as refused:
        form.refuse(refused)
        return _page(request, form, status=422)
    except DomainError as refused:
        form.problem = refused.message
        return _page(request, form, status=refused.status)
    form.done()
    _remember(request, filed, said)
    return redirect("portal:scam_thanks", request.brand.slug)


def _reporter(request: PortalRequest, said: ScamSaid, email: str) -> Customer | None:
    """To whom an answer goes; a log-in only where they lost something: others need none."""
    if email:
        return customers.find_or_create(email=email, language=reader_language())
    return customer_of(request) if said.lost_money else None


def _remember(request: PortalRequest, filed: Filed, said: ScamSaid) -> None:
    answered = filed.ticket is not None and not filed.ticket.customer.email.endswith(".invalid")
    if filed.ticket is not None and answered:
        grant_newest(request.session, filed.ticket)
    request.session[_KEY] = {
        "campaign": filed.campaign.pk,
        "case": filed.ticket.display_number if filed.ticket and answered else "",
        "lost": said.lost_money,
        "secrets": [kind.value for kind in filed.removed],
    }


def _page(request: PortalRequest, form: Form, *, status: int = 200) -> HttpResponse:
    typed = secrets_of(request.POST.get("what", ""), request.POST.get("remark", ""))
    context = {"form": form, "advice": advice_for(typed)}
    response = render(request, "portal/report_scam.html", context, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
@branded
def thanks(request: PortalRequest) -> HttpResponse:
    """What was done with it, and what to do now; back to the form for whoever reported nothing here."""
    told = request.session.get(_KEY)
    if not isinstance(told, dict):
        return redirect("portal:report_scam", request.brand.slug)
    known = ScamCampaign.objects.filter(pk=told["campaign"], state__in=queries.KNOWN).first()
    context = {
        "known": known,
        "advice": _advice(known),
        "case": told.get("case"),
        "lost": told.get("lost"),
        "secrets": advice_for(read_kinds([told.get("secrets", [])])),
    }
    response = render(request, "portal/scam_thanks.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


@keeps_typed
@branded
def known_scams(request: PortalRequest) -> HttpResponse:
    """What customers are warned of; and whether a link or number is among what we know. Posted: no log keeps it."""
    context: dict[str, object] = {}
    status = 200
    if request.method == "POST":
        context, status = _checked(request)
    campaigns = queries.published(request.brand)
    signs = queries.signs_of_all(campaigns)
    rows = [{"campaign": row, "signs": signs[row.pk], "advice": _advice(row)} for row in campaigns]
    return render(request, "portal/known_scams.html", {"rows": rows, **context}, status=status)


def _checked(request: PortalRequest) -> tuple[dict[str, object], int]:
    typed = clean_line(request.POST.get("what", ""))[:MOST_TYPED]
    if not request.is_genuine:  # type: ignore[attr-defined]
        return {"verdict": "old", "typed": defanged(typed)}, 403
    if not limits.within(request, limits.SCAM_CHECKS):
        return {"verdict": "often", "typed": defanged(typed)}, 429
    sign = guess(typed, region=request.brand.country or "CN")
    if sign is None:
        return {"verdict": "unread"}, 422
    if is_ours(sign, queries.own_hosts()):
        return {"verdict": "ours", "shown": defanged(sign.value)}, 200
    found = queries.campaign_by(sign)
    is_known = found is not None and found.state in (ScamState.CONFIRMED, ScamState.PUBLISHED)
    advice = _advice(found) if is_known else ""
    return {
        "verdict": "known" if is_known else "unknown",
        "shown": defanged(sign.value),
        "advice": advice,
    }, 200


def _advice(campaign: ScamCampaign | None) -> str:
    """In the reader's language, else in the other."""
    if campaign is None:
        return ""
    texts = (campaign.advice_zh, campaign.advice_en)
    own, other = texts if reader_language().startswith("zh") else texts[::-1]
    return own or other
