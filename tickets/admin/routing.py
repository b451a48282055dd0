"""Which new cases go where."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from accounts.choices import Tier
from accounts.models import Team
from helpdesk.lib import clock
from helpdesk.lib.admin import ConfigAdmin
from helpdesk.lib.errors import Invalid
from tickets.actions.tickets import clean_tags
from tickets.choices import Channel, Priority
from tickets.models import Category, RoutingRule, SlaPolicy
from tickets.queries.routing import counts_since, rules
from tickets.queries.routing_words import Names, conditions, does, effects
from tickets.rules.routing import words_of
from tickets.rules.sender_rules import normal_pattern

COUNTED = timedelta(days=30)
MOST_WORDS = 200
MAX_WORD = 100
CONDITIONS = ("brands", "categories", "channels", "languages", "tiers", "priorities", "words", "senders")
EFFECTS = ("team", "priority", "policy", "tags")


def _boxes(choices: Any, name: str, **more: Any) -> forms.TypedMultipleChoiceField:
    field: Any = RoutingRule._meta.get_field(name)
    return forms.TypedMultipleChoiceField(
        choices=choices,
        required=False,
        empty_value=[],
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
        label=capfirst(field.verbose_name),
        **more,
    )


class RuleForm(forms.ModelForm):  # type: ignore[type-arg]
    channels = _boxes(Channel.choices, "channels")
    languages = _boxes(settings.LANGUAGES, "languages")
    tiers = _boxes(Tier.choices, "tiers")
    priorities = _boxes(list(reversed(Priority.choices)), "priorities", coerce=int)
    tags = forms.CharField(
        required=False,
        max_length=600,
        label=capfirst(gettext_lazy("tags")),
        help_text=gettext_lazy("With blanks between them."),
        widget=UnfoldAdminTextInputWidget(),
    )

    class Meta:
        model = RoutingRule
        fields = (
            *("name", "position", "is_active", "ends", "brands", "categories", "channels", "languages"),
            *("tiers", "priorities", "words", "senders", "team", "priority", "policy", "tags"),
        )
        widgets = {
            "brands": UnfoldAdminCheckboxSelectMultipleWidget(),
            "categories": UnfoldAdminCheckboxSelectMultipleWidget(),
            "words": UnfoldAdminTextareaWidget(attrs={"rows": 6}),
            "senders": UnfoldAdminTextareaWidget(attrs={"rows": 6}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["tags"] = " ".join(self.instance.tags)
        if "categories" in self.fields:  # who only looks gets no fields
            self._offer_in_use()

    def _offer_in_use(self) -> None:
        """Categories, teams and policies in use, and those chosen before."""
        rule = self.instance
        chosen = rule.categories.values("pk") if rule.pk else Category.objects.none()
        rows = Category.objects.filter(Q(is_active=True) | Q(pk__in=chosen)).select_related("parent__parent")
        categories: Any = self.fields["categories"]
        categories.queryset = rows
        categories.choices = [(row.pk, _path(row)) for row in sorted(rows, key=_place)]
        teams: Any = self.fields["team"]
        teams.queryset = Team.objects.filter(Q(is_active=True) | Q(pk=rule.team_id))
        policies: Any = self.fields["policy"]
        # The law's policies hold beside the others by themselves: nobody chooses them.
        policies.queryset = SlaPolicy.objects.filter(
            Q(is_active=True, is_statutory=False) | Q(pk=rule.policy_id)
        )
        for name in ("categories", "team", "policy"):
            widget: Any = self.fields[name].widget
            widget.can_add_related = widget.can_change_related = False
            widget.can_view_related = widget.can_delete_related = False

    def clean_words(self) -> str:
        lines = list(
            dict.fromkeys(" ".join(line.split()) for line in self.cleaned_data["words"].splitlines())
        )
        lines = [line for line in lines if line]
        if len(lines) > MOST_WORDS or any(len(line) > MAX_WORD for line in lines):
            words = _("At most %(count)s lines, each of at most %(length)s characters.")
            raise ValidationError(words % {"count": MOST_WORDS, "length": MAX_WORD})
        empty = next((line for line in lines if not words_of(line)), None)
        if empty is not None:
            raise ValidationError(_("“%(line)s” holds nothing to look for.") % {"line": empty})
        return "\n".join(lines)

    def clean_senders(self) -> str:
        found = []
        for number, line in enumerate(self.cleaned_data["senders"].splitlines(), 1):
            if not line.strip():
                continue
            try:
                found.append(normal_pattern(line))
            except ValueError as problem:
                words = _(
                    "Line %(number)s: write an address such as name@example.com, or a domain such as @example.com."
                )
                raise ValidationError(words % {"number": number}) from problem
        if len(found) > MOST_WORDS:
            raise ValidationError(_("At most %(count)s lines.") % {"count": MOST_WORDS})
        return "\n".join(dict.fromkeys(found))

    def clean_tags(self) -> list[str]:
        try:
            return clean_tags(self.cleaned_data["tags"].split())
        except Invalid as problem:
            raise ValidationError([str(text) for text in problem.fields.values()]) from problem

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if self.errors or any(said.get(name) for name in EFFECTS):
            return said
        if not said.get("ends"):
            raise ValidationError(
                _("A rule that sets nothing and ends nothing does nothing: choose what it sets.")
            )
        # With a condition it is "leave these as they are"; without any, every later rule is switched off unseen.
        if not any(said.get(name) for name in CONDITIONS):
            words = _(
                "This would end the asking for every case and set nothing, so that no later rule is ever asked: "
                "say for which cases it is, or what it sets."
            )
            raise ValidationError({"ends": words})
        return said


def _path(category: Category) -> str:
    return " › ".join(node.name for node in reversed([*category.lineage()]))


def _place(category: Category) -> list[tuple[int, str]]:
    return [(node.position, node.slug) for node in reversed([*category.lineage()])]


class RuleList(ChangeList):
    """What a rule asks and does, and how often, are read for the whole page at once."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        names, known = (
            Names.load(),
            {one.rule: one for one in rules(besides=[row.pk for row in self.result_list])},
        )
        counts = counts_since(clock.now() - COUNTED)
        for row in self.result_list:
            row.asks = conditions(known[row.pk], names)
            row.does = effects(does(known[row.pk]), names)
            row.decided = counts.get(row.pk, 0)


