"""The page to try texts: what would hold a reply back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.models import Brand
from accounts.rules.capabilities import Capability
from tickets.queries.forbidden_phrases import phrases_for
from tickets.rules.intake import MAX_BODY, clean_text
from tickets.rules.send_gate import Judged
from tickets.workspace import shell
from tickets.workspace.guard import StaffRequest, workspace_page


class TextForm(forms.Form):
    text = forms.CharField(
        max_length=MAX_BODY, label=gettext_lazy("Text"), widget=forms.Textarea(attrs={"rows": 8})
    )
    brand = forms.ModelChoiceField(
        Brand.objects.all(), to_field_name="slug", empty_label=None, label=gettext_lazy("Brand")
    )
    language = forms.ChoiceField(choices=settings.LANGUAGES, label=gettext_lazy("Language of the case"))


@require_http_methods(["GET", "HEAD", "POST"])
@workspace_page(Capability.VIEW_CONFIGURATION)
def try_text(request: StaffRequest) -> HttpResponse:
    """By POST: what is tried may be a secret, and an address is kept in logs."""
    form = TextForm(request.POST if request.method == "POST" else None)
    title = _("Try a text")
    may_list = request.user.has_perm("tickets.view_forbiddenphrase")
    context: dict[str, Any] = {"title": title, "form": form, "may_list": may_list}
    if form.is_valid():
        said = form.cleaned_data
        phrases = phrases_for(said["brand"].pk, said["language"])
        context |= {"tried": True, "reasons": list(Judged(clean_text(said["text"]), phrases).reasons())}
    status = 422 if form.errors else 200
    return shell.page(
        request, "workspace/send_gate/try.html", context, title=title, place="send_gate", status=status
    )
