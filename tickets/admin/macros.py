"""Texts that agents use again and again."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext as _
from unfold.widgets import UnfoldAdminTextareaWidget

from helpdesk.lib.admin import ConfigAdmin
from tickets.models import Macro
from tickets.rules.macros import BLANKS

_WORD_IN_BRACES = re.compile(r"\{(\w+)\}")


class MacroForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Macro
        fields = ("name_zh", "name_en", "body_zh", "body_en", "brand", "category", "is_active", "position")
        widgets = {
            "body_zh": UnfoldAdminTextareaWidget(attrs={"rows": 8}),
            "body_en": UnfoldAdminTextareaWidget(attrs={"rows": 8}),
        }

    def _checked(self, name: str) -> str:
        """A misspelt blank would reach the customer as it is."""
        text = str(self.cleaned_data[name])
        unknown = [word for word in _WORD_IN_BRACES.findall(text) if word not in BLANKS]
        if unknown:
            known = " ".join(f"{{{blank}}}" for blank in BLANKS)
            words = _("{%(word)s} is not known and would stay as it is. There are: %(known)s.")
            raise forms.ValidationError(words % {"word": unknown[0], "known": known})
        return text

    def clean_body_zh(self) -> str:
        return self._checked("body_zh")

    def clean_body_en(self) -> str:
        return self._checked("body_en")


@admin.register(Macro)
class MacroAdmin(ConfigAdmin):
    form = MacroForm
    list_display = ("name_zh", "name_en", "brand", "category", "is_active", "position")
    list_select_related: Any = ("brand", "category__parent")
    list_filter = ("is_active", "brand")
    search_fields = ("name_zh", "name_en", "body_zh", "body_en")
    choices_need = {"category": ("parent__parent",)}
    fields = (("name_zh", "name_en"), "body_zh", "body_en", ("brand", "category"), ("is_active", "position"))
