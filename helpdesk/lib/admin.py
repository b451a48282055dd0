"""Parts of configuration pages that know nothing of what they configure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import ForeignKey, Model
from django.db.models.constants import LOOKUP_SEP
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.widgets import INPUT_CLASSES, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from helpdesk.lib.spans import minutes_of, span_of


class ConfigAdmin(ModelAdmin):  # type: ignore[misc]
    """A page of configuration. Pick lists load what their words need: one query, however many lines."""

    warn_unsaved_form = True
    list_filter_submit = True
    #: Foreign key to the relations that its choices' words read.
    choices_need: dict[str, tuple[str, ...]] = {}

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        related = self.choices_need.get(db_field.name)
        if related:
            kwargs["queryset"] = db_field.remote_field.model._default_manager.select_related(*related)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Only what its filters ask. Django would answer ``?email__startswith=`` for each column, masked or not."""
        entries = self.get_list_filter(request) if request is not None else self.list_filter
        asked = any(f"{lookup}{LOOKUP_SEP}".startswith(f"{_asks(entry)}{LOOKUP_SEP}") for entry in entries)
        return asked and bool(super().lookup_allowed(lookup, value, request))

    def get_changelist_formset(self, request: HttpRequest, **kwargs: Any) -> Any:
        return name_fields(super().get_changelist_formset(request, **kwargs))


def _asks(entry: Any) -> str:
    """The name in the address of what a page is filtered by."""
    if isinstance(entry, str):
        return entry
    return str(entry[0] if isinstance(entry, list | tuple) else entry.parameter_name)


def name_fields(formset: Any) -> Any:
    """A table's fields have no labels that are seen: each says the name of its column to a screen reader."""
    for field in formset.form.base_fields.values():
        widget = getattr(field.widget, "widget", field.widget)  # a pick list stands within a wrapper
        if field.label:
            widget.attrs.setdefault("aria-label", capfirst(str(field.label)))
    return formset


class LinesInline(TabularInline):  # type: ignore[misc]
    """A table of lines."""

    def get_formset(self, request: HttpRequest, obj: Model | None = None, **kwargs: Any) -> Any:
        return name_fields(super().get_formset(request, obj, **kwargs))


class NeverDeleted:
    """Tickets and history name it: it is switched off instead."""

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ReadOnly(NeverDeleted):
    """To look at."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ClockInput(forms.TimeInput):
    """The browser's own field for a time of day. The admin's would warn that the reader's zone is not the server's,
    where hours are those of a calendar with a zone of its own."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(attrs={"class": " ".join(INPUT_CLASSES)}, format="%H:%M")


class LinesField(forms.CharField):
    """A JSON list as text: a line for each entry, its parts between bars.

    A line with one part is a plain string; one with all parts becomes an object with ``keys``.
    """

    def __init__(self, keys: Sequence[str], *, plain: bool = False, **kwargs: Any) -> None:
        self.keys, self.plain = tuple(keys), plain
        kwargs.setdefault("widget", UnfoldAdminTextareaWidget(attrs={"rows": 4}))
        super().__init__(**{"required": False, **kwargs})

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return "\n".join(
            " | ".join(str(entry.get(key, "")) for key in self.keys)
            if isinstance(entry, dict)
            else str(entry)
            for entry in value
        )

    def to_python(self, value: Any) -> Any:
        lines = str(value or "").splitlines()
        return [self._entry(number, line) for number, line in enumerate(lines, 1) if line.strip()]

    def _entry(self, number: int, line: str) -> Any:
        parts = [part.strip() for part in line.replace("｜", "|").split("|")]
        if self.plain and len(parts) == 1:
            return parts[0]
        if len(parts) != len(self.keys) or not all(parts):
            example = " | ".join(self.keys)
            raise ValidationError(
                _("Line %(number)s: write %(example)s.") % {"number": number, "example": example}
            )
        return dict(zip(self.keys, parts, strict=True))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), self.prepare_value(data))


class SpanField(forms.CharField):
    """Minutes, typed and shown as a length of time."""

    #: Ten years: longer is a slip of the finger.
    MOST = 10 * 365 * 24 * 60

    def __init__(self, *, least: int = 0, **kwargs: Any) -> None:
        self.least = least
        kwargs.setdefault("widget", UnfoldAdminTextInputWidget(attrs={"size": 10, "autocomplete": "off"}))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return span_of(value) if isinstance(value, int) else value

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        try:
            minutes = minutes_of(text)
        except ValueError as problem:
            raise ValidationError(_("Write a time such as 30m, 4h, 2h 30m, 15d or 8w.")) from problem
        if minutes < self.least:
            raise ValidationError(_("Write at least %(least)s.") % {"least": span_of(self.least)})
        if minutes > self.MOST:
            raise ValidationError(_("That is more than ten years."))
        return minutes

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != (initial if initial != "" else None))
        except ValidationError:
            return True
