"""An imagined case, as it stands in the address."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.choices import Tier
from accounts.models import Brand, Team
from helpdesk.lib import clock
from tickets.choices import Channel, Priority
from tickets.models import Category, SlaPolicy
from tickets.queries import categories
from tickets.queries.calendars import years_around
from tickets.rules.policies import Case

FORMAT = "%Y-%m-%dT%H:%M"
AS_CATEGORY = pgettext_lazy("choice", "as the category says")


class CategoryChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return " › ".join(node.name for node in reversed([*obj.lineage()]))


class TesterForm(forms.Form):
    """``case`` and ``zone`` are there once it is valid."""

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
    priority = forms.ChoiceField(
        choices=[("", AS_CATEGORY), *((level.slug, level.label) for level in reversed(Priority))],
        required=False,
        label=gettext_lazy("Priority"),
    )
    channel = forms.ChoiceField(choices=Channel.choices, label=gettext_lazy("Way in"))
    tier = forms.ChoiceField(choices=Tier.choices, label=gettext_lazy("Customer tier"))
    complaint = forms.ChoiceField(
        choices=[
            ("", AS_CATEGORY),
            ("yes", gettext_lazy("a complaint")),
            ("no", gettext_lazy("no complaint")),
        ],
        required=False,
        label=gettext_lazy("Complaint"),
    )
    team = forms.ModelChoiceField(
        Team.objects.filter(is_active=True),
        to_field_name="slug",
        required=False,
        empty_label=AS_CATEGORY,
        label=gettext_lazy("Team"),
    )
    chosen = forms.ModelChoiceField(
        SlaPolicy.objects.filter(is_active=True, is_statutory=False),
        required=False,
        empty_label=pgettext_lazy("choice", "none"),
        label=gettext_lazy("Chosen by a routing rule"),
    )
    opened_at = forms.CharField(
        required=False,
        max_length=40,
        label=gettext_lazy("Opened at"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Category.objects.filter(is_active=True).select_related(*categories.with_lineage())
        self.fields["category"].queryset = rows  # type: ignore[attr-defined]
        for name, field in self.fields.items():
            field.widget.attrs |= {"aria-describedby": f"help-{name}"} if name == "opened_at" else {}

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        brand = said.get("brand")
        self.zone = ZoneInfo(brand.time_zone) if brand else ZoneInfo("UTC")
        if brand is not None:
            said["opened_at"] = self._moment(str(said.get("opened_at") or ""), self.zone)
        return said

    def _moment(self, text: str, zone: ZoneInfo) -> datetime | None:
        """A wall-clock time in the brand's zone; now where none was given."""
        if not text:
            return clock.now().replace(second=0, microsecond=0)
        try:
            local = parse_datetime(text)
        except ValueError:
            local = None
        if local is None or local.tzinfo is not None:
            self.add_error("opened_at", _("Enter a day and a time, such as 2026-10-02 17:40."))
            return None
        years = years_around(clock.now().year)
        if not years[0] < local.year < years[-1]:
            words = _(
                "Choose a year from %(first)s to %(last)s: of others the public holidays are not known."
            )
            self.add_error("opened_at", words % {"first": years[0] + 1, "last": years[-1] - 1})
            return None
        moment = local.replace(tzinfo=zone).astimezone(UTC)
        if moment.astimezone(zone).replace(tzinfo=None) != local:
            self.add_error("opened_at", _("There was no such time: clocks went forward over it."))
            return None
        return moment

    @property
    def category_chosen(self) -> Category | None:
        found: Category | None = self.cleaned_data["category"]
        return found

    def case(self) -> Case:
        said, category = self.cleaned_data, self.category_chosen
        route = categories.route_of(category)
        if said["priority"]:
            priority = Priority.from_slug(said["priority"])
        else:
            priority = Priority(route.priority or Priority.NORMAL)
        complaint = said["complaint"] == "yes" if said["complaint"] else categories.is_complaint(category)
        return Case(
            brand=said["brand"].pk,
            categories=frozenset(node.pk for node in category.lineage()) if category else frozenset(),
            priority=priority,
            channel=said["channel"],
            tier=said["tier"],
            is_complaint=complaint,
            opened_at=said["opened_at"],
            chosen=said["chosen"].pk if said["chosen"] else None,
        )

    def team_meant(self) -> Team | None:
        chosen: Team | None = self.cleaned_data["team"]
        return chosen or categories.team_of(self.category_chosen)


def bound(data: Any) -> TesterForm:
    """What an address leaves out is what most cases are."""
    first = Brand.objects.values_list("slug", flat=True).first()
    usual = {"brand": first or "", "channel": Channel.WEB.value, "tier": Tier.STANDARD.value}
    said = {**usual, **dict(data.items())}
    return TesterForm(said)
