"""The category tree and the questions of its forms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Case, F, OrderBy, Value, When
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import StackedInline
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminTextareaWidget

from accounts.rules.skills import clean_skill
from helpdesk.lib.admin import ConfigAdmin, LinesField, NeverDeleted
from tickets.choices import FieldKind
from tickets.models import Category, CategoryField

LEVELS = 3


class QuestionForm(forms.ModelForm):  # type: ignore[type-arg]
    options = LinesField(
        ["value", "zh", "en"],
        plain=True,
        label=capfirst(gettext_lazy("options")),
        help_text=gettext_lazy(
            "A line for each. Of a list: bank_card | 银行卡 | Bank card. Of an amount: a currency such as CNY."
        ),
    )

    class Meta:
        model = CategoryField
        fields = (
            *("key", "kind", "required", "label_zh", "label_en", "help_zh", "help_en"),
            *("options", "pattern", "max_length", "position"),
        )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("kind") == FieldKind.CHOICE and any(
            isinstance(entry, str) for entry in said.get("options", [])
        ):
            self.add_error("options", _("An option of a list has a value and a name in both languages."))
        if said.get("kind") == FieldKind.AMOUNT and any(
            isinstance(entry, dict) for entry in said.get("options", [])
        ):
            self.add_error("options", _("An amount lists its currencies, a line for each."))
        return said


class QuestionInline(StackedInline):  # type: ignore[misc]
    model = CategoryField
    form = QuestionForm
    extra = 0
    collapsible = True
    ordering_field = "position"
    fields = (
        ("key", "kind", "required"),
        ("label_zh", "label_en"),
        ("help_zh", "help_en"),
        "options",
        ("pattern", "max_length", "position"),
    )


class CategoryForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Category
        fields = (
            *("parent", "slug", "name_zh", "name_en", "hint_zh", "hint_en", "have_ready_zh", "have_ready_en"),
            *("icon", "brands", "team", "priority", "is_emergency", "is_complaint", "is_active", "position"),
            "skill",
        )
        widgets = {
            "brands": UnfoldAdminCheckboxSelectMultipleWidget(),
            "have_ready_zh": UnfoldAdminTextareaWidget(attrs={"rows": 4}),
            "have_ready_en": UnfoldAdminTextareaWidget(attrs={"rows": 4}),
        }

    def clean_skill(self) -> str:
        return clean_skill(self.cleaned_data["skill"])

    def clean_parent(self) -> Category | None:
        parent: Category | None = self.cleaned_data["parent"]
        if parent is not None and len(list(parent.lineage())) >= LEVELS:
            raise forms.ValidationError(
                _("%(count)s levels are as deep as a form should ask.") % {"count": LEVELS}
            )
        return parent


def _level(deepest: str, middle: str | None, top: str | None) -> OrderBy:
    """What a row of each depth shows at one level of the path from the root to it; nothing comes first."""
    value = Case(
        When(parent__parent__isnull=False, then=F(deepest)),
        When(parent__isnull=False, then=F(middle) if middle else Value(None)),
        default=F(top) if top else Value(None),
    )
    return value.asc(nulls_first=True)


#: Each below its parent, by position and then slug: the path of both, from the root down.
TREE_ORDER = (
    _level("parent__parent__position", "parent__position", "position"),
    _level("parent__parent__slug", "parent__slug", "slug"),
    _level("parent__position", "position", None),
    _level("parent__slug", "slug", None),
    _level("position", None, None),
    _level("slug", None, None),
)


@admin.register(Category)
class CategoryAdmin(NeverDeleted, ConfigAdmin):
    """Listed as the tree it is. Tickets and articles name a category by its slug: it is switched off, not deleted."""

    form = CategoryForm
    inlines = (QuestionInline,)
    list_display = ("in_tree", "slug", "team", "priority", "is_emergency", "is_complaint", "is_active")
    sortable_by = ()  # the tree is the order
    list_display_links = ("in_tree",)
    list_select_related = ("parent__parent", "team")
    list_filter = ("is_active", "brands", "team")
    search_fields = ("slug", "name_zh", "name_en")
    choices_need = {"parent": ("parent__parent",)}
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("name_zh", "name_en"),
                    ("slug", "parent"),
                    ("hint_zh", "hint_en"),
                    ("icon", "position"),
                )
            },
        ),
        (
            gettext_lazy("Where such a case goes"),
            {
                "fields": (("team", "priority"), ("skill", "is_complaint")),
                "description": gettext_lazy("What stays empty is taken from the category above."),
            },
        ),
        (
            gettext_lazy("On the portal"),
            {"fields": (("have_ready_zh", "have_ready_en"), "brands", ("is_emergency", "is_active"))},
        ),
    )

    def get_ordering(self, request: HttpRequest) -> list[OrderBy]:
        return list(TREE_ORDER)

    def get_readonly_fields(self, request: HttpRequest, obj: Category | None = None) -> tuple[str, ...]:
        return ("slug",) if obj else ()

    @admin.display(description=gettext_lazy("category"))
    def in_tree(self, category: Category) -> str:
        depth = len(list(category.lineage())) - 1
        return format_html("{}{}", "\u2003" * depth + ("└ " if depth else ""), category.name)
