"""What left, what waits, what could not be delivered: mail and calls of webhooks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.decorators import action, display

from helpdesk.lib.admin import ConfigAdmin, ReadOnly
from helpdesk.lib.outgoing import Trouble
from tickets import actors
from tickets.actions import calls, outbox
from tickets.choices import MailState
from tickets.delivery.webhooks import SWITCHED_OFF
from tickets.models import OutboxCall, OutboxMail

_COLOURS = {
    MailState.QUEUED.value: "info",
    MailState.SENDING.value: "info",
    MailState.SENT.value: "success",
    MailState.FAILED.value: "danger",
    MailState.BOUNCED.value: "danger",
}
_SHOWN = ("created_at", "to", "purpose", "brand", "ticket", "language", "attempts", "available_at", "sent_at")


class OutboxAdmin(ReadOnly, ConfigAdmin):
    """Looked at only; what was given up may be tried again once its cause is mended."""

    show_full_result_count = False
    actions = ("retry_all",)
    actions_detail = ("retry",)
    #: The verb behind "try again", and how many it took in words.
    retry_one: ClassVar[Callable[..., None]]

    def told(self, count: int) -> str:
        raise NotImplementedError

    @display(description=gettext_lazy("state"), label=_COLOURS)  # type: ignore[untyped-decorator]
    def state_label(self, row: Any) -> tuple[str, str]:
        return row.state, str(row.get_state_display())

    def has_retry_permission(self, request: HttpRequest, object_id: object = None) -> bool:
        return bool(request.user.has_perm(f"tickets.change_{self.opts.model_name}"))

    @action(description=gettext_lazy("Try again"), permissions=["retry"])  # type: ignore[untyped-decorator]
    def retry(self, request: HttpRequest, object_id: int) -> HttpResponse:
        self._retry(request, self.model._default_manager.filter(pk=object_id))
        return HttpResponseRedirect(reverse(f"admin:tickets_{self.opts.model_name}_change", args=[object_id]))

    @admin.action(description=gettext_lazy("Try again"), permissions=["retry"])
    def retry_all(self, request: HttpRequest, queryset: QuerySet[Model]) -> None:
        self._retry(request, queryset)

    def _retry(self, request: HttpRequest, rows: QuerySet[Model]) -> None:
        failed = list(rows.filter(state=MailState.FAILED))
        for row in failed:
            type(self).retry_one(row, by=actors.staff(request.user))  # type: ignore[arg-type]
        messages.success(request, self.told(len(failed)))


@admin.register(OutboxMail)
class OutboxMailAdmin(OutboxAdmin):
    """Its words are made when it is sent; ready-made ones may hold a link to set a password and are never shown."""

    list_display = ("created_at", "to", "purpose", "state_label", "attempts", "last_error", "sent_at")
    list_filter = ("state", "purpose", "brand")
    search_help_text = gettext_lazy("Whole address, Message-ID or ticket number")
    search_fields = ("=to", "internet_message_id", "ticket__number")
    list_select_related = ("brand",)
    fields = (*_SHOWN, "state", "internet_message_id", "last_error")
    readonly_fields = fields
    retry_one = outbox.retry

    def told(self, count: int) -> str:
        words = ngettext("%(count)s mail will be tried again.", "%(count)s mails will be tried again.", count)
        return words % {"count": count}


@admin.register(OutboxCall)
class OutboxCallAdmin(OutboxAdmin):
    list_display = ("created_at", "webhook", "about", "state_label", "attempts", "answer", "sent_at")
    list_filter = ("state", "webhook")
    search_fields = ("cause", "ticket__number", "webhook__name")
    list_select_related = ("webhook",)
    fields = (
        *(
            "created_at",
            "webhook",
            "ticket",
            "about",
            "payload",
            "state",
            "attempts",
            "available_at",
            "sent_at",
        ),
        "answer",
    )
    readonly_fields = fields
    retry_one = calls.retry

    def told(self, count: int) -> str:
        words = ngettext("%(count)s call will be tried again.", "%(count)s calls will be tried again.", count)
        return words % {"count": count}

    @admin.display(description=gettext_lazy("cause"), ordering="cause")
    def about(self, call: OutboxCall) -> str:
        return call.cause

    @admin.display(description=gettext_lazy("last answer"))
    def answer(self, call: OutboxCall) -> str:
        return in_words(call.last_error) or (f"HTTP {call.last_status}" if call.last_status else "—")


def in_words(error: str) -> str:
    """What is kept of a call that did not come through, for people: the trouble in their language, then the detail."""
    name, _colon, detail = error.partition(": ")
    if name == SWITCHED_OFF:
        return _("The webhook is switched off.")
    if name not in Trouble.values:
        return error
    return f"{Trouble(name).label} ({detail})" if detail else str(Trouble(name).label)
