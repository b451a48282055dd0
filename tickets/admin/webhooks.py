"""Addresses of other systems that are called: where they are, the key that signs, and whether anybody answers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextInputWidget

from accounts.web.step_up import AsksAgain
from helpdesk.lib import outgoing
from helpdesk.lib.admin import ConfigAdmin, NeverDeleted
from tickets import actors
from tickets.actions import webhooks as verbs
from tickets.admin.outbox import in_words
from tickets.delivery import webhooks as delivery
from tickets.models import Webhook
from tickets.rules.webhooks import Verdict, written_key


class WebhookForm(forms.ModelForm):  # type: ignore[type-arg]
    #: A plain one: what the model's own field says of an address is too general to mend it by.
    url = forms.CharField(
        label=capfirst(gettext_lazy("address")),
        max_length=500,
        help_text=gettext_lazy("It must begin with https:// ."),
        widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "url", "spellcheck": "false"}),
    )

    class Meta:
        model = Webhook
        fields = ("name", "url", "is_active", "for_emergencies", "brands")

    def clean_url(self) -> str:
        url = str(self.cleaned_data["url"]).strip()
        try:
            outgoing.check_url(url, private=settings.WEBHOOK_ALLOW_PRIVATE)
        except outgoing.CallError as problem:
            raise forms.ValidationError(str(problem.trouble.label)) from problem
        return url

    def _get_validation_exclusions(self) -> set[str]:
        """The address has been checked, more strictly than by the model's field, which knows no name without a dot."""
        return super()._get_validation_exclusions() | {"url"}  # type: ignore[misc, no-any-return]


@admin.register(Webhook)
class WebhookAdmin(AsksAgain, NeverDeleted, ConfigAdmin):
    form = WebhookForm
    list_display = ("name", "url", "is_active", "for_emergencies", "created_at")
    list_filter = ("is_active", "for_emergencies")
    search_fields = ("name", "url")
    fields = ("name", "url", "is_active", "for_emergencies", "brands")
    actions_detail = ("try_out", "signing_key")

    @action(description=gettext_lazy("Test call"), permissions=["change"])  # type: ignore[untyped-decorator]
    def try_out(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Asking shows what will be sent; sending shows what came back."""
        webhook = self._webhook(request, object_id)
        context: dict[str, Any] = {}
        if request.method == "POST":
            outcome = delivery.try_out(webhook, by=actors.staff(request.user))  # type: ignore[arg-type]
            context = {
                "outcome": outcome,
                "taken": outcome.verdict is Verdict.TAKEN,
                "error": in_words(outcome.error),
            }
        return self._page(request, webhook, "test_call", _("Test call"), **context)

    @action(description=gettext_lazy("Signing key"), permissions=["change"])  # type: ignore[untyped-decorator]
    def signing_key(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """The key stands in the answer to a click alone: no address shows it, nothing stores it."""
        webhook = self._webhook(request, object_id)
        if request.method == "POST" and "renew" in request.POST:
            verbs.new_key(webhook, by=actors.staff(request.user))  # type: ignore[arg-type]
            messages.success(request, _("A new key signs from now on. Give it to the receiver."))
            return HttpResponseRedirect(reverse("admin:tickets_webhook_signing_key", args=[webhook.pk]))
        key = written_key(webhook.key) if request.method == "POST" else ""
        return self._page(request, webhook, "signing_key", _("Signing key"), key=key)

    def _webhook(self, request: HttpRequest, object_id: int) -> Webhook:
        webhook: Webhook | None = self.get_object(request, str(object_id))
        if webhook is None:
            raise Http404
        return webhook

    def _page(
        self, request: HttpRequest, webhook: Webhook, name: str, title: str, **extra: Any
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": f"{webhook.name}: {title}",
            "heading": title,
            "webhook": webhook,
            "opts": self.opts,
            "original": webhook,
            **extra,
        }
        response = TemplateResponse(request, f"admin/tickets/webhook/{name}.html", context)
        response["Cache-Control"] = "no-store"
        return response
