"""Working hours and the days that differ."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import TimeField
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import TabularInline

from helpdesk.lib.admin import ClockInput, ConfigAdmin
from tickets.models import Calendar, CalendarException, CalendarHours
from tickets.rules.opening_hours import clash_in_days, clash_in_week

CLOCKS: dict[Any, dict[str, Any]] = {TimeField: {"widget": ClockInput}}


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


class HoursInline(TabularInline):  # type: ignore[misc]
    formfield_overrides = CLOCKS
    model = CalendarHours
    formset = HoursFormSet
    extra = 0
    verbose_name_plural = gettext_lazy("working hours (closing before opening: past midnight)")


class ExceptionInline(TabularInline):  # type: ignore[misc]
    formfield_overrides = CLOCKS
    model = CalendarException
    formset = ExceptionsFormSet
    extra = 0
    fields = ("date", "reason", "opens", "closes")


@admin.register(Calendar)
class CalendarAdmin(ConfigAdmin):
    list_display = ("name", "brand", "time_zone", "always_open", "changed_at")
    list_select_related = ("brand",)
    search_fields = ("name",)
    inlines = (HoursInline, ExceptionInline)
    fields = (("name", "brand"), ("time_zone", "always_open"))

    def has_delete_permission(self, request: HttpRequest, obj: Calendar | None = None) -> bool:
        """A brand always keeps its hours: without them no ticket could be opened."""
        return (obj is None or obj.brand_id is None) and super().has_delete_permission(request, obj)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {
            name: rest for name, rest in super().get_actions(request).items() if name != "delete_selected"
        }
