"""The emergency page: no log-in, two questions, freeze first. It says the same to everybody, whether or not there is
such an account.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Brand
from accounts.web.brands import active_brands
from helpdesk.lib.errors import DomainError, Invalid
from tickets.actions import call_backs
from tickets.actions.emergencies import Report, report
from tickets.choices import AccountKind
from tickets.models import Emergency, Ticket
from tickets.portal import limits
from tickets.portal.access import case_or_404, grant_newest
from tickets.portal.door import PortalRequest, branded, member_of, reader_language
from tickets.portal.emergency_form import (
    ASKED_IN_WORDS,
    OPTIONAL,
    call_questions,
    emergency_form,
    forget_secrets,
    read_call,
    read_emergency,
)
from tickets.portal.forms import Form, form_of
from tickets.portal.uploads import keeps_typed
from tickets.portal.views.filing import TOO_OLD
from tickets.portal.words import moment
from tickets.queries.customer_page import promise_of
from tickets.queries.emergencies import of_ticket
from tickets.queries.emergency_words import steps, stop_clock
from tickets.queries.links import newest_link, tracking_path
from tickets.rules.emergencies import masked, secrets_in
from tickets.rules.secrets.words import advice_for
from tickets.rules.wallet_holder import account_key


@require_safe
def chooser(request: HttpRequest) -> HttpResponse:
    """Which wallet? Not asked where the host says it, or where there is only one."""
    brands = active_brands(request)
    host = request.get_host().partition(":")[0].lower()
    own = [brand for brand in brands if brand.host and brand.host.lower() == host]
    if len(brands) == 1 or own:
        return redirect("portal:emergency", (own or brands)[0].slug)
    request.brand = None  # type: ignore[attr-defined]  # the page belongs to none of them
    return render(request, "portal/emergency_chooser.html", {"brands": brands})


@keeps_typed
@branded
def emergency(request: PortalRequest) -> HttpResponse:
    form = emergency_form(request.POST, member=member_of(request))
    if request.method != "POST":
        return _page(request, form)
    if not limits.within(request, limits.SUBMITS):
        form.problem = _too_often(request.brand)
        return _page(request, form, status=429)
    if not request.is_genuine:  # type: ignore[attr-defined]
        form.problem = TOO_OLD
        return _page(request, form, status=403)
    said = read_emergency(form, request.POST, brand=request.brand, language=reader_language())
    if said is None:
        return _page(request, form, status=422)
    if not _may_report(request, said):
        form.problem = _too_often(request.brand)
        return _page(request, form, status=429)
    try:
        found = report(said)
    except Invalid as refused:
        form.refuse(refused)
        return _page(request, form, status=422)
    grant_newest(request.session, found.ticket)
    return redirect("portal:emergency_next", request.brand.slug, found.ticket.display_number)


def _may_report(request: PortalRequest, said: Report) -> bool:
    """By who asks, and by the account, however it is written and whether or not there is such a one."""
    by_account = f"{said.brand.pk}:{account_key(said.account.value, region=said.brand.country)}"
    return limits.within(request, limits.EMERGENCIES_BY_ADDRESS) and limits.EMERGENCIES_BY_ACCOUNT.spend(
        by_account
    )


def _too_often(brand: Brand) -> str:
    words = _(
        "This was reported several times within the hour, and we are on it. You need not send it again."
    )
    return (
        f"{words} {_('You can also call us: %(number)s.') % {'number': brand.hotline}}"
        if brand.hotline
        else words
    )


def _page(request: PortalRequest, form: Form, *, status: int = 200) -> HttpResponse:
    """What need not be said stands folded up, so that the button is right below the two questions."""
    context = {
        "form": form,
        "chosen": form.question("what").value.split(","),
        "advice": advice_for(
            [kind for name in ASKED_IN_WORDS for kind in secrets_in(request.POST.get(name, ""))]
        ),
        "say_more": any(form.question(name).value or form.question(name).error for name in OPTIONAL),
    }
    return _unkept(render(request, "portal/emergency.html", context, status=status))


@branded
def next_steps(request: PortalRequest, number: str) -> HttpResponse:
    """What happens now, and what to do meanwhile; asks for a number to call where none was given."""
    ticket = case_or_404(request, number)
    return _next(request, ticket, _emergency_or_404(ticket), _call_form(request))


@require_POST
@branded
def call(request: PortalRequest, number: str) -> HttpResponse:
    """The number at which they want to be called, given afterwards."""
    ticket = case_or_404(request, number)
    found, form = _emergency_or_404(ticket), _call_form(request)
    if not limits.within(request, limits.REPLIES):
        form.problem = _too_often(request.brand)
        return _next(request, ticket, found, form, status=429)
    phone, at = read_call(form, request.POST, request.brand, required=True)
    if form.has_errors:
        return _next(request, ticket, found, form, status=422)
    try:
        call_backs.ask_for_call(found, phone=phone, at=at)
    except DomainError as refused:
        form.problem = refused.message
        return _next(request, ticket, found, form, status=refused.status)
    return redirect("portal:emergency_next", request.brand.slug, ticket.display_number)


def _emergency_or_404(ticket: Ticket) -> Emergency:
    found = of_ticket(ticket)
    if found is None:
        raise Http404("No emergency.")
    return found


def _call_form(request: PortalRequest) -> Form:
    form = form_of(call_questions(), request.POST)
    forget_secrets(form)
    return form


def _next(
    request: PortalRequest, ticket: Ticket, found: Emergency, form: Form, *, status: int = 200
) -> HttpResponse:
    promise, link = promise_of(ticket), newest_link(ticket)
    context = {
        "ticket": ticket,
        "emergency": found,
        "needs_hand": found.needs_hand,
        "steps": steps(found.situations, country=request.brand.country),
        "stop": stop_clock(request.brand, found.situations, found.money_left_at),
        "answer_by": moment(promise.due_at) if promise is not None else "",
        "phone": masked(found.call_back_phone, AccountKind.PHONE) if found.call_back_phone else "",
        "call_at": moment(found.call_back_at) if found.call_back_at else "",
        "form": form,
        "link": request.build_absolute_uri(tracking_path(link, request.brand.slug)) if link else "",
    }
    return _unkept(render(request, "portal/emergency_next.html", context, status=status))


def _unkept(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
