"""An imagined case, as rules see it; it stands in the address, so that it can be passed on."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.choices import Tier
from accounts.models import Brand
from tickets.choices import Channel, Priority
from tickets.models import Category
from tickets.queries import categories
from tickets.queries.routing import new_case
from tickets.rules.routing import NewCase, Settings

MAX_TEXT = 4_000


class CategoryChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return " › ".join(node.name for node in reversed([*obj.lineage()]))


class RoutingForm(forms.Form):
    brand = forms.ModelChoiceField(
        Brand.objects.all(), to_field_name="slug", empty_label=None, label=gettext_lazy("Brand")
    )
    category = CategoryChoice(
        Category.objects.none(),
        to_field_name="slug",
        required=False,
        empty_label=pgettext_lazy("choice", "none"),
        label=gettext_lazy("Category"),
    )
    channel = forms.ChoiceField(choices=Channel.choices, label=gettext_lazy("Way in"))
    language = forms.ChoiceField(choices=settings.LANGUAGES, label=gettext_lazy("Language"))
    tier = forms.ChoiceField(choices=Tier.choices, label=gettext_lazy("Customer tier"))
    priority = forms.ChoiceField(
        choices=[
            ("", pgettext_lazy("choice", "as the category says")),
            *((level.slug, level.label) for level in reversed(Priority)),
        ],
        required=False,
        label=gettext_lazy("Priority that somebody chose"),
    )
    sender = forms.CharField(required=False, max_length=254, label=gettext_lazy("Sender’s address"))
    subject = forms.CharField(required=False, max_length=200, label=gettext_lazy("Subject"))
    text = forms.CharField(
        required=False,
        max_length=MAX_TEXT,
        label=gettext_lazy("Text"),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Category.objects.filter(is_active=True).select_related(*categories.with_lineage())
        self.fields["category"].queryset = rows  # type: ignore[attr-defined]

    @property
    def category_chosen(self) -> Category | None:
        found: Category | None = self.cleaned_data["category"]
        return found

    @property
    def said(self) -> Settings:
        """What somebody said of the case: no rule sets it otherwise."""
        chosen = self.cleaned_data["priority"]
        return Settings(priority=Priority.from_slug(chosen) if chosen else None)

    def case(self) -> NewCase:
        said = self.cleaned_data
        return new_case(
            self.category_chosen,
            brand_id=said["brand"].pk,
            channel=said["channel"],
            language=said["language"],
            tier=said["tier"],
            priority=self.said.priority,
            sender=said["sender"],
            text=f"{said['subject']}\n{said['text']}",
        )


def bound(data: Any) -> RoutingForm:
    """What an address leaves out is what most cases are."""
    first = Brand.objects.values_list("slug", flat=True).first()
    usual = {
        "brand": first or "",
        "channel": Channel.WEB.value,
        "tier": Tier.STANDARD.value,
        "language": "zh-hans",
    }
    return RoutingForm({**usual, **dict(data.items())})
