"""The help centre: shelves, articles, search, and whether it helped."""

from __future__ import annotations

import secrets

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from knowledgebase.actions.feedback import MAX_COMMENT, give_feedback
from knowledgebase.queries import browse, search
from knowledgebase.queries.browse import Entry
from knowledgebase.rules.markdown import to_html
from tickets.actions.intake import admit_line
from tickets.portal import limits
from tickets.portal.door import PortalRequest, branded, reader_language
from tickets.queries.offered import offered

_READER = "reader"
_ANSWERS = "helped"


@require_safe
@branded
def home(request: PortalRequest) -> HttpResponse:
    return render(
        request, "portal/help_home.html", {"shelves": browse.shelves(request.brand, reader_language())}
    )


@require_safe
@branded
def section(request: PortalRequest, section: str) -> HttpResponse:
    shelves = browse.shelves(request.brand, reader_language())
    shelf = next((row for row in shelves if row.section.slug == section), None)
    if shelf is None:
        raise Http404("No such section.")
    return render(request, "portal/help_section.html", {"shelf": shelf, "shelves": shelves})


@require_safe
@branded
def article(request: PortalRequest, section: str, article: str) -> HttpResponse:
    entry = _entry_or_404(request, section, article)
    topics = entry.article.topics
    context = {
        "entry": entry,
        "html": to_html(entry.translation.body),
        "is_foreign": entry.translation.language != reader_language(),
        "neighbours": browse.neighbours(entry.article, reader_language()),
        "topic": next((row for row in offered(request.brand) if row.slug in topics), None),
        "answer": request.session.get(_ANSWERS, {}).get(str(entry.article.pk)),
        "max_comment": MAX_COMMENT,
    }
    return render(request, "portal/help_article.html", context)


def _entry_or_404(request: PortalRequest, section: str, article: str) -> Entry:
    entry = browse.article(request.brand, section, article, reader_language())
    if entry is None:
        raise Http404("No such article.")
    return entry


@require_POST
@branded
def feedback(request: PortalRequest, section: str, article: str) -> HttpResponse:
    """Yes or no, then perhaps a few words; whoever answers again has changed their mind."""
    entry = _entry_or_404(request, section, article)
    answer = request.POST.get("helpful")
    if answer in {"yes", "no"}:
        comment = request.POST.get("comment", "")
        give_feedback(
            entry.article,
            reader=_reader(request),
            helpful=answer == "yes",
            language=entry.translation.language,
            comment=comment,
        )
        state = "told" if comment.strip() else answer
        request.session[_ANSWERS] = {**request.session.get(_ANSWERS, {}), str(entry.article.pk): state}
    return redirect(reverse("portal:article", args=[request.brand.slug, section, article]) + "#feedback")


def _reader(request: PortalRequest) -> str:
    """Random, kept in the session: enough to count a reader once, nothing about who it is."""
    reader: str = request.session.setdefault(_READER, secrets.token_hex(16))
    return reader


@require_safe
@branded
def find(request: PortalRequest) -> HttpResponse:
    text = admit_line(request.GET.get("q", ""), limit=200)
    allowed = not text or limits.within(request, limits.SEARCHES)
    entries = search.search(request.brand, text, reader_language()) if text and allowed else []
    context = {"q": text, "entries": entries, "shelves": []}
    if not entries:
        context["shelves"] = browse.shelves(request.brand, reader_language())
    return render(request, "portal/help_search.html", context, status=200 if allowed else 429)