@admin.register(RoutingRule)
class RoutingRuleAdmin(ConfigAdmin):
    """In the order of asking."""

    form = RuleForm
    list_display = ("name", "position", "for_which", "sets", "ends", "is_active", "decided_lately")
    list_editable = ("position",)
    sortable_by = ()  # the order is the meaning
    list_filter = ("is_active", "brands", "team")
    list_before_template = "admin/tickets/routingrule/tester_link.html"
    search_fields = ("name", "words", "senders")
    list_per_page = 200
    compressed_fields = False
    fieldsets = (
        (None, {"fields": ("name", ("position", "is_active", "ends"))}),
        (
            gettext_lazy("For which cases"),
            {
                "fields": (
                    ("brands", "categories"),
                    ("channels", "languages"),
                    ("tiers", "priorities"),
                    ("words", "senders"),
                ),
                "description": gettext_lazy("What stays empty asks for nothing."),
            },
        ),
        (gettext_lazy("What it sets"), {"fields": (("team", "priority"), ("policy", "tags"))}),
    )

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return RuleList

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        tester = {"routing_tester": reverse("workspace:routing_tester")}
        return super().changelist_view(request, {**tester, **(extra_context or {})})

    @admin.display(description=gettext_lazy("for which cases"))
    def for_which(self, rule: Any) -> str | SafeString:
        return _lines(rule.asks) or _("every case")

    @admin.display(description=gettext_lazy("sets"))
    def sets(self, rule: Any) -> str | SafeString:
        return _lines(rule.does) or "—"

    @admin.display(description=gettext_lazy("cases in 30 days"))
    def decided_lately(self, rule: Any) -> str:
        return f"{rule.decided:,}"

    def get_fieldsets(self, request: HttpRequest, obj: RoutingRule | None = None) -> Any:
        """Who only looks reads it in words."""
        if self.has_change_permission(request, obj) or obj is None:
            return super().get_fieldsets(request, obj)
        return (
            self.fieldsets[0],
            (_("For which cases"), {"fields": ("conditions_in_words",)}),
            (_("What it sets"), {"fields": ("effects_in_words",)}),
        )

    def get_readonly_fields(self, request: HttpRequest, obj: RoutingRule | None = None) -> Sequence[str]:
        may_change = self.has_change_permission(request, obj)
        return () if may_change else ("conditions_in_words", "effects_in_words")

    @admin.display(description=gettext_lazy("for which cases"))
    def conditions_in_words(self, rule: RoutingRule) -> str | SafeString:
        return _lines(conditions(_value(rule), Names.load())) or _("every case")

    @admin.display(description=gettext_lazy("sets"))
    def effects_in_words(self, rule: RoutingRule) -> str | SafeString:
        return _lines(effects(does(_value(rule)), Names.load())) or "—"


def _value(rule: RoutingRule) -> Any:
    return next(one for one in rules(besides=[rule.pk]) if one.rule == rule.pk)


def _lines(texts: list[str]) -> SafeString:
    return format_html_join(mark_safe("<br>"), "{}", ((text,) for text in texts))  # nosec B308
