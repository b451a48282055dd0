"""What must not be said to customers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextareaWidget

from accounts.web.step_up import AsksAgain
from helpdesk.lib.admin import ConfigAdmin
from tickets.admin.secret_texts import RefusesSecrets
from tickets.models import ForbiddenPhrase
from tickets.queries.forbidden_phrases import forget
from tickets.rules.forbidden_phrases import MOST_LINES, NotAPhrase, checked


class ForbiddenPhraseForm(RefusesSecrets, forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = ForbiddenPhrase
        fields = ("words", "reason_zh", "reason_en", "brand", "language", "may_send_anyway", "is_active")
        widgets = {"words": UnfoldAdminTextareaWidget(attrs={"rows": 8})}

    def clean_words(self) -> str:
        """A line that nearly every text holds would stop every reply."""
        try:
            return "\n".join(checked(self.cleaned_data["words"]))
        except NotAPhrase as problem:
            raise forms.ValidationError(
                _(
                    "“%(line)s” is too short or too long: write at least two characters between the *, at most 200."
                )
                % {"line": problem.line[:60]}
                if problem.line
                else _("Write between one and %(most)s phrases.") % {"most": MOST_LINES}
            ) from problem


@admin.register(ForbiddenPhrase)
class ForbiddenPhraseAdmin(AsksAgain, ConfigAdmin):
    form = ForbiddenPhraseForm
    list_display = ("__str__", "reason", "brand", "language", "may_send_anyway", "is_active")
    list_select_related: Any = ("brand",)
    list_filter = ("is_active", "may_send_anyway", "brand", "language")
    search_fields = ("words", "reason_zh", "reason_en")
    list_before_template = "admin/tickets/forbiddenphrase/try.html"
    fields = ("words", "reason_zh", "reason_en", ("brand", "language"), ("may_send_anyway", "is_active"))

    @admin.display(description=gettext_lazy("why"))
    def reason(self, row: ForbiddenPhrase) -> str:
        return row.reason

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        transaction.on_commit(forget)

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        super().delete_model(request, obj)
        transaction.on_commit(forget)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        super().delete_queryset(request, queryset)
        transaction.on_commit(forget)
