"""The form of a policy: what it is for, its promises, its steps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from accounts.choices import Tier
from accounts.models import User
from accounts.rules.capabilities import STAFF_ROLES
from helpdesk.lib.admin import SpanField
from tickets.choices import LASTING_KINDS, Channel, EscalationAct, Priority, TimerKind
from tickets.models import Category, EscalationStep, SlaPolicy, SlaTarget
from tickets.models.sla import PAUSING_STATUSES, waiting_for_customer

#: Which field an act reads; the others are emptied.
NEEDS = {
    EscalationAct.TELL_PERSON.value: "person",
    EscalationAct.ASSIGN.value: "person",
    EscalationAct.MOVE_TO_TEAM.value: "team",
    EscalationAct.ADD_NOTE.value: "text",
    EscalationAct.CALL_WEBHOOK.value: "webhook",
}


def _boxes(choices: Any, name: str, **more: Any) -> forms.TypedMultipleChoiceField:
    """Check boxes for a column that holds a list."""
    field: Any = SlaPolicy._meta.get_field(name)
    return forms.TypedMultipleChoiceField(
        choices=choices,
        required=False,
        empty_value=[],
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
        label=capfirst(field.verbose_name),
        help_text=field.help_text,
        **more,
    )


class PolicyForm(forms.ModelForm):  # type: ignore[type-arg]
    priorities = _boxes(list(reversed(Priority.choices)), "priorities", coerce=int)
    channels = _boxes(Channel.choices, "channels")
    tiers = _boxes(Tier.choices, "tiers")
    pauses_on = _boxes(PAUSING_STATUSES, "pauses_on", initial=waiting_for_customer)

    class Meta:
        model = SlaPolicy
        fields = (
            *("name", "position", "is_active", "is_statutory", "is_for_emergencies"),
            *("brands", "categories", "priorities", "channels", "tiers", "complaints"),
            *("calendar", "pauses_on", "valid_from", "valid_until", "remark"),
        )
        widgets = {
            "brands": UnfoldAdminCheckboxSelectMultipleWidget(),
            "categories": UnfoldAdminCheckboxSelectMultipleWidget(),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "categories" in self.fields:  # who only looks gets no fields
            self._offer_categories(self.fields["categories"])

    def _offer_categories(self, field: Any) -> None:
        """Those in use and those chosen, each below its parent."""
        chosen = self.instance.categories.values("pk") if self.instance.pk else Category.objects.none()
        rows = Category.objects.filter(Q(is_active=True) | Q(pk__in=chosen)).select_related("parent__parent")
        field.queryset = rows
        field.choices = [(row.pk, _path(row)) for row in sorted(rows, key=_place)]
        field.widget.can_add_related = False

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("is_statutory") and said.get("pauses_on"):
            self.add_error("pauses_on", _("A clock that the law sets never stands still: choose no pause."))
        begins, ends = said.get("valid_from"), said.get("valid_until")
        if begins and ends and begins >= ends:
            self.add_error("valid_until", _("The end must lie after the beginning."))
        return said


def _path(category: Category) -> str:
    return " › ".join(node.name for node in reversed([*category.lineage()]))


def _place(category: Category) -> list[tuple[int, str]]:
    return [(node.position, node.slug) for node in reversed([*category.lineage()])]


class TargetForm(forms.ModelForm):  # type: ignore[type-arg]
    minutes = SpanField(
        least=1,
        label=capfirst(gettext_lazy("within")),
        help_text=gettext_lazy("30m, 4h, 2h 30m, 15d, 8w; 1d is 24 hours."),
    )

    class Meta:
        model = SlaTarget
        fields = ("kind", "priority", "minutes", "counting")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "priority" in self.fields:
            priority: Any = self.fields["priority"]
            priority.choices = [("", _("every priority")), *reversed(Priority.choices)]


class RowsFormSet(forms.BaseInlineFormSet):  # type: ignore[type-arg]
    def rows(self) -> Iterator[Any]:
        """The forms that will stay, filled in and right so far."""
        for form in self.forms:
            if form.is_valid() and form.cleaned_data and not form.cleaned_data.get("DELETE"):
                yield form

    def complain(self, form: Any, field: str, text: str) -> None:
        form.add_error(field, text)
        raise forms.ValidationError(text)


class TargetFormSet(RowsFormSet):
    def validate_unique(self) -> None:
        """Said by ``clean``, at the row."""

    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        found: dict[tuple[int | None, str], Any] = {}
        for form in self.rows():
            key = (form.cleaned_data["priority"], form.cleaned_data["kind"])
            if key in found:
                self.complain(form, "priority", _("This is promised twice for the same priority."))
            if self.instance.is_statutory and key[1] not in LASTING_KINDS:
                words = _("The law's clocks run from the opening: choose the first reply or the solution.")
                self.complain(form, "kind", words)
            found[key] = form
        for priority in Priority:
            self._check_order(priority, found)

    def _check_order(self, priority: Priority, found: dict[tuple[int | None, str], Any]) -> None:
        """As it holds for the priority: its own targets, or those for every one."""
        first, whole = (
            found.get((priority, kind)) or found.get((None, kind))
            for kind in (TimerKind.FIRST_RESPONSE, TimerKind.RESOLUTION)
        )
        if first is None or whole is None:
            return
        reply, solution = first.cleaned_data, whole.cleaned_data
        # Working time cannot be compared with time on the clock.
        if reply["counting"] == solution["counting"] and reply["minutes"] > solution["minutes"]:
            words = _("Priority %(priority)s: the first reply is promised for later than the solution.")
            self.complain(first, "minutes", words % {"priority": priority.label})


class StepForm(forms.ModelForm):  # type: ignore[type-arg]
    after_minutes = SpanField(
        required=False,
        label=capfirst(gettext_lazy("so long after the due time")),
        help_text=gettext_lazy("30m, 4h, 1d; empty: at the due time itself."),
    )

    class Meta:
        model = EscalationStep
        fields = ("kind", "at_percent", "after_minutes", "act", "person", "team", "webhook", "text")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Nothing rather than "0m" beside a share of the time.
        self.initial["after_minutes"] = self.initial.get("after_minutes") or None
        if "person" in self.fields:
            # Who has left stays in the list, so that the page can say so.
            staff = Q(is_active=True, role__in=STAFF_ROLES) | Q(pk=self.instance.person_id)
            self.fields["person"].queryset = User.objects.filter(staff)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        said["after_minutes"] = said.get("after_minutes") or 0
        if said.get("at_percent") and said["after_minutes"]:
            self.add_error("after_minutes", _("Either a share of the time, or so long after the due time."))
        needed = NEEDS.get(said.get("act") or "")
        for name in {*NEEDS.values()} - {needed}:
            said[name] = "" if name == "text" else None
            self.errors.pop(name, None)
        person = said.get("person")
        if person is not None and not (person.is_active and person.role in STAFF_ROLES):
            words = _("%(name)s does not work here any more: choose somebody else.")
            self.add_error("person", words % {"name": person.display_name})
        return said


class StepFormSet(RowsFormSet):
    """Pick lists are read once for all rows."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        for name in ("person", "team", "webhook"):
            if name in form.fields:
                self._share(form, name)

    def _share(self, form: Any, name: str) -> None:
        kept: dict[str, list[Any]] = self.__dict__.setdefault("_kept", {})
        field = form.fields[name]
        if name not in kept:
            rows = (
                User.objects.filter(is_active=True, role__in=STAFF_ROLES)
                if name == "person"
                else field.queryset
            )
            kept[name] = [(row.pk, str(row)) for row in rows]
        own = getattr(form.instance, f"{name}_id")
        more = []
        if own is not None and own not in dict(kept[name]):
            more = [(own, str(getattr(form.instance, name)))]
        field.choices = [("", "---------"), *kept[name], *more]
