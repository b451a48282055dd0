"""Mail: the addresses that receive it, who is blocked or allowed, which addresses refuse ours, who asked us to wait."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.decorators import action

from accounts.models import User
from accounts.queries.texts import without_contacts
from accounts.web.step_up import AsksAgain
from helpdesk.lib.admin import ConfigAdmin, NeverDeleted, ReadOnly
from tickets import actors
from tickets.actions import bounces, destinations, mailboxes, sender_rules
from tickets.actors import Actor
from tickets.admin.mail_forms import MailboxForm, SenderRuleForm
from tickets.channels.email.ways.imap.connection import Trouble, opened
from tickets.choices import Fetching
from tickets.models import DeadAddress, Mailbox, MailDestination, SenderRule
from tickets.rules.fetch_troubles import told
from tickets.rules.sender_rules import shown

#: With one of these changed it is another folder on another server.
PLACE = frozenset({"fetching", "host", "port", "username", "folder"})


@admin.register(Mailbox)
class MailboxAdmin(AsksAgain, NeverDeleted, ConfigAdmin):
    form = MailboxForm
    list_display = ("address", "brand", "fetching", "looked_at", "last_error", "is_active")
    list_filter = ("brand", "fetching", "is_active")
    search_fields = ("address", "host", "username")
    list_select_related = ("brand",)
    fieldsets = (
        (None, {"fields": ("brand", "address", "takes_tags", "authserv_id", "fetching", "is_active")}),
        (
            gettext_lazy("Where it is fetched from (IMAP)"),
            {
                "fields": (
                    "host",
                    ("port", "tls"),
                    "username",
                    "password",
                    "folder",
                    "done_folder",
                    "from_beginning",
                )
            },
        ),
    )

    actions_detail = ("try_log_in",)

    @action(description=gettext_lazy("Try the log-in"), permissions=["change"])  # type: ignore[untyped-decorator]
    def try_log_in(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Asking shows where it would go; trying logs in, opens the folder, and changes nothing there."""
        mailbox: Mailbox | None = self.get_object(request, str(object_id))
        if mailbox is None:
            raise Http404
        is_fetched = mailbox.fetching == Fetching.IMAP
        tried = request.method == "POST" and is_fetched
        title = _("Try the log-in")
        context = {
            **self.admin_site.each_context(request),
            "title": f"{mailbox}: {title}",
            "heading": title,
            "mailbox": mailbox,
            "opts": self.opts,
            "original": mailbox,
            "is_fetched": is_fetched,
            "tried": tried,
            "trouble": _trouble(mailbox) if tried else "",
        }
        response = TemplateResponse(request, "admin/tickets/mailbox/try_log_in.html", context)
        response["Cache-Control"] = "no-store"
        return response

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if isinstance(obj, Mailbox) and PLACE & set(form.changed_data):
            mailboxes.read_from_anew(obj)


@admin.register(SenderRule)
class SenderRuleAdmin(AsksAgain, ConfigAdmin):
    form = SenderRuleForm
    list_display = ("shown", "verdict", "brand", "note", "created_by", "created_at")
    list_filter = ("verdict", "brand")
    search_fields = ("pattern", "note")
    list_select_related = ("brand",)
    fields = ("pattern", "verdict", "brand", "note")

    @admin.display(description=gettext_lazy("address or domain"), ordering="pattern")
    def shown(self, rule: SenderRule) -> str:
        return shown(rule.pattern)

    def save_model(self, request: HttpRequest, obj: Model, form: ModelForm[Any], change: bool) -> None:
        assert isinstance(obj, SenderRule)
        sender_rules.sign(obj, by=actor(request))
        super().save_model(request, obj, form, change)


@admin.register(DeadAddress)
class DeadAddressAdmin(ReadOnly, ConfigAdmin):
    """Written to again once somebody says so: the customer has mended their mailbox, say."""

    list_display = ("email", "reason", "since")
    search_fields = ("=email", "reason_said")
    search_help_text = gettext_lazy("Whole address, or part of the reason")
    fields = ("email", "reason", "since", "mail")
    readonly_fields = fields
    actions = ("clear",)
    actions_detail = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[DeadAddress]:
        rows: QuerySet[DeadAddress] = super().get_queryset(request)
        return rows.alias(reason_said=without_contacts("reason"))

    def has_clear_permission(self, request: HttpRequest, object_id: object = None) -> bool:
        return request.user.has_perm("tickets.change_deadaddress")

    @admin.action(description=gettext_lazy("Write to them again"), permissions=["clear"])
    def clear(self, request: HttpRequest, queryset: QuerySet[DeadAddress]) -> None:
        rows = list(queryset)
        for row in rows:
            bounces.clear(row.email, by=actor(request))
        told = ngettext(
            "%(count)s address is written to again.", "%(count)s addresses are written to again.", len(rows)
        )
        messages.success(request, told % {"count": len(rows)})


@admin.register(MailDestination)
class MailDestinationAdmin(ReadOnly, ConfigAdmin):
    list_display = ("domain", "paused_until", "next_at", "last_answer")
    search_fields = ("domain", "last_answer")
    fields = ("domain", "paused_until", "next_at", "last_answer")
    readonly_fields = fields
    actions = ("go_on",)

    def has_go_on_permission(self, request: HttpRequest, object_id: object = None) -> bool:
        return request.user.has_perm("tickets.change_maildestination")

    @admin.action(description=gettext_lazy("Go on now"), permissions=["go_on"])
    def go_on(self, request: HttpRequest, queryset: QuerySet[MailDestination]) -> None:
        for row in queryset:
            destinations.go_on(row, by=actor(request))
        messages.success(request, _("Mail to them leaves again."))


def _trouble(mailbox: Mailbox) -> str:
    """What keeps us from the mailbox, in the reader's language; empty where nothing does."""
    try:
        with opened(mailbox):
            return ""
    except Trouble as trouble:
        return told(str(trouble))


def actor(request: HttpRequest) -> Actor:
    assert isinstance(request.user, User)
    return actors.staff(request.user)
