"""What left, what waits, what could not be delivered."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext
from unfold.decorators import action, display

from helpdesk.lib.admin import ConfigAdmin, ReadOnly
from tickets import actors
from tickets.actions import outbox
from tickets.choices import MailState
from tickets.models import OutboxMail

_COLOURS = {
    MailState.QUEUED.value: "info",
    MailState.SENDING.value: "info",
    MailState.SENT.value: "success",
    MailState.FAILED.value: "danger",
}
_SHOWN = ("created_at", "to", "purpose", "brand", "ticket", "language", "attempts", "available_at", "sent_at")


@admin.register(OutboxMail)
class OutboxMailAdmin(ReadOnly, ConfigAdmin):
    """Its words are made when it is sent; ready-made ones may hold a link to set a password and are never shown."""

    list_display = ("created_at", "to", "purpose", "state_label", "attempts", "last_error", "sent_at")
    list_filter = ("state", "purpose", "brand")
    search_fields = ("to", "internet_message_id", "ticket__number")
    list_select_related = ("brand",)
    fields = (*_SHOWN, "state", "internet_message_id", "last_error")
    readonly_fields = fields
    show_full_result_count = False
    actions = ("retry_all",)
    actions_detail = ("retry",)

    @display(description=gettext_lazy("state"), label=_COLOURS)  # type: ignore[untyped-decorator]
    def state_label(self, mail: OutboxMail) -> tuple[str, str]:
        return mail.state, str(mail.get_state_display())

    def has_retry_permission(self, request: HttpRequest, object_id: object = None) -> bool:
        return bool(request.user.has_perm("tickets.change_outboxmail"))

    @action(description=gettext_lazy("Try again"), permissions=["retry"])  # type: ignore[untyped-decorator]
    def retry(self, request: HttpRequest, object_id: int) -> HttpResponse:
        self._retry(request, OutboxMail.objects.filter(pk=object_id))
        return HttpResponseRedirect(reverse("admin:tickets_outboxmail_change", args=[object_id]))

    @admin.action(description=gettext_lazy("Try again"), permissions=["retry"])
    def retry_all(self, request: HttpRequest, queryset: QuerySet[OutboxMail]) -> None:
        self._retry(request, queryset)

    def _retry(self, request: HttpRequest, mails: QuerySet[OutboxMail]) -> None:
        failed = list(mails.filter(state=MailState.FAILED))
        for mail in failed:
            outbox.retry(mail, by=actors.staff(request.user))  # type: ignore[arg-type]
        told = ngettext(
            "%(count)s mail will be tried again.", "%(count)s mails will be tried again.", len(failed)
        )
        messages.success(request, told % {"count": len(failed)})
