"""Working hours and the days that differ."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import TimeField
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelect2Widget

from helpdesk.lib.admin import ClockInput, ConfigAdmin, LinesInline
from helpdesk.lib.localized import suffix
from tickets.models import Calendar, CalendarException, CalendarHours
from tickets.rules.opening_hours import clash_in_days, clash_in_week
from tickets.rules.public_holidays import countries, regions

CLOCKS: dict[Any, dict[str, Any]] = {TimeField: {"widget": ClockInput}}


class CalendarForm(forms.ModelForm):  # type: ignore[type-arg]
    """Countries are chosen from those whose holidays are known; a region must be one of the country's."""

    class Meta:
        model = Calendar
        fields = (
            "name", "brand", "team", "time_zone", "always_open", "holiday_country", "holiday_region",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "holiday_country" in self.fields:  # who may only look has no fields
            self.fields["holiday_country"] = forms.ChoiceField(
                label=self.fields["holiday_country"].label,
                required=False,
                choices=country_choices,
                widget=UnfoldAdminSelect2Widget,
                help_text=_(
                    "Closed on the public holidays of this country, and open on its make-up working days at the "
                    "hours of the nearest weekday. Empty: only the exceptions entered below."
                ),
            )

    def clean(self) -> dict[str, Any] | None:
        said = super().clean() or self.cleaned_data
        if said.get("team") and said.get("brand"):
            self.add_error(
                "team", _("A calendar is a team’s or a brand’s, not both. Leave one of them empty.")
            )
        if "holiday_country" in said:
            self._check_region(said["holiday_country"], said.get("holiday_region") or "")
        return said

    def _check_region(self, country: str, region: str) -> None:
        if not region:
            return
        if not country:
            self.add_error("holiday_country", _("Choose the country of the region."))
            return
        known = regions(country)
        if not known:
            self.add_error("holiday_region", _("This country has no regions with holidays of their own."))
        elif region not in known:
            text = _("No such region. Known are: %(regions)s.") % {"regions": ", ".join(known)}
            self.add_error("holiday_region", text)


def country_choices() -> list[tuple[str, str]]:
    """In the order of their names as the reader reads them; Chinese ones, by their codes."""
    chinese = suffix() == "zh"
    named = [(code, zh if chinese else en) for code, (zh, en) in countries()]
    if not chinese:
        named.sort(key=lambda choice: choice[1])
    return [("", "–"), *((code, f"{name} ({code})") for code, name in named)]


class PartFormSet(forms.BaseInlineFormSet):  # type: ignore[type-arg]
    def rows(self) -> list[Any]:
        """The forms that will stay, filled in and right so far."""
        return [form for form in self.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]

    def complain(self, form: Any, text: str) -> None:
        form.add_error("opens", text)
        raise forms.ValidationError(text)


class HoursFormSet(PartFormSet):
    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        rows = self.rows()
        if not rows and not self.instance.always_open:
            raise forms.ValidationError(
                _("Without working hours nothing would ever fall due. Add some, or choose “day and night”.")
            )
        found = clash_in_week(
            [tuple(form.cleaned_data[name] for name in ("weekday", "opens", "closes")) for form in rows]
        )
        if found:
            first, second = (rows[place].instance for place in found)
            self.complain(
                rows[found[1]], _("%(second)s overlaps %(first)s.") % {"first": first, "second": second}
            )


class ExceptionsFormSet(PartFormSet):
    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        rows = self.rows()
        found = clash_in_days(
            [tuple(form.cleaned_data[name] for name in ("date", "opens", "closes")) for form in rows]
        )
        if found:
            first, second = (rows[place].instance for place in found)
            self.complain(
                rows[found[1]], _("%(second)s contradicts %(first)s.") % {"first": first, "second": second}
            )


class HoursInline(LinesInline):
    formfield_overrides = CLOCKS
    model = CalendarHours
    formset = HoursFormSet
    extra = 0
    verbose_name_plural = gettext_lazy("working hours (closing before opening: past midnight)")


class ExceptionInline(LinesInline):
    formfield_overrides = CLOCKS
    model = CalendarException
    formset = ExceptionsFormSet
    extra = 0
    fields = ("date", "reason", "opens", "closes")


@admin.register(Calendar)
class CalendarAdmin(ConfigAdmin):
    form = CalendarForm
    list_display = (
        "name", "brand", "team", "time_zone", "always_open", "holiday_country", "year_page", "changed_at",
    )  # fmt: skip
    list_select_related = ("brand", "team")
    search_fields = ("name",)
    inlines = (HoursInline, ExceptionInline)
    fields = (
        "name",
        ("brand", "team"),
        ("time_zone", "always_open"),
        ("holiday_country", "holiday_region"),
        "year_page",
    )
    readonly_fields = ("year_page",)

    @admin.display(description=gettext_lazy("days"))
    def year_page(self, calendar: Calendar) -> str:
        if calendar.pk is None:
            return "–"
        address = reverse("workspace:calendar", args=[calendar.pk])
        return format_html('<a class="text-link" href="{}">{}</a>', address, _("the year at a glance"))

    def has_delete_permission(self, request: HttpRequest, obj: Calendar | None = None) -> bool:
        """A brand always keeps its hours: without them no ticket could be opened."""
        return (obj is None or obj.brand_id is None) and super().has_delete_permission(request, obj)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {
            name: rest for name, rest in super().get_actions(request).items() if name != "delete_selected"
        }
