"""What agents do again and again with one key."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from helpdesk.lib.admin import ConfigAdmin
from tickets.admin.macro_forms import MacroForm
from tickets.choices import Status
from tickets.models import Macro
from tickets.queries import pickers
from tickets.queries.macro_preview import previews
from tickets.queries.macro_use import uses
from tickets.queries.macro_words import changes_in_words


class MacroList(ChangeList):
    """What each changes, and how often it is used, is read for the whole page at once."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        choices, used = pickers.load(), uses()
        for row in self.result_list:
            row.changed = changes_in_words(row, choices)
            row.used = used.get(row.pk)


@admin.register(Macro)
class MacroAdmin(ConfigAdmin):
    form = MacroForm
    list_display = ("name_zh", "name_en", "for_which", "does", "use", "is_active", "position")
    list_select_related: Any = ("brand", "category__parent", "team")
    list_filter = ("is_active", "brand", "team")
    search_fields = ("name_zh", "name_en", "body_zh", "body_en")
    choices_need = {"category": ("parent__parent",), "set_category": ("parent__parent",)}
    compressed_fields = False
    change_form_outer_after_template = "admin/tickets/macro/preview.html"
    fieldsets = (
        (None, {"fields": (("name_zh", "name_en"), ("is_active", "position"))}),
        (
            gettext_lazy("For which cases, and for whom"),
            {"fields": (("brand", "category"), ("team", "channel"), "statuses")},
        ),
        (gettext_lazy("What it says"), {"fields": ("body_zh", "body_en", "is_note")}),
        (
            gettext_lazy("What it changes"),
            {
                "fields": (
                    ("set_status", "set_priority"),
                    ("set_category", "set_team"),
                    "set_assignee",
                    ("add_tags", "remove_tags"),
                )
            },
        ),
    )

    class Media:
        css = {"all": ("css/policy-form.css",)}

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return MacroList

    @admin.display(description=gettext_lazy("for which cases"))
    def for_which(self, macro: Macro) -> str:
        statuses = _(", ").join(str(Status(one).label) for one in macro.statuses)
        parts = [macro.brand, macro.category, macro.team, macro.get_channel_display(), statuses]
        return " · ".join(str(part) for part in parts if part) or _("every case")

    @admin.display(description=gettext_lazy("what it does"))
    def does(self, macro: Any) -> str:
        says = _("note") if macro.is_note else _("reply")
        return " · ".join([*([says] if macro.has_text else []), *macro.changed])

    @admin.display(description=gettext_lazy("used in 30 days"))
    def use(self, macro: Any) -> str:
        if macro.used is None:
            return "—"
        words = ngettext("%(count)s time, last %(day)s", "%(count)s times, last %(day)s", macro.used.count)
        day = date_format(localtime(macro.used.last), "SHORT_DATE_FORMAT")
        return words % {"count": macro.used.count, "day": day}

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, obj: Macro | None = None, **kwargs: Any
    ) -> Any:
        if obj is not None and isinstance(request.user, User):
            asked = request.GET.get("ticket", "")
            context |= {"previews": previews(obj, request.user, asked), "asked": asked}
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)
