"""Promises about time, and what happens when one is broken."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import TabularInline

from helpdesk.lib.admin import ConfigAdmin
from tickets.choices import Priority, TimerKind
from tickets.models import EscalationStep, SlaPolicy, SlaTarget


class TargetFormSet(forms.BaseInlineFormSet):  # type: ignore[type-arg]
    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        rows = [
            form.cleaned_data
            for form in self.forms
            if form.cleaned_data and not form.cleaned_data.get("DELETE")
        ]
        minutes = {(row["priority"], row["kind"]): row["minutes"] for row in rows}
        for priority in Priority:
            first, whole = (
                minutes.get((priority, TimerKind.FIRST_RESPONSE)),
                minutes.get((priority, TimerKind.RESOLUTION)),
            )
            if first is not None and whole is not None and first > whole:
                words = _("Priority %(priority)s: the first reply is promised for later than the solution.")
                raise forms.ValidationError(words % {"priority": priority.label})


class TargetInline(TabularInline):  # type: ignore[misc]
    model = SlaTarget
    formset = TargetFormSet
    extra = 0


class StepInline(TabularInline):  # type: ignore[misc]
    model = EscalationStep
    extra = 0


@admin.register(SlaPolicy)
class SlaPolicyAdmin(ConfigAdmin):
    list_display = ("name", "position", "calendar", "is_statutory", "is_active", "promises", "steps_count")
    list_select_related = ("calendar",)
    search_fields = ("name",)
    inlines = (TargetInline, StepInline)

    def get_queryset(self, request: HttpRequest) -> QuerySet[SlaPolicy]:
        rows: QuerySet[SlaPolicy] = super().get_queryset(request)
        return rows.annotate(
            target_count=Count("targets", distinct=True), step_count=Count("steps", distinct=True)
        )

    @admin.display(description=gettext_lazy("targets"))
    def promises(self, policy: SlaPolicy) -> int:
        return int(policy.target_count)  # type: ignore[attr-defined]

    @admin.display(description=gettext_lazy("escalation steps"))
    def steps_count(self, policy: SlaPolicy) -> int:
        return int(policy.step_count)  # type: ignore[attr-defined]
