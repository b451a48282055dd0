"""The pages of the development inbox. Mounted only while DEBUG is on and no SMTP server is set."""

from csp.constants import NONE, UNSAFE_INLINE
from csp.decorators import csp
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from helpdesk.devmail import inbox, texts


@never_cache
@require_safe
def message_list(request: HttpRequest) -> HttpResponse:
    search = request.GET.get("q", "").strip()
    return render(request, "devmail/list.html", {"mails": inbox.newest(search), "search": search})


@never_cache
@require_safe
def text_list(request: HttpRequest) -> HttpResponse:
    """The text messages that a gateway would have sent. Mounted while DEBUG is on and no gateway is set."""
    search = request.GET.get("q", "").strip()
    return render(request, "devmail/texts.html", {"texts": texts.newest(search), "search": search})


@never_cache
@require_safe
def message_page(request: HttpRequest, name: str) -> HttpResponse:
    return render(request, "devmail/message.html", {"mail": inbox.get_or_404(name)})


@require_safe
@xframe_options_sameorigin
@csp(  # type: ignore[arg-type]
    {
        "default-src": [NONE],
        "style-src": [UNSAFE_INLINE],  # mail is styled inline, there is no other way
        "img-src": ["data:"],
        "frame-ancestors": ["'self'"],
        "sandbox": [],
    }
)
def message_html(request: HttpRequest, name: str) -> HttpResponse:
    """The HTML part alone, for the frame of the message page: no script, no network, no way out."""
    return HttpResponse(inbox.get_or_404(name).html)
