"""The form of a macro: for which cases it is, what it says, what it changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from accounts.models import Team
from helpdesk.lib.errors import Invalid
from tickets.actions.tickets import clean_tags
from tickets.admin.secret_texts import RefusesSecrets
from tickets.choices import AssigneeAct, Status
from tickets.models import Category, Macro
from tickets.rules.macros import SETTABLE, known_blanks, unknown_blanks


class TagsField(forms.CharField):
    """A list of tags, typed with blanks or commas between them."""

    def __init__(self, *, name: str, help_text: Any) -> None:
        label = capfirst(Macro._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
        super().__init__(
            required=False, label=label, help_text=help_text, widget=UnfoldAdminTextInputWidget()
        )

    def prepare_value(self, value: Any) -> Any:
        return " ".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        text = str(value or "").replace(",", " ").replace("，", " ").replace("、", " ")
        try:
            return clean_tags(text.split())
        except Invalid as problem:
            raise ValidationError([str(said) for said in problem.fields.values()]) from problem

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


_BETWEEN = gettext_lazy("Several with blanks between them.")


class MacroForm(RefusesSecrets, forms.ModelForm):  # type: ignore[type-arg]
    statuses = forms.MultipleChoiceField(
        choices=Status.choices,
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
        label=capfirst(gettext_lazy("for cases that are")),
        help_text=gettext_lazy("Empty: any."),
    )
    set_status = forms.ChoiceField(
        choices=[("", "---------"), *((status.value, status.label) for status in SETTABLE)],
        required=False,
        widget=UnfoldAdminSelectWidget(),
        label=capfirst(gettext_lazy("sets the status")),
    )
    add_tags = TagsField(name="add_tags", help_text=_BETWEEN)
    remove_tags = TagsField(name="remove_tags", help_text=_BETWEEN)

    class Meta:
        model = Macro
        fields = (
            *("name_zh", "name_en", "is_active", "position"),
            *("brand", "category", "team", "channel", "statuses"),
            *("body_zh", "body_en", "is_note"),
            *("set_status", "set_priority", "set_category", "set_team", "set_assignee"),
            *("add_tags", "remove_tags"),
        )
        widgets = {
            "body_zh": UnfoldAdminTextareaWidget(attrs={"rows": 8, "lang": "zh-hans"}),
            "body_en": UnfoldAdminTextareaWidget(attrs={"rows": 8, "lang": "en"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "body_zh" in self.fields:  # who only looks gets no fields
            words = _("Filled in for each case: %(blanks)s. {customer|there} says what to write instead.")
            self.fields["body_zh"].help_text = words % {"blanks": known_blanks()}
            teams: Any = self.fields["set_team"]
            teams.queryset = Team.objects.filter(is_active=True)

    def _checked(self, name: str) -> str:
        """A misspelt blank would reach the customer as it is."""
        text = str(self.cleaned_data[name])
        unknown = unknown_blanks(text)
        if unknown:
            words = _("{%(word)s} is not known and would stay as it is. There are: %(known)s.")
            raise ValidationError(words % {"word": unknown[0], "known": known_blanks()})
        return text

    def clean_body_zh(self) -> str:
        return self._checked("body_zh")

    def clean_body_en(self) -> str:
        return self._checked("body_en")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if self.errors:
            return said
        self._refuse_half_a_text(said)
        self._refuse_what_cannot_be(said)
        if not said["body_zh"] and not said["body_en"] and not _changes(said):
            raise ValidationError(_("A macro says something or changes something: this one does neither."))
        return said

    def _refuse_half_a_text(self, said: dict[str, Any]) -> None:
        """Else customers would be written to in a language that is not theirs. Colleagues read both."""
        for name, other in (("body_zh", "body_en"), ("body_en", "body_zh")):
            if said[other] and not said[name] and not said["is_note"]:
                self.add_error(name, _("Customers of both languages get it: write it in both."))

    def _refuse_what_cannot_be(self, said: dict[str, Any]) -> None:
        if said["set_status"] == Status.CLOSED and list(said["statuses"]) != [Status.SOLVED]:
            self.add_error(
                "set_status", _("Only a solved case is closed: let the macro be for solved cases alone.")
            )
        both = sorted({*said["add_tags"]} & {*said["remove_tags"]})
        if both:
            self.add_error("remove_tags", _("It adds %(tag)s too.") % {"tag": both[0]})
        if not _is_offered(said["set_category"], said["brand"]):
            self.add_error("set_category", _("This brand has no such category."))


def _changes(said: dict[str, Any]) -> bool:
    names: Sequence[str] = (
        "set_status",
        "set_priority",
        "set_category",
        "set_team",
        "add_tags",
        "remove_tags",
    )
    return any(said[name] for name in names) or said["set_assignee"] != AssigneeAct.KEEP


def _is_offered(category: Category | None, brand: Any) -> bool:
    if category is None or brand is None:
        return True
    brands = set(category.brands.values_list("pk", flat=True))
    return not brands or brand.pk in brands
