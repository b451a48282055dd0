"""Brands and teams."""

from __future__ import annotations

from zoneinfo import available_timezones

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminColorInputWidget, UnfoldAdminTextareaWidget

from accounts.models import Brand, Team
from accounts.web.step_up import AsksAgain
from helpdesk.lib.admin import ConfigAdmin, LinesField, NeverDeleted


class BrandForm(forms.ModelForm):  # type: ignore[type-arg]
    social = LinesField(
        ["name", "account"],
        label=capfirst(gettext_lazy("social accounts")),
        help_text=gettext_lazy("A line for each, such as: WeChat | btp-wallet"),
    )

    class Meta:
        model = Brand
        fields = (
            *("slug", "name_zh", "name_en", "accent", "host", "email", "hotline", "hours_zh", "hours_en"),
            *("promise_zh", "promise_en", "mail_signature_zh", "mail_signature_en", "copies_to_participants"),
            *("social", "language", "time_zone", "country", "is_active", "position"),
        )
        widgets = {
            "accent": UnfoldAdminColorInputWidget(),
            "mail_signature_zh": UnfoldAdminTextareaWidget({"rows": 4}),
            "mail_signature_en": UnfoldAdminTextareaWidget({"rows": 4}),
        }

    def clean_time_zone(self) -> str:
        name = str(self.cleaned_data["time_zone"])
        if name not in available_timezones():
            raise forms.ValidationError(_("No such time zone: %s") % name)
        return name


@admin.register(Brand)
class BrandAdmin(AsksAgain, NeverDeleted, ConfigAdmin):
    form = BrandForm
    list_display = ("slug", "name_zh", "name_en", "email", "hotline", "is_active", "position")
    list_filter = ("is_active",)
    search_fields = ("slug", "name_zh", "name_en")
    fieldsets = (
        (None, {"fields": (("name_zh", "name_en"), ("slug", "host"), ("accent", "position"), "is_active")}),
        (gettext_lazy("Ways in"), {"fields": (("email", "hotline"), ("hours_zh", "hours_en"), "social")}),
        (
            gettext_lazy("Mail"),
            {"fields": (("mail_signature_zh", "mail_signature_en"), "copies_to_participants")},
        ),
        (
            gettext_lazy("Promises"),
            {"fields": (("promise_zh", "promise_en"), ("language", "time_zone"), "country")},
        ),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Brand | None = None) -> tuple[str, ...]:
        return ("slug",) if obj else ()  # it stands in addresses that were mailed


@admin.register(Team)
class TeamAdmin(AsksAgain, NeverDeleted, ConfigAdmin):
    list_display = ("slug", "name_zh", "name_en", "assignment", "people", "is_active")
    list_filter = ("is_active", "assignment")
    search_fields = ("slug", "name_zh", "name_en")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Team]:
        rows: QuerySet[Team] = super().get_queryset(request)
        return rows.annotate(people_count=Count("members"))

    def get_readonly_fields(self, request: HttpRequest, obj: Team | None = None) -> tuple[str, ...]:
        return ("slug",) if obj else ()

    @admin.display(description=gettext_lazy("people"), ordering="people_count")
    def people(self, team: Team) -> int:
        return int(team.people_count)  # type: ignore[attr-defined]
