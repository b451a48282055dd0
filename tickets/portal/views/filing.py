"""Opening a case: choose what it is about, fill in its form, see what happens next."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.actions import customers
from accounts.models import Customer
from accounts.rules.contact import normal_email
from helpdesk.lib.errors import Invalid
from knowledgebase.queries import browse, search
from knowledgebase.queries.browse import Entry
from tickets import actors
from tickets.actions.intake import admit_full_text
from tickets.actions.tickets import NewTicket, open_ticket
from tickets.choices import Channel
from tickets.models import Category, Ticket
from tickets.portal import limits
from tickets.portal.access import case_or_404, grant_newest
from tickets.portal.door import PortalRequest, branded, customer_of, member_of, reader_language
from tickets.portal.forms import Filing, Form, case_form, read_case, read_files
from tickets.portal.uploads import keeps_typed
from tickets.portal.words import advice_on, standing
from tickets.queries.customer_page import promise_of
from tickets.queries.emergencies import of_ticket
from tickets.queries.links import newest_link, tracking_path
from tickets.queries.offered import children_of, emergency, offered, top_level
from tickets.rules.intake import MAX_BODY, clean_line

TOO_OFTEN = _(
    "You have sent several forms in a short time. Nothing is lost: please wait a while, then send it again."
)
TOO_OLD = _(
    "This page had been open for too long, so nothing was sent. Please look it over and send it again."
)

#: Where somebody may have come who needs the emergency page.
URGENT = frozenset({"freeze", "security-incident", "account-takeover"})
#: What has a shorter form of its own.
SCAM = "scam-report"


@branded
def choose(request: PortalRequest) -> HttpResponse:
    """What is it about?"""
    categories = offered(request.brand)
    tiles = [row for row in top_level(categories) if not row.is_emergency]
    return render(request, "portal/choose.html", {"tiles": tiles, "emergency": emergency(categories)})


@keeps_typed
@branded
def new_case(request: PortalRequest, category: str) -> HttpResponse:
    categories = offered(request.brand)
    chosen = next((row for row in categories if row.slug == category), None)
    if chosen is None:
        raise Http404("No such category.")
    if request.method == "POST":
        return _submitted(request, chosen)
    narrower = children_of(chosen, categories)
    if narrower and "other" not in request.GET:
        return render(request, "portal/choose_narrower.html", {"category": chosen, "narrower": narrower})
    return _page(request, chosen, case_form(chosen, {}, guest=member_of(request) is None))


def _submitted(request: PortalRequest, category: Category) -> HttpResponse:
    form = case_form(category, request.POST, guest=member_of(request) is None)
    if not limits.within(request, limits.SUBMITS):
        form.problem = TOO_OFTEN
        return _page(request, category, form, status=429)
    read_files(form, request)
    if not request.is_genuine:  # type: ignore[attr-defined]
        form.problem = TOO_OLD
        return _page(request, category, form, status=403)
    if "remove" in request.POST:
        return _page(request, category, form)
    filing = read_case(form, request, category)
    if filing is None:
        return _page(request, category, form, status=422)
    if not _may_file(request, filing):
        form.problem = TOO_OFTEN
        return _page(request, category, form, status=429)
    try:
        ticket = _open(request, category, form, filing)
    except Invalid as refused:
        form.refuse(refused)
        return _page(request, category, form, status=422)
    form.done()
    grant_newest(request.session, ticket)
    return redirect("portal:received", request.brand.slug, ticket.display_number)


def _may_file(request: PortalRequest, filing: Filing) -> bool:
    by_address = limits.within(request, limits.CASES_BY_ADDRESS)
    return by_address and (
        not filing.email or limits.within(request, limits.CASES_BY_EMAIL, email=normal_email(filing.email))
    )


def _open(request: PortalRequest, category: Category, form: Form, filing: Filing) -> Ticket:
    customer = customer_of(request) or _guest(filing)
    new = NewTicket(
        brand=request.brand,
        customer=customer,
        category=category,
        subject=filing.subject,
        body=filing.body,
        answers=filing.answers,
        attachments=form.files,
        channel=Channel.WEB,
        language=reader_language(),
        logged_in=member_of(request) is not None,
        # With the customer in it: whoever guessed another's key would still not be shown that case.
        origin_key=f"web:{customer.pk}:{form.key}",
    )
    return open_ticket(new, by=actors.customer(customer))


def _guest(filing: Filing) -> Customer:
    return customers.find_or_create(email=filing.email, name=filing.name, language=reader_language())


def _page(request: PortalRequest, category: Category, form: Form, *, status: int = 200) -> HttpResponse:
    topics = [node.slug for node in category.lineage()]
    context = {
        "category": category,
        "is_urgent": category.is_emergency or category.slug in URGENT,
        "is_scam": category.slug == SCAM,
        "form": form,
        "customer": member_of(request),
        "articles": _articles(request, topics),
    }
    return render(request, "portal/new_case.html", context, status=status)


@require_POST
@branded
def suggest(request: PortalRequest) -> HttpResponse:
    """Articles near to what is being typed: a part of the form's page. Posted, so that no log keeps what was typed."""
    typed = request.POST
    # It looks for articles; a secret finds none, and stands in no statement that the database may log.
    text = admit_full_text(f"{typed.get('subject', '')}\n{typed.get('body', '')}", limit=MAX_BODY)
    articles: list[Entry] = []
    if text:
        articles = search.suggest(request.brand, text, reader_language())
    if not articles:
        articles = _articles(request, [clean_line(topic) for topic in typed.getlist("topic")[:3]])
    return render(request, "portal/parts/suggestions.html", {"articles": articles})


def _articles(request: PortalRequest, topics: list[str]) -> list[Entry]:
    return browse.for_topics(request.brand, topics, reader_language(), limit=3)


@branded
def received(request: PortalRequest, number: str) -> HttpResponse:
    """It is with us: its number, its link, and by when we answer."""
    ticket = case_or_404(request, number)
    if of_ticket(ticket) is not None:
        # Whoever reported it has proved nothing: they read no address that we know of its owner.
        return redirect("portal:emergency_next", request.brand.slug, ticket.display_number)
    link = newest_link(ticket)
    context = {
        "ticket": ticket,
        "standing": standing(ticket, promise_of(ticket)),
        "link": request.build_absolute_uri(tracking_path(link, request.brand.slug, shown=True))
        if link
        else "",
        "member": member_of(request),
        "advice": advice_on(ticket),
    }
    response = render(request, "portal/received.html", context)
    # The link on it opens the case: not even the way back shows it again after a log-out.
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
