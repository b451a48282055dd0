"""A case as its customer sees it: the letters, where it stands, what they can do."""

from __future__ import annotations

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from helpdesk.lib.errors import DomainError, Invalid
from helpdesk.lib.files import private_file_response
from tickets.actions import messages, status
from tickets.choices import FileState, Status
from tickets.models import Attachment, Ticket
from tickets.portal import limits
from tickets.portal.access import acting, came_by_mail, case_or_404, grant_newest, may_read
from tickets.portal.door import PortalRequest, branded, member_of
from tickets.portal.forms import Form, read_files, reply_form
from tickets.portal.uploads import keeps_typed
from tickets.portal.views.filing import TOO_OFTEN, TOO_OLD
from tickets.portal.words import advice_on, in_brief, merged, standing
from tickets.queries import customer_page
from tickets.queries.categories import answers_in_words
from tickets.queries.emergencies import of_ticket
from tickets.queries.emergency_words import stop_clock
from tickets.queries.files import FileHeldBack, ready
from tickets.queries.merged import where_it_went
from tickets.queries.proof import open_challenge
from tickets.queries.support_codes import announced

PER_PAGE = 20


@require_safe
@branded
def cases(request: PortalRequest) -> HttpResponse:
    """The cases of a log-in. A guest is asked to log in, and told of the other way."""
    user = member_of(request)
    if user is None:
        path = f"{reverse('account_login')}?{urlencode({'next': request.path})}"
        return (
            redirect(path)
            if not request.user.is_authenticated
            else redirect("portal:front", request.brand.slug)
        )
    page = Paginator(customer_page.own_cases(user, request.brand), PER_PAGE).get_page(request.GET.get("page"))
    rows = [(ticket, *in_brief(ticket)) for ticket in page]
    response = render(request, "portal/cases.html", {"page": page, "rows": rows})
    response["Cache-Control"] = "private, no-store"
    return response


@keeps_typed
@branded
def case(request: PortalRequest, number: str) -> HttpResponse:
    ticket = case_or_404(request, number)
    if request.method != "POST":
        return _page(request, ticket, _form(ticket, {}))
    return _replied(request, ticket)


def _where_it_went(request: PortalRequest, ticket: Ticket) -> Ticket | None:
    """The case in which a merged one goes on. Same customer, same brand: who may read this may read that, unless
    all that is known of them is that they filed this.
    """
    into = where_it_went(ticket)
    if into is None or (into.customer_id, into.brand_id) != (ticket.customer_id, ticket.brand_id):
        return None
    if not may_read(request, into) and came_by_mail(request.session, ticket):
        grant_newest(request.session, into, mailed=True)
    return into


def _form(ticket: Ticket, typed: dict[str, str]) -> Form:
    """What the box below the letters is for depends on where the case stands."""
    into = where_it_went(ticket)
    if into is not None and messages.may_go_on(into):
        hint = _("What you write here goes to case {number}.").format(number=into.display_number)
        return reply_form(typed, label=_("Write to us"), hint=hint)
    if ticket.is_active:
        return reply_form(typed, label=_("Write to us"))
    if status.may_reopen(ticket):
        hint = _("Tell us what is still wrong.")
        return reply_form(typed, label=_("Not solved?"), hint=hint, required=False)
    hint = _(
        "This case was closed too long ago to go on with. What you write opens a new case that follows it."
    )
    return reply_form(typed, label=_("Is something still wrong?"), hint=hint)


def _replied(request: PortalRequest, ticket: Ticket) -> HttpResponse:
    form = _form(ticket, request.POST.dict())
    if not limits.within(request, limits.REPLIES):
        form.problem = TOO_OFTEN
        return _page(request, ticket, form, status_code=429)
    read_files(form, request)
    if not request.is_genuine:  # type: ignore[attr-defined]
        form.problem = TOO_OLD
        return _page(request, ticket, form, status_code=403)
    if "remove" in request.POST:
        return _page(request, ticket, form)
    if form.has_errors:
        return _page(request, ticket, form, status_code=422)
    try:
        return _send(request, ticket, form)
    except Invalid as refused:
        form.refuse(refused)
        return _page(request, ticket, form, status_code=422)
    except DomainError as refused:
        form.problem = refused.message
        return _page(request, case_or_404(request, ticket.number), form, status_code=refused.status)


