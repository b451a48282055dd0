"""The whole mail behind a message: its text, and how it looked."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tickets.queries import mails as queries
from tickets.workspace import mail_sheet, shell
from tickets.workspace.guard import StaffRequest, workspace_page
from tickets.workspace.mail_words import MailLine


@require_safe
@workspace_page()
def whole_mail(request: StaffRequest, message: int) -> HttpResponse:
    """A part of the ticket's page, or a page of its own where there is no JavaScript. With ``?as=html`` as it looked,
    with ``&images`` those that it fetches from elsewhere too."""
    found = queries.mail_or_404(request.user, message)
    context = {
        "mail": found,
        "line": MailLine(found),
        "ticket": found.message.ticket,
        "as_it_looked": bool(found.html) and request.GET.get("as") == "html",
        "images": "images" in request.GET,
        "sandbox": mail_sheet.SANDBOX,
    }
    if request.htmx:
        return shell.part(request, "workspace/mail_whole.html", context)
    title = found.subject or _("Mail")
    return shell.page(request, "workspace/mail_page.html", context, title=title)


@require_safe
@workspace_page()
def mail_html(request: StaffRequest, message: int) -> HttpResponse:
    """What stands in the frame. It runs nothing, sends nothing, and loads nothing but, when asked, pictures."""
    found = queries.mail_or_404(request.user, message)
    if not found.html:
        raise Http404
    remote = "images" in request.GET
    page = mail_sheet.page(found.html, queries.pictures_in_place(found), remote_images=remote)
    response = HttpResponse(page)
    # Said here, django-csp and the middlewares leave them as they are.
    response["Content-Security-Policy"] = mail_sheet.policy(remote_images=remote)
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Referrer-Policy"] = "no-referrer"
    response["X-DNS-Prefetch-Control"] = "off"
    response["Cache-Control"] = "private, no-store"
    return response
