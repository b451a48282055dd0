"""Promises about time, and what happens when one is broken."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import StackedInline
from unfold.decorators import action

from helpdesk.lib import clock
from helpdesk.lib.admin import ConfigAdmin, LinesInline
from tickets.admin.sla_forms import PolicyForm, StepForm, StepFormSet, TargetForm, TargetFormSet
from tickets.admin.sla_versions import VersionForm, make_version
from tickets.models import EscalationStep, SlaPolicy, SlaTarget
from tickets.queries import policies_in_use
from tickets.queries.policy_words import Names, conditions, in_short
from tickets.queries.promises import policies


class TargetInline(LinesInline):
    model = SlaTarget
    form = TargetForm
    formset = TargetFormSet
    extra = 0
    hide_title = True
    verbose_name = gettext_lazy("promise")
    verbose_name_plural = gettext_lazy("Promises")


class StepInline(StackedInline):  # type: ignore[misc]
    model = EscalationStep
    form = StepForm
    formset = StepFormSet
    extra = 0
    verbose_name = gettext_lazy("step")
    verbose_name_plural = gettext_lazy("What happens on the way")
    fields = (("kind", "at_percent", "after_minutes"), ("act", "person", "team", "webhook"), "text")


class PolicyList(ChangeList):
    """What a policy asks and promises, and its clocks, are read for the whole page at once."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        names = Names.load(get_current_timezone())
        pks = [row.pk for row in self.result_list]
        terms = {one.policy: one for one in policies(besides=pks)}
        clocks = policies_in_use.going_clocks(pks)
        for row in self.result_list:
            row.asks = conditions(terms[row.pk], names)
            row.promised = in_short(terms[row.pk].targets)
            row.clocks = clocks[row.pk]


@admin.register(SlaPolicy)
class SlaPolicyAdmin(ConfigAdmin):
    """In the order of asking. A policy under which a clock was ever set stays: it is switched off."""

    form = PolicyForm
    inlines = (TargetInline, StepInline)
    list_display = (*("name", "position", "for_which", "promises", "law", "is_active", "clocks_going"),)
    list_editable = ("position",)
    sortable_by = ()  # the order is the meaning
    list_filter = ("is_active", "is_statutory", "brands", "complaints")
    list_before_template = "admin/tickets/slapolicy/warnings.html"
    search_fields = ("name", "remark")
    list_per_page = 200
    compressed_fields = False  # labels above: there is room for several fields in a line
    actions_detail = ("new_version",)
    fieldsets = (
        (None, {"fields": ("name", ("position", "is_active", "is_statutory", "is_for_emergencies"))}),
        (
            gettext_lazy("For which cases"),
            {"fields": (("brands", "categories"), ("priorities", "channels"), ("tiers", "complaints"))},
        ),
        (gettext_lazy("Hours and pauses"), {"fields": (("calendar", "pauses_on"),)}),
        (gettext_lazy("Validity and remark"), {"fields": (("valid_from", "valid_until"), "remark")}),
    )

    class Media:
        css = {"all": ("css/policy-form.css",)}
        js = ("js/policy-form.js",)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return PolicyList

    @admin.display(description=gettext_lazy("for which cases"))
    def for_which(self, policy: Any) -> str | SafeString:
        return _lines(policy.asks) or _("every case")

    @admin.display(description=gettext_lazy("promises"))
    def promises(self, policy: Any) -> str | SafeString:
        return _lines(policy.promised)

    @admin.display(description=gettext_lazy("required by law"))
    def law(self, policy: SlaPolicy) -> str:
        return _("by law") if policy.is_statutory else ""

    @admin.display(description=gettext_lazy("clocks going"))
    def clocks_going(self, policy: Any) -> str:
        return policies_in_use.count_in_words(policy.clocks)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        warned = {"policy_warnings": policies_in_use.warnings(policies(), clock.now())}
        return super().changelist_view(request, {**warned, **(extra_context or {})})

    def get_fieldsets(self, request: HttpRequest, obj: SlaPolicy | None = None) -> Any:
        """Who only looks reads the conditions in words."""
        if self.has_change_permission(request, obj) or obj is None:
            return super().get_fieldsets(request, obj)
        who, _conditions, *rest = self.fieldsets
        return (who, (_("For which cases"), {"fields": ("conditions_in_words",)}), *rest)

    def get_readonly_fields(self, request: HttpRequest, obj: SlaPolicy | None = None) -> Sequence[str]:
        return ("conditions_in_words",) if not self.has_change_permission(request, obj) else ()

    @admin.display(description=gettext_lazy("for which cases"))
    def conditions_in_words(self, policy: SlaPolicy) -> str | SafeString:
        terms = next(one for one in policies(besides=[policy.pk]) if one.policy == policy.pk)
        names = Names.load(get_current_timezone())
        return _lines(conditions(terms, names)) or _("every case")

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, obj: SlaPolicy | None = None, **kwargs: Any
    ) -> Any:
        context["zone"] = str(get_current_timezone())
        if obj is not None:
            going = policies_in_use.going_clocks([obj.pk])[obj.pk]
            context |= {
                "going": going,
                "going_in_words": policies_in_use.count_in_words(going),
                "was_used": policies_in_use.was_ever_used(obj.pk),
                "newer": obj.replaced_by.order_by("valid_from").last(),
            }
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    # Deleting

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        found = super().get_actions(request)
        return {name: rest for name, rest in found.items() if name != "delete_selected"}

    def has_delete_permission(self, request: HttpRequest, obj: SlaPolicy | None = None) -> bool:
        unused = obj is None or not policies_in_use.must_stay(obj.pk)
        return unused and super().has_delete_permission(request, obj)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        """Told, rather than refused without a word: an old page may still show the button."""
        policy = self.get_object(request, object_id)
        may = super().has_delete_permission(request, policy)
        if policy is not None and may and not self.has_delete_permission(request, policy):
            told = _("Clocks were set under “%(name)s”, so it stays. Switch it off instead.")
            messages.error(request, told % {"name": policy.name})
            return HttpResponseRedirect(_address(policy))
        return super().delete_view(request, object_id, extra_context)

    # Versions

    def has_new_version_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return bool(self.has_change_permission(request))

    @action(  # type: ignore[untyped-decorator]
        description=gettext_lazy("New version from …"), permissions=["new_version"], url_path="new-version"
    )
    def new_version(self, request: HttpRequest, object_id: str) -> Any:
        policy = self.get_object(request, object_id)
        if policy is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        form = VersionForm(request.POST or None)
        made = make_version(form, policy, request.user) if request.method == "POST" else None
        if made is not None:
            told = _(
                "This is the new version; change what differs. The old one holds for cases opened before."
            )
            messages.success(request, told)
            return HttpResponseRedirect(_address(made))
        title = _("New version of “%(name)s”") % {"name": policy.name}
        context = self.admin_site.each_context(request)
        context |= {
            "title": title,
            "opts": self.opts,
            "form": form,
            "policy": policy,
            "back": _address(policy),
        }
        return TemplateResponse(
            request, "admin/tickets/slapolicy/new_version.html", context, status=422 if form.errors else 200
        )


def _address(policy: SlaPolicy) -> str:
    return reverse("admin:tickets_slapolicy_change", args=[policy.pk])


def _lines(texts: list[str]) -> SafeString:
    return format_html_join(mark_safe("<br>"), "{}", ((text,) for text in texts))  # nosec B308