def _send(request: PortalRequest, ticket: Ticket, form: Form) -> HttpResponse:
    said = request.POST.get("body", "").strip()
    if not said and not form.kept and not form.question("body").required:
        status.change_status(ticket, to=Status.OPEN, by=acting(ticket))
        return _back(request, ticket)
    message = messages.customer_reply(
        ticket,
        body=request.POST.get("body", ""),
        by=acting(ticket),
        files=form.files,
        origin_key=f"web:{ticket.pk}:{form.key}",
    )
    form.done()
    if message.ticket_id != ticket.pk:
        mailed = came_by_mail(request.session, ticket)
        if ticket.merged_into_id is not None and message.ticket == where_it_went(ticket):
            if mailed:
                grant_newest(request.session, message.ticket, mailed=True)
            if not may_read(request, message.ticket):
                return _back(request, ticket)
            return _back(request, message.ticket, f"#letter-{customer_page.place_of(message)}")
        grant_newest(request.session, message.ticket, mailed=mailed)
        return redirect("portal:received", request.brand.slug, message.ticket.display_number)
    return _back(request, ticket, f"#letter-{customer_page.place_of(message)}")


def _back(request: PortalRequest, ticket: Ticket, fragment: str = "#status") -> HttpResponse:
    return redirect(reverse("portal:case", args=[request.brand.slug, ticket.display_number]) + fragment)


@require_POST
@branded
def close(request: PortalRequest, number: str) -> HttpResponse:
    """The customer says that it is solved; said again of a solved case, it is closed."""
    ticket = case_or_404(request, number)
    to = Status.CLOSED if ticket.status == Status.SOLVED else Status.SOLVED
    try:
        if ticket.status != Status.CLOSED:
            status.change_status(ticket, to=to, by=acting(ticket))
    except DomainError as refused:
        form = _form(ticket, {})
        form.problem = refused.message
        return _page(request, ticket, form, status_code=refused.status)
    return _back(request, ticket)


def _page(request: PortalRequest, ticket: Ticket, form: Form, *, status_code: int = 200) -> HttpResponse:
    promise = customer_page.promise_of(ticket)
    letters = customer_page.letters_of(ticket)
    into, emergency = _where_it_went(request, ticket), of_ticket(ticket)
    context = {
        "ticket": ticket,
        "went_to": into if into and may_read(request, into) else None,
        "goes_on": ticket.is_active or (into is not None and messages.may_go_on(into)),
        "standing": merged(into) if into else standing(ticket, promise),
        "entries": _in_order(letters, customer_page.turns_of(ticket)),
        "answers": answers_in_words(ticket.category, ticket.fields),
        "form": form,
        "may_reopen": not ticket.is_active and status.may_reopen(ticket),
        "member": member_of(request),
        "advice": advice_on(ticket),
        "emergency": emergency,
        "stop": stop_clock(request.brand, emergency.situations, emergency.money_left_at)
        if emergency
        else None,
        "code_waits": open_challenge(ticket) is not None,
        "call": announced(ticket),
    }
    response = render(request, "portal/case.html", context, status=status_code)
    # Nothing of a case stays in a shared computer's cache.
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


def _in_order(
    letters: list[customer_page.Letter], turns: list[customer_page.Turn]
) -> list[dict[str, object]]:
    entries: list[dict[str, object]] = [{"at": row.message.created_at, "letter": row} for row in letters]
    entries += [{"at": row.at, "turn": row} for row in turns]
    return sorted(entries, key=lambda entry: entry["at"])  # type: ignore[arg-type,return-value]


@require_safe
@branded
def mail(request: PortalRequest, number: str, place: int) -> HttpResponse:
    """The whole text of a mail that the customer wrote themselves, with what they quoted."""
    ticket = case_or_404(request, number)
    found = customer_page.own_mail_or_404(ticket, place)
    context = {"ticket": ticket, "place": place, "mail": found}
    response = render(request, "portal/mail.html", context)
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
@branded
def file(request: PortalRequest, number: str, place: int) -> HttpResponseBase:
    """A file of the conversation: a download, or a picture shown in place when ``?show`` asks for it."""
    ticket = case_or_404(request, number)
    attachment = customer_page.file_or_404(ticket, place)
    try:
        ready(attachment)
    except FileHeldBack as problem:
        return _held_back(request, ticket, attachment, problem)
    return private_file_response(
        request,
        attachment.file,
        name=attachment.name,
        content_type=attachment.content_type,
        inline="show" in request.GET,
    )


def _held_back(
    request: PortalRequest, ticket: Ticket, attachment: Attachment, problem: FileHeldBack
) -> HttpResponse:
    context = {"ticket": ticket, "file": attachment, "is_waiting": attachment.state == FileState.WAITING}
    response = render(request, "portal/file_held.html", context, status=problem.status)
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
